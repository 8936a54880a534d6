import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { noFaults, startSandbox } from '../../src/sandbox/server.js';
import { TempFolder } from '../temp-folder.js';
import { writeImages } from '../tiny-images.js';

const program = fileURLToPath(new URL('sdk.cjs', import.meta.url));
/** The SDK and what it depends on are 120 MB, which only this test needs. */
const cache = fileURLToPath(new URL('../../node_modules/.cache/vendor-sdk', import.meta.url));

test("the vendor's SDK uploads to the sandbox, waits until all is processed, and patches", async (t) => {
  if (!existsSync(join(cache, 'node_modules'))) {
    mkdirSync(cache, { recursive: true });
    const args = ['install', '--prefix', cache, '--ignore-scripts', '--no-audit', '--no-fund', 'clarifai-nodejs@0.4.0'];
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const { path } = new TempFolder(t);
  writeImages(join(path, 'in'), 6);
  const sandbox = await startSandbox({
    key: 'key',
    dataDir: undefined,
    port: 0,
    indexMs: 300,
    deleteMs: 0,
    fetchUrls: false,
    deleteAll: false,
    faults: noFaults,
    now: Date.now,
  });
  t.after(() => sandbox.close());
  const env = { ...process.env, NODE_PATH: join(cache, 'node_modules') };
  await promisify(execFile)(process.execPath, [program, sandbox.url, join(path, 'in')], { env });
  const headers = { authorization: 'Key key' };
  const answer = await fetch(`${sandbox.url}/v2/users/me/apps/sdk/inputs?per_page=100`, { headers });
  const text = await answer.text();
  assert.equal([...text.matchAll(/"id":"(file|url)\d"/g)].length, 9);
  assert.equal([...text.matchAll(/"code":30000/g)].length, 9);
  assert.match(text, /"more"/);
});
