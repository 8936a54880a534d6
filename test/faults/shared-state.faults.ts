import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openState } from '../../src/sandbox/state/open-state.js';
import { TempFolder } from '../temp-folder.js';

const writers = 4;
const writesEach = 12;
const rounds = 500;

/** Opens the state in each directory that it is told, writes as a sandbox does, and closes it. */
const writer = `
  import { openState } from ${JSON.stringify(new URL('../../dist/sandbox/state/open-state.js', import.meta.url))};
  process.on('message', async ({ directory, name }) => {
    const { store } = await openState(directory);
    for (let write = 0; write < ${writesEach}; write += 1) {
      store.settle(0);
      const key = name + '/' + write;
      store.write(() => {
        store.order.put(key, 'v'.repeat(400));
        store.byInProgress.put(key, 'v'.repeat(400));
      });
    }
    await store.close();
    process.send('written');
  });`;

async function write(child: ChildProcess, directory: string, name: string): Promise<unknown> {
  child.send({ directory, name });
  return Promise.race([
    once(child, 'message').then(([said]: unknown[]) => said),
    once(child, 'exit').then(([code, signal]: unknown[]) => code ?? signal),
  ]);
}

test('processes that make one state at the same time neither crash nor lose what they write', async (t) => {
  const folder = new TempFolder(t);
  const children = Array.from({ length: writers }, () => fork(folder.write('writer.mjs', writer)));
  t.after(() => {
    for (const child of children) child.kill('SIGKILL');
  });
  for (let round = 0; round < rounds; round += 1) {
    const directory = join(folder.path, String(round));
    mkdirSync(directory);
    const ends = await Promise.all(children.map((child, index) => write(child, directory, `writer-${index}`)));
    assert.deepEqual(new Set(ends), new Set(['written']), `round ${round}`);
    const { store } = await openState(directory);
    for (const table of [store.order, store.byInProgress]) {
      assert.equal(table.count({ from: 'writer', to: 'writes' }), writers * writesEach, `round ${round}`);
    }
    await store.close();
  }
});
