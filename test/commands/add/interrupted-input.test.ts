import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import { Interrupt, openWorld } from '../../harness.js';
import { MemoryInput } from '../../memory-streams.js';

/** An input that never comes; once somebody waits for it, the command is interrupted. */
function silentInput(interrupt: Interrupt): MemoryInput {
  const input = new MemoryInput(undefined, true);
  input.on('newListener', (event) => {
    if (event === 'readable')
      setImmediate(() => {
        interrupt.press('SIGTERM');
      });
  });
  return input;
}

for (const words of [
  ['add', '-'],
  ['add', '--manifest', '-'],
  ['add', '--url-list', '-'],
  ['get', '-'],
  ['rm', '-', '--yes'],
  ['patch', '--from', '-'],
]) {
  test(`${words.join(' ')} ends when it is interrupted while its input is awaited`, async (t) => {
    const world = await openWorld(t);
    const interrupt = new Interrupt();
    const { code } = await world.cli(words, { input: silentInput(interrupt), interrupt });
    assert.equal(code, 143);
  });
}

test('a FIFO that nobody writes to is let go of when the command is interrupted', async (t) => {
  const world = await openWorld(t);
  execFileSync('mkfifo', [join(world.dir, 'fifo')]);
  const interrupt = new Interrupt();
  const ended = world.cli(['add', '--manifest', 'fifo'], { interrupt });
  // nothing that happens while a FIFO is awaited can be seen from outside
  setTimeout(() => {
    interrupt.press('SIGTERM');
  }, 200);
  assert.equal((await ended).code, 143);
});
