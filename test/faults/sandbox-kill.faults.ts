import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rows } from '../harness.js';
import { SandboxProcess, sandboxKey } from '../soak/sandbox-process.js';
import { bin } from '../soak/watched-command.js';
import { TempFolder } from '../temp-folder.js';

const transports = ['rest', 'grpc'] as const;
const perTransport = 5000;

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<string>;
  /** Lines that it has printed so far. */
  readonly lines: () => number;
}

function start(words: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(process.execPath, [bin, ...words, '--rps', '0', '-q'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  return {
    child,
    ended: once(child, 'close').then(() => stdout),
    lines: () => stdout.split('\n').length - 1,
  };
}

test('a sandbox killed while clients add 10,000 inputs over REST and gRPC keeps what it acknowledged, once', async (t) => {
  const { path: root } = new TempFolder(t);
  const home = { PATH: process.env['PATH'], HOME: root, XDG_CONFIG_HOME: root, XDG_DATA_HOME: root };
  const sandbox = new SandboxProcess(join(root, 'state'), home);
  t.after(() => sandbox.end('SIGKILL'));
  await sandbox.start(['--latency', '20']);
  const env = { ...home, CLARIFAI_API_BASE: sandbox.url, CLARIFAI_PAT: sandboxKey };
  const wordsOf = (transport: string): readonly string[] => {
    const list = join(root, `${transport}.txt`);
    const url = (index: number): string => `https://example.com/${transport}/${index}.jpg\n`;
    writeFileSync(list, Array.from({ length: perTransport }, (_, index) => url(index)).join(''));
    return ['add', '--url-list', list, '--transport', transport, '--no-wait', '-o', 'ndjson', '--retries', '0'];
  };
  const clients = transports.map((transport) => start(wordsOf(transport), env));
  while (clients.some(({ lines }) => lines() < 1000)) {
    assert.ok(clients.every(({ child }) => child.exitCode === null));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await sandbox.end('SIGKILL');
  const printed = await Promise.all(clients.map(({ ended }) => ended));
  const acknowledged = printed.flatMap(rows).flatMap(({ id, outcome }) => (outcome === 'pending' ? [String(id)] : []));
  assert.ok(acknowledged.length >= 2000 && acknowledged.length < 2 * perTransport, String(acknowledged.length));

  await sandbox.start();
  const idsNow = async (): Promise<readonly string[]> =>
    (await start(['list', '--all', '-o', 'ids'], env).ended).trim().split('\n');
  const kept = new Set(await idsNow());
  assert.deepEqual(
    acknowledged.filter((id) => !kept.has(id)),
    [],
  );
  await Promise.all(transports.map((transport) => start(wordsOf(transport), env).ended));
  const all = await idsNow();
  assert.deepEqual([all.length, new Set(all).size], [2 * perTransport, 2 * perTransport]);
});
