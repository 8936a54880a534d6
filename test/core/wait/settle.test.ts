import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { RunControl } from '../../../src/core/model/run-control.js';
import { waitForInputs, waitForIds, type WaitOptions } from '../../../src/core/wait/settle.js';
import type { AddRecord, Step } from '../../../src/core/model/steps.js';
import { InterruptedError } from '../../../src/errors.js';
import { connect } from '../../api/connect.js';
import type { World, WorldOptions } from '../../harness.js';

function idsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `id-${String(n).padStart(4, '0')}`);
}

async function add(world: World, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += 128) {
    const inputs = ids
      .slice(from, from + 128)
      .map((id) => ({ id, data: { image: { url: `https://e.example/${id}` } } }));
    await world.raw('POST', '/v2/inputs', { inputs });
  }
}

/** A service with these inputs, and what it takes to wait for them. */
async function setUp(t: TestContext, ids: readonly string[], options: WorldOptions = {}) {
  const connected = await connect(t, { retries: 1 }, options);
  await add(connected.world, ids);
  const stopping = new AbortController();
  const { service, world } = connected;
  const settling: WaitOptions = {
    service,
    clock: world.clock,
    control: new RunControl(stopping.signal),
    timeoutMs: 60_000,
  };
  return { ...connected, settling, stopping };
}

async function recordsOf(ids: readonly string[], settling: WaitOptions): Promise<readonly AddRecord[]> {
  const records: AddRecord[] = [];
  for await (const { record } of waitForIds(ids, settling)) records.push(record);
  return records;
}

function short(records: readonly AddRecord[]): readonly string[] {
  return records.map(({ id, outcome, status }) => `${String(id)} ${outcome} ${String(status.code)}`);
}

test('inputs are waited for until they are indexed', async (t) => {
  const { settling, world } = await setUp(t, idsOf(2));
  const startMs = world.clock.now();
  assert.deepEqual(short(await recordsOf(idsOf(2), settling)), ['id-0000 exists 30000', 'id-0001 exists 30000']);
  assert.ok(world.clock.now() - startMs >= 1000);
});

test('only what is open is asked for, and less and less of it', async (t) => {
  const { settling, world } = await setUp(t, ['slow'], { sandbox: { indexMs: 1000 } });
  world.clock.advance(900);
  await add(world, ['late']);
  assert.equal((await recordsOf(['slow', 'late'], settling)).length, 2);
  const asked = world.requests.map(({ query }) => query.getAll('ids'));
  assert.deepEqual(asked[0], ['slow', 'late']);
  assert.deepEqual(asked.at(-1), ['late']);
});

test('many are asked for 128 at a time', async (t) => {
  const { settling, world } = await setUp(t, idsOf(300));
  world.clock.advance(10_000);
  assert.equal((await recordsOf(idsOf(300), settling)).length, 300);
  assert.ok(world.requests.every(({ query }) => query.getAll('ids').length <= 128));
});

test('the pauses grow while nothing gets done', async (t) => {
  const { settling, world } = await setUp(t, ['a'], { sandbox: { indexMs: 40_000 } });
  await recordsOf(['a'], settling);
  const pauses = world.clock.sleeps;
  assert.deepEqual(pauses.slice(0, 4), [500, 750, 1125, 1687.5]);
  assert.ok(pauses.every((ms) => ms <= 10_000));
});

test('a code that nobody knows is final, and failed', async (t) => {
  const { settling, world } = await setUp(t, ['a']);
  world.intercept = () => ({
    status: 200,
    body: { status: { code: 10000 }, inputs: [{ id: 'a', status: { code: 30777, description: 'What is this?' } }] },
  });
  const [record] = await recordsOf(['a'], settling);
  assert.equal(record?.outcome, 'failed');
  assert.equal(record.status.code, 30777);
  assert.equal(record.status.description, 'What is this?');
  assert.equal(world.requests.length, 1);
});

test('codes of work under way are waited for, whatever the work', async (t) => {
  const { settling, world } = await setUp(t, ['a']);
  const codes = ['30001', 30003, 30201, 30501, 30503, 30200];
  world.intercept = () => ({
    status: 200,
    body: { status: { code: 10000 }, inputs: [{ id: 'a', status: { code: codes[world.requests.length - 1] } }] },
  });
  assert.deepEqual(short(await recordsOf(['a'], settling)), ['a exists 30200']);
  assert.equal(world.requests.length, codes.length);
});

test('an input that two answers in a row leave out has vanished', async (t) => {
  const { settling, world } = await setUp(t, ['a', 'b']);
  world.intercept = () => ({ status: 200, body: { status: { code: 10000 }, inputs: [] } });
  const records = await recordsOf(['a'], settling);
  assert.deepEqual(short(records), ['a failed null']);
  assert.equal(records[0]?.status.name, 'VANISHED');
  assert.equal(world.requests.length, 2);
});

test('an input that one answer leaves out and the next one has is still there', async (t) => {
  const { settling, world } = await setUp(t, ['a']);
  world.intercept = () => {
    const gone = world.requests.length % 2 === 1 && world.requests.length < 8;
    return gone ? { status: 200, body: { status: { code: 10000 }, inputs: [] } } : undefined;
  };
  assert.deepEqual(short(await recordsOf(['a'], settling)), ['a exists 30000']);
});

