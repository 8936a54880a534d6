import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { noFaults, startSandbox } from '../src/sandbox/server.js';
import { isList, isObject } from '../src/wire/json.js';
import { rows, testKey } from './harness.js';
import { RecordingProxy } from './recording-proxy.js';
import { TempFolder } from './temp-folder.js';

// The line of examples/README.md is run as it is printed, on the built program
const page = readFileSync(new URL('examples/README.md', import.meta.url), 'utf8');
const bin = fileURLToPath(new URL('../bin/clarifai-inputs.js', import.meta.url));
const printed = page.split('\n').filter((line) => line.startsWith('parallel '));

const version = spawnSync('parallel', ['--version'], { encoding: 'utf8' });
// moreutils has another program of this name
const hasParallel = version.error === undefined && version.stdout.startsWith('GNU parallel');

const skip = hasParallel ? false : 'GNU parallel is not installed';

test(
  'with GNU parallel, four processes share a list as printed: each row is sent by one of them',
  { skip },
  async (t) => {
    const [line] = printed;
    assert.ok(line !== undefined && printed.length === 1, 'the page prints one line');
    const folder = new TempFolder(t);
    const ids = Array.from({ length: 300 }, (_, index) => `row-${index}`);
    const list = ids.map((id) => JSON.stringify({ id, url: `https://example.com/${id}.jpg` }));
    folder.write('rows.ndjson', `${list.join('\n')}\n`);
    mkdirSync(join(folder.path, 'bin'));
    symlinkSync(bin, join(folder.path, 'bin', 'clarifai-inputs'));
    const sandbox = await startSandbox({
      key: testKey,
      dataDir: undefined,
      port: 0,
      indexMs: 0,
      deleteMs: 0,
      fetchUrls: false,
      deleteAll: true,
      faults: noFaults,
      now: Date.now,
    });
    t.after(() => sandbox.close());
    const proxy = new RecordingProxy(sandbox.url);
    await proxy.start(t);
    const child = spawn('sh', ['-c', line], {
      cwd: folder.path,
      env: {
        PATH: `${join(folder.path, 'bin')}:${process.env['PATH'] ?? ''}`,
        HOME: folder.path,
        CLARIFAI_PAT: testKey,
        CLARIFAI_API_BASE: proxy.url,
      },
    });
    t.after(() => child.kill('SIGKILL'));
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
    const code = await once(child, 'close').then(([exitCode]: unknown[]) => exitCode);
    assert.equal(code, 0, await stderr);
    const sent = proxy.requests.filter(({ method }) => method === 'POST').map(({ json }) => idsIn(json));
    assert.deepEqual(sent.flat().sort(), [...ids].sort());
    assert.ok(sent.length >= 4, `${sent.length} requests`);
    const records = rows(await stdout);
    assert.deepEqual(new Set(records.map(({ outcome }) => outcome)), new Set(['added']));
    assert.equal(records.length, ids.length);
  },
);

function idsIn(json: unknown): readonly string[] {
  const inputs = isObject(json) ? json['inputs'] : undefined;
  return isList(inputs)
    ? inputs.flatMap((input) => (isObject(input) && typeof input['id'] === 'string' ? [input['id']] : []))
    : [];
}
