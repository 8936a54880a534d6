import assert from 'node:assert/strict';
import test from 'node:test';
import { createThrottle, type Throttle } from '../../../src/api/policy/throttle.js';
import { InterruptedError } from '../../../src/errors.js';
import { randomNumbers } from '../../../src/sandbox/operations/random.js';
import { FakeClock } from '../../fake-clock.js';

const { signal } = new AbortController();
const foreground = { background: false, signal };
const background = { background: true, signal };

/** When each of so many requests, all asked for now, got its turn: ms from now. */
async function turnsOf(throttle: ReturnType<typeof createThrottle>, clock: FakeClock, count: number) {
  const startMs = clock.now();
  const turns = Array.from({ length: count }, async () => {
    await throttle.acquire(foreground);
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
  await throttle.acquire(foreground);
  clock.advance(60_000);
  assert.deepEqual(await turnsOf(throttle, clock, 3), [0, 100, 200]);
});

test('a rate of 0 means no limit', async () => {
  const clock = new FakeClock();
  assert.deepEqual(await turnsOf(createThrottle(0, clock), clock, 3), [0, 0, 0]);
  assert.deepEqual(clock.sleeps, []);
});

test('the rate is halved by each refusal, down to one request in two seconds', async () => {
  const clock = new FakeClock();
  const throttle = createThrottle(10, clock);
  (await throttle.acquire(foreground)).refused();
  assert.deepEqual(await turnsOf(throttle, clock, 3), [200, 400, 600]);
  for (let refusals = 0; refusals < 20; refusals += 1) (await throttle.acquire(foreground)).refused();
  clock.advance(10_000);
  assert.deepEqual(await turnsOf(throttle, clock, 3), [0, 2000, 4000]);
});

test('refusals of requests that were on their way together count as one', async () => {
  const clock = new FakeClock();
  const throttle = createThrottle(10, clock);
  const burst = [
    await throttle.acquire(foreground),
    await throttle.acquire(foreground),
    await throttle.acquire(foreground),
  ];
  for (const turn of burst) turn.refused();
  clock.advance(10_000);
  assert.deepEqual(await turnsOf(throttle, clock, 2), [0, 200]);
});

test('a rate that is below the slowest by choice is not raised by a refusal', async () => {
  const clock = new FakeClock();
  const throttle = createThrottle(0.1, clock);
  (await throttle.acquire(foreground)).refused();
  clock.advance(20_000);
  assert.deepEqual(await turnsOf(throttle, clock, 2), [0, 10_000]);
});

test('answers bring the rate back, fast at first and slowly near what was refused, and not beyond the full one', async () => {
  const clock = new FakeClock();
  const throttle = createThrottle(10, clock);
  const answered = async (times: number): Promise<void> => {
    for (let answers = 0; answers < times; answers += 1) (await throttle.acquire(foreground)).answered();
    clock.advance(10_000);
  };
  (await throttle.acquire(foreground)).refused();
  await answered(5);
  assert.deepEqual(await turnsOf(throttle, clock, 2), [0, Math.round(1000 / 6)]);
  await answered(15);
  assert.deepEqual(await turnsOf(throttle, clock, 2), [0, Math.round(1000 / 9)]);
  await answered(200);
  assert.deepEqual(await turnsOf(throttle, clock, 2), [0, 100]);
});

/** A service that takes so many requests in any one second, as they arrive; the way there takes 5 to 45 ms. */
async function load(throttle: Throttle, clock: FakeClock, limit: number, seconds: number) {
  const random = randomNumbers(7);
  const beganMs = clock.now();
  const way = (): Promise<void> => clock.sleep(5 + Math.floor(random() * 40));
  let taken: number[] = [];
  let late = 0;
  let refused = 0;
  const lane = async (): Promise<void> => {
    while (clock.now() < beganMs + seconds * 1000) {
      const turn = await throttle.acquire(foreground);
      await way();
      const nowMs = clock.now();
      const passes = taken.filter((ms) => ms > nowMs - 1000).length < limit;
      if (passes) taken = [...taken, nowMs];
      if (nowMs > beganMs + 5000) {
        late += 1;
        if (!passes) refused += 1;
      }
      await way();
      if (passes) turn.answered();
      else turn.refused();
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return { refusedShare: refused / late, usedShare: taken.length / (seconds * limit) };
}

test('a service that takes just our rate in any one second refuses under 2 % and is used to 90 %', async () => {
  const clock = new FakeClock();
  const { refusedShare, usedShare } = await load(createThrottle(15, clock), clock, 15, 120);
  assert.ok(refusedShare < 0.02, `refused ${refusedShare}`);
  assert.ok(usedShare >= 0.9, `used ${usedShare}`);
});

test('a service that takes less than our rate is found out, and used to 80 %', async () => {
  const clock = new FakeClock();
  const { refusedShare, usedShare } = await load(createThrottle(15, clock), clock, 10, 120);
  assert.ok(refusedShare < 0.05, `refused ${refusedShare}`);
  assert.ok(usedShare >= 0.8, `used ${usedShare}`);
});

test('while the service asks for rest, nothing goes out', async () => {
  for (const perSecond of [10, 0]) {
    const clock = new FakeClock();
    const throttle = createThrottle(perSecond, clock);
    throttle.pauseFor(7000);
    throttle.pauseFor(1000);
    assert.deepEqual(await turnsOf(throttle, clock, 1), [7000]);
  }
});

test('polls let every other request go first', async () => {
  const clock = new FakeClock();
  const throttle = createThrottle(10, clock);
  const order: string[] = [];
  const ask = async (name: string, options: typeof foreground): Promise<void> => {
    await throttle.acquire(options);
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
  await throttle.acquire(foreground);
  const startMs = clock.now();
  const off = throttle.acquire({ background: false, signal: stopping.signal });
  const after = throttle.acquire(foreground);
  stopping.abort(reason);
  await assert.rejects(off, reason);
  await after;
  assert.equal(clock.now() - startMs, 100);
  await assert.rejects(throttle.acquire({ background: false, signal: stopping.signal }), reason);
});