test('at the deadline what is open is pending', async (t) => {
  const { settling, world } = await setUp(t, ['a'], { sandbox: { indexMs: 3_600_000 } });
  const startMs = world.clock.now();
  assert.deepEqual(short(await recordsOf(['a'], { ...settling, timeoutMs: 30_000 })), ['a pending 30001']);
  assert.equal(world.clock.now() - startMs, 30_000);
});

test('the deadline counts from the last input that arrived', async (t) => {
  const { settling, world } = await setUp(t, ['a'], { sandbox: { indexMs: 25_000 } });
  async function* steps(): AsyncGenerator<Step> {
    yield { at: 'accepted', id: 'a', source: 'a.jpg', was: 'added' };
    await world.clock.sleep(20_000);
    yield await Promise.resolve<Step>({ at: 'skipped', source: 's', reason: 'other' });
  }
  const found: Step[] = [];
  for await (const step of waitForInputs(steps(), { ...settling, timeoutMs: 10_000 })) found.push(step);
  assert.deepEqual(
    found.map((step) => (step.at === 'final' ? step.record.outcome : step.at)),
    ['skipped', 'added'],
  );
});

test('a long pause that began before the last input arrived does not outlast the time to wait', async (t) => {
  const { settling, world } = await setUp(t, ['a'], { sandbox: { indexMs: 600_000 } });
  const slow = async function* (): AsyncGenerator<Step> {
    yield { at: 'accepted', id: 'a', source: 'a.jpg', was: 'added' };
    for (let second = 0; second < 30; second += 1) await world.clock.sleep(1000);
  };
  const startMs = world.clock.now();
  for await (const step of waitForInputs(slow(), { ...settling, timeoutMs: 1000 })) assert.equal(step.at, 'final');
  assert.ok(world.clock.now() - startMs <= 31_000, `${world.clock.now() - startMs} ms`);
});

test('a poll that fails leaves its inputs pending, and one after it may do better', async (t) => {
  const { settling, world } = await setUp(t, ['a']);
  await settling.service.countInputs();
  world.clock.advance(5000);
  world.intercept = () => (world.requests.length <= 3 ? { status: 503 } : undefined);
  assert.deepEqual(short(await recordsOf(['a'], settling)), ['a exists 30000']);
  assert.equal(settling.control.isStopped, false);
});

test('trouble that lasts ends the waiting, with everything pending', async (t) => {
  const { settling, world } = await setUp(t, ['a', 'b']);
  world.intercept = () => 'drop';
  assert.deepEqual(short(await recordsOf(['a', 'b'], settling)), ['a pending 30001', 'b pending 30001']);
  assert.equal(settling.control.reason?.exitCode, 6);
});

test('Ctrl-C ends the waiting at once, with everything pending', async (t) => {
  const { settling, stopping, world } = await setUp(t, ['a']);
  world.intercept = () => {
    stopping.abort(new InterruptedError('SIGINT'));
    return undefined;
  };
  assert.deepEqual(short(await recordsOf(['a'], settling)), ['a pending 30001']);
  assert.equal(world.requests.length, 1);
});

test('a consumer that leaves early ends the stage before', async (t) => {
  const { settling } = await setUp(t, ['a']);
  let ended = false;
  async function* steps(): AsyncGenerator<Step> {
    try {
      yield await Promise.resolve<Step>({ at: 'skipped', source: 's', reason: 'other' });
      yield { at: 'accepted', id: 'a', source: 'a', was: 'added' };
    } finally {
      ended = true;
    }
  }
  for await (const step of waitForInputs(steps(), settling)) {
    assert.equal(step.at, 'skipped');
    break;
  }
  assert.equal(ended, true);
});

test('where many are open, pages of the newest tell of them, and ids only of the rest', async (t) => {
  const ids = idsOf(1500);
  const { settling, world } = await setUp(t, ['older', ...ids, 'younger']);
  world.clock.advance(10_000);
  const records = await recordsOf([...ids, 'gone'], settling);
  assert.equal(records.filter(({ outcome }) => outcome === 'exists').length, 1500);
  assert.deepEqual(short(records).slice(-1), ['gone failed null']);
  const asked = world.requests.map(
    ({ path, query }) => `${path.split('/').at(-1) ?? ''} ${query.getAll('ids').join()}`,
  );
  assert.deepEqual(asked, ['stream ', 'stream ', 'inputs gone', 'inputs gone']);
});

test('where the newest are of others, many are asked for by ids', async (t) => {
  const ids = idsOf(1100);
  const { settling, world } = await setUp(t, ids);
  await add(
    world,
    idsOf(2000).map((id) => `other-${id}`),
  );
  world.clock.advance(10_000);
  assert.equal((await recordsOf(ids, settling)).length, 1100);
  const streamed = world.requests.filter(({ path }) => path.endsWith('/stream'));
  assert.deepEqual([streamed.length, world.requests.length], [1, 1 + Math.ceil(1100 / 128)]);
});

test('a sweep in which little was done makes the next pause longer', async (t) => {
  const { settling, world } = await setUp(t, ['early']);
  world.clock.advance(1500);
  await add(world, idsOf(300));
  const before = world.clock.sleeps.length;
  await recordsOf(['early', ...idsOf(300)], settling);
  assert.deepEqual(world.clock.sleeps.slice(before, before + 2), [500, 750]);
});
