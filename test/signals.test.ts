import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TempFolder } from './temp-folder.js';

const bin = fileURLToPath(new URL('../bin/clarifai-inputs.js', import.meta.url));

/** Half a second is what a person waits; this much is for a machine that has other work. */
const longestMs = 8000;
/** More than a pipe holds: once it is written, somebody reads. */
const blanks = '\n'.repeat(2_000_000);

/** What each command can wait for: its standard input, and a file that somebody may write to later. */
const onStdin = [
  ['add', '-'],
  ['add', '--url-list', '-'],
  ['add', '--files-from', '-'],
  ['add', '--manifest', '-'],
  ['get', '-'],
  ['status', '-'],
  ['patch', '-', '-c', 'dog'],
  ['patch', '--from', '-'],
  ['rm', '-', '--yes'],
  ['config', 'set', 'api-key', '-'],
];
const onFifo = [
  ['add', '--url-list', 'fifo'],
  ['add', '--files-from', 'fifo'],
  ['add', '--manifest', 'fifo'],
  ['patch', '--from', 'fifo'],
  ['add', 'https://x.test/a.jpg', '--metadata', '@fifo'],
  ['patch', 'a', '--metadata', '@fifo'],
  ['list', '--api-key-file', 'fifo'],
  ['list', '--ca-cert', 'fifo'],
];

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function start(t: TestContext, folder: TempFolder, words: readonly string[]): Child {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder.path,
    XDG_DATA_HOME: folder.path,
    XDG_CONFIG_HOME: folder.path,
  };
  const hasOwnService = words[0] === 'config' || words.includes('--api-key-file');
  const sandbox = hasOwnService ? [] : ['--sandbox'];
  const child = spawn(bin, [...words, ...sandbox], { env, cwd: folder.path, stdio: 'pipe' });
  child.stdin.on('error', () => undefined);
  for (const stream of [child.stdout, child.stderr]) stream.resume();
  t.after(() => child.kill('SIGKILL'));
  return child;
}

/** Sends a signal; tells how the process ended, or that it did not. */
async function endBy(child: Child, signal: NodeJS.Signals): Promise<unknown> {
  const over = new AbortController();
  const timer = setTimeout(() => {
    over.abort();
  }, longestMs);
  const exit = once(child, 'exit', { signal: over.signal }).catch(() => ['still there']);
  child.kill(signal);
  const [code] = await exit;
  clearTimeout(timer);
  return code;
}

for (const words of onStdin) {
  test(`${words.join(' ')} ends at the first signal while its input is awaited`, async (t) => {
    const folder = new TempFolder(t);
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const child = start(t, folder, words);
      await new Promise((resolve) => child.stdin.write(blanks, resolve));
      assert.equal(await endBy(child, signal), code, signal);
    }
  });
}

for (const words of onFifo) {
  test(`${words.join(' ')} ends at the first signal while a FIFO is silent`, async (t) => {
    const folder = new TempFolder(t);
    execFileSync('mkfifo', [join(folder.path, 'fifo')]);
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const child = start(t, folder, words);
      const writer: FileHandle = await open(join(folder.path, 'fifo'), 'w');
      try {
        await writer.write(blanks);
        assert.equal(await endBy(child, signal), code, signal);
      } finally {
        await writer.close();
      }
    }
  });
}
