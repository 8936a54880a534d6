import assert from 'node:assert/strict';
import test from 'node:test';
import { createThrottle } from '../../src/api/throttle.js';
import { InterruptedError } from '../../src/errors.js';
import { FakeClock } from '../fake-clock.js';

const { signal } = new AbortController();
const foreground = { background: false, signal };
const background = { background: true, signal };

/** When each of so many requests, all asked for now, got its turn: ms from now. */
async function turnsOf(throttle: ReturnType<typeof createThrottle>, clock: FakeClock, count: number) {
  const startMs = clock.now();
  const turns = Array.from({ length: count }, async () => {
    await throttle.turn(foreground);
    return Math.round(clock.now() - startMs);
  });
  return await Promise.all(turns);
}

test('requests are spaced evenly, without a burst', async () => {
  const clock = new FakeClock();
  assert.deepEqual(await turnsOf(createThrottle(10, clock), clock, 5), [0, 100, 200, 300, 400]);
});

test('time that went by unused is not saved up for a burst', async () => {
  const clock = new FakeClock();
  const throttle = createThrottle(10, clock);
  await throttle.turn(foreground);
  clock.advance(60_000);
  assert.deepEqual(await turnsOf(throttle, clock, 3), [0, 100, 200]);
});

test('a rate of 0 is no limit', async () => {
  const clock = new FakeClock();
  assert.deepEqual(await turnsOf(createThrottle(0, clock), clock, 3), [0, 0, 0]);
  assert.deepEqual(clock.sleeps, []);
});

test('the rate is halved by each refusal, down to one request in two seconds', async () => {
  const clock = new FakeClock();
  const throttle = createThrottle(10, clock);
  throttle.slowDown();
  assert.deepEqual(await turnsOf(throttle, clock, 3), [0, 200, 400]);
  for (let refusals = 0; refusals < 20; refusals += 1) throttle.slowDown();
  clock.advance(10_000);
  assert.deepEqual(await turnsOf(throttle, clock, 3), [0, 2000, 4000]);
});

test('a rate that is below the slowest by choice is not raised by a refusal', async () => {
  const clock = new FakeClock();
  const throttle = createThrottle(0.1, clock);
  throttle.slowDown();
  assert.deepEqual(await turnsOf(throttle, clock, 2), [0, 10_000]);
});

test('answers bring the rate back to the full one, and not beyond', async () => {
  const clock = new FakeClock();
  const throttle = createThrottle(10, clock);
  throttle.slowDown();
  for (let answers = 0; answers < 5; answers += 1) throttle.speedUp();
  assert.deepEqual(await turnsOf(throttle, clock, 2), [0, Math.round(1000 / 6)]);
  for (let answers = 0; answers < 100; answers += 1) throttle.speedUp();
  clock.advance(10_000);
  assert.deepEqual(await turnsOf(throttle, clock, 2), [0, 100]);
});

test('polls let every other request go first', async () => {
  const clock = new FakeClock();
  const throttle = createThrottle(10, clock);
  const order: string[] = [];
  const ask = async (name: string, options: typeof foreground): Promise<void> => {
    await throttle.turn(options);
    order.push(name);
  };
  await Promise.all([
    ask('first', foreground),
    ask('poll 1', background),
    ask('poll 2', background),
    ask('post 1', foreground),
    ask('post 2', foreground),
  ]);
  assert.deepEqual(order, ['first', 'post 1', 'post 2', 'poll 1', 'poll 2']);
});

test('a request that is called off leaves the queue at once and takes no turn', async () => {
  const clock = new FakeClock();
  const throttle = createThrottle(10, clock);
  const stopping = new AbortController();
  const reason = new InterruptedError('SIGINT');
  await throttle.turn(foreground);
  const startMs = clock.now();
  const off = throttle.turn({ background: false, signal: stopping.signal });
  const after = throttle.turn(foreground);
  stopping.abort(reason);
  await assert.rejects(off, reason);
  await after;
  assert.equal(clock.now() - startMs, 100);
  await assert.rejects(throttle.turn({ background: false, signal: stopping.signal }), reason);
});
