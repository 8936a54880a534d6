import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import type { Clock } from '../../../src/context.js';
import type { Step } from '../../../src/core/model/steps.js';
import { markPauses } from '../../../src/core/sources/pauses.js';
import { FakeClock } from '../../fake-clock.js';

const step: Step = { at: 'notice', notice: 'empty', source: 'x' };

/** Steps that each let some turns of the event loop pass before them. */
async function* stepsAfter(turns: readonly number[]): AsyncGenerator<Step> {
  for (const count of turns) {
    for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    yield step;
  }
}

async function marked(turns: readonly number[], clock: Clock): Promise<readonly Step['at'][]> {
  const at: Step['at'][] = [];
  for await (const each of markPauses(stepsAfter(turns), clock)) at.push(each.at);
  return at;
}

/** Time in which nothing ever takes a second. */
const longSecond: Clock = {
  now: () => 0,
  async sleep(_, signal) {
    if (signal !== undefined) await once(signal, 'abort');
  },
};

test('a list that is silent for a second has paused, once for each silence', async () => {
  const clock = new FakeClock();
  assert.deepEqual(await marked([0, 20, 0, 20], clock), ['notice', 'pause', 'notice', 'notice', 'pause', 'notice']);
  assert.deepEqual([...new Set(clock.sleeps)], [1000]);
});

test('a list whose sources come within a second has no pause', async () => {
  assert.deepEqual(await marked([0, 20, 5, 0], longSecond), ['notice', 'notice', 'notice', 'notice']);
});

test('before the first source there is no pause', async () => {
  assert.deepEqual(await marked([20, 0], new FakeClock()), ['notice', 'notice']);
});

test('sources that are at hand start no timer', async () => {
  const clock = new FakeClock();
  await marked([0, 0, 0], clock);
  assert.deepEqual(clock.sleeps, []);
});

test('a reader that stops early closes the list', async () => {
  let isClosed = false;
  const list = async function* (): AsyncGenerator<Step> {
    try {
      yield* stepsAfter([0, 0]);
    } finally {
      isClosed = true;
    }
  };
  for await (const each of markPauses(list(), new FakeClock())) if (each.at === 'notice') break;
  assert.ok(isClosed);
});
