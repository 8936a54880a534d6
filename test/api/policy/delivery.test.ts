import assert from 'node:assert/strict';
import test from 'node:test';
import type { RestCall } from '../../../src/api/rest/attempt.js';
import {
  AccountError,
  UnknownOutcomeError,
  ApiError,
  PostponedError,
  SplitRequestError,
  TooLargeError,
  UnavailableError,
} from '../../../src/api/errors.js';
import { jsonBody } from '../../../src/api/rest/requests.js';
import { InterruptedError } from '../../../src/errors.js';
import { testKey } from '../../harness.js';
import type { Intercepted } from '../../recording-proxy.js';
import { connect } from '../connect.js';

const list: RestCall = { method: 'GET', path: '/inputs?page=1' };
const ok = { status: 200, body: { status: { code: 10000, description: 'Ok' }, inputs: [] } };

/** Answers one after the other, the last one for ever. */
function inTurn(...answers: readonly Intercepted[]): () => Intercepted {
  let next = 0;
  return () => answers[Math.min(next++, answers.length - 1)];
}

test('a request carries the key, and a body its exact length', async (t) => {
  const { world, sender } = await connect(t);
  await sender.send({ method: 'DELETE', path: '/inputs', body: jsonBody({ ids: ['ä'] }) });
  const [request] = world.requests;
  assert.equal(request?.headers.authorization, `Key ${testKey}`);
  assert.equal(request.headers['content-type'], 'application/json');
  assert.equal(request.headers['content-length'], String(Buffer.byteLength('{"ids":["ä"]}')));
  assert.equal(request.headers['transfer-encoding'], undefined);
  assert.deepEqual(request.json, { ids: ['ä'] });
});

const html = '<html>502 Bad gateway</html>';
const passing: readonly (readonly [string, Intercepted])[] = [
  ['408', { status: 408 }],
  ['429', { status: 429 }],
  ['429 whose code is a name', { status: 429, body: { status: { code: 'CONN_THROTTLED' } } }],
  ['500', { status: 500, body: { status: { code: 10020 } } }],
  ['502 of a gateway', { status: 502, body: html }],
  ['503', { status: 503 }],
  ['504', { status: 504 }],
  ['10030 behind a 200', { status: 200, body: { status: { code: 10030 } } }],
  ['98004 behind a 400', { status: 400, body: { status: { code: 98004 } } }],
  ['a broken connection', 'drop'],
  ['an answer lost', 'lose'],
  ['a 200 that is not JSON', { status: 200, body: html }],
  ['a 200 cut short', { status: 200, body: '{"status":{"code":10000},"inp' }],
  ['a 200 that is JSON but no object', { status: 200, body: [] }],
];

test('a client that is closed sends nothing again', async (t) => {
  const { world, sender, lines } = await connect(t);
  world.intercept = () => {
    void sender.close();
    return 'drop';
  };
  await assert.rejects(sender.send(list));
  assert.deepEqual([lines.length, world.requests.length], [1, 1]);
});

for (const [name, answer] of passing) {
  test(`after ${name} the request is sent again`, async (t) => {
    const { world, sender } = await connect(t);
    world.intercept = inTurn(answer, answer, ok);
    assert.equal((await sender.send(list)).status.code, 10000);
    assert.equal(world.requests.length, 3);
  });
}

for (const status of [400, 405, 409, 422]) {
  test(`after ${status} it is not sent again`, async (t) => {
    const { world, sender } = await connect(t);
    world.intercept = () => ({ status, body: { status: { code: 11102, description: 'no', req_id: 'r1' } } });
    await assert.rejects(sender.send(list), (error) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual([error.response.httpStatus, error.response.code, error.response.reqId], [status, 11102, 'r1']);
      return true;
    });
    assert.equal(world.requests.length, 1);
  });
}

for (const retries of [0, 2]) {
  test(`with ${retries} retries a request is sent ${retries + 1} times at most`, async (t) => {
    const { world, sender } = await connect(t, { retries });
    world.intercept = () => ({ status: 503 });
    await assert.rejects(sender.send(list), UnavailableError);
    assert.equal(world.requests.length, retries + 1);
  });
}

test('a request that runs out of retries with no answer before it, or since another did, tells that the trouble lasts', async (t) => {
  const { world, sender } = await connect(t, { retries: 1 });
  const persistentAfter = async (): Promise<boolean> => {
    const error: unknown = await sender.send(list).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof UnavailableError);
    return error.isOutage;
  };
  world.intercept = () => ({ status: 503 });
  assert.equal(await persistentAfter(), true, 'nothing was ever answered');
  world.intercept = () => ok;
  await sender.send(list);
  world.intercept = () => ({ status: 503 });
  assert.equal(await persistentAfter(), false, 'there was an answer between');
  world.intercept = () => ({ status: 400, body: { status: { code: 11102 } } });
  await assert.rejects(sender.send(list), ApiError);
  world.intercept = () => 'drop';
  assert.equal(await persistentAfter(), false, 'a refusal is an answer too');
  assert.equal(await persistentAfter(), true);
});

test('Retry-After is waited for before the next try, up to 5 minutes', async (t) => {
  const { world, sender } = await connect(t);
  const date = (): string => new Date(world.clock.now() + 40_000).toUTCString();
  const headers = [
    [() => '7', 7000],
    [date, 39_000],
    [() => '300', 300_000],
  ] as const;
  for (const [headerNow, fromMs] of headers) {
    const header = headerNow();
    world.intercept = inTurn({ status: 429, headers: { 'retry-after': header } }, ok);
    await sender.send(list);
    const waitedMs = world.clock.sleeps.at(-1) ?? 0;
    assert.ok(waitedMs >= fromMs && waitedMs <= fromMs + 2000, `${header}: ${waitedMs}`);
  }
});

test('a Retry-After of more than 5 minutes ends the run, which says until when the service asked to wait', async (t) => {
  const { world, sender } = await connect(t);
  await sender.send(list);
  world.intercept = () => ({ status: 429, headers: { 'retry-after': '3600' } });
  const untilMs = world.clock.now() + 3_600_000;
  const until = new Date(untilMs).toISOString().slice(0, 16);
  await assert.rejects(sender.send(list), (error) => {
    assert.ok(error instanceof PostponedError);
    assert.deepEqual([error.exitCode, error.isOutage], [6, true]);
    assert.ok(error.message.includes(`the service asks to wait until ${until}`), error.message);
    return true;
  });
  await assert.rejects(sender.send(list), PostponedError);
  assert.deepEqual([world.requests.length, world.clock.sleeps.length], [2, 0], 'nothing is sent any more');
});

test('Retry-After holds for every request of the process', async (t) => {
  const { world, sender } = await connect(t);
  await sender.send(list);
  world.intercept = inTurn({ status: 429, headers: { 'retry-after': '20' } }, ok);
  const startMs = world.clock.now();
  const refused = sender.send(list);
  while (world.requests.length < 2) await new Promise(setImmediate);
  await Promise.all([refused, sender.send(list)]);
  assert.equal(world.requests.length, 4);
  assert.ok(world.clock.now() - startMs >= 20_000);
  assert.ok((world.clock.sleeps[0] ?? 0) >= 19_000, 'the other one waits as well');
});

test('a request that can be made smaller is given up after two time-outs in a row', async (t) => {
  const call: RestCall = { method: 'POST', path: '/inputs', body: jsonBody({ inputs: [] }), divisible: true };
  for (const answer of [{ status: 504 }, { status: 408 }, { status: 500, body: { status: { code: 40032 } } }]) {
    const { world, sender } = await connect(t);
    world.intercept = inTurn(answer, { status: 503 }, answer, answer);
    await assert.rejects(sender.send(call), SplitRequestError);
    assert.equal(world.requests.length, 4);
  }
  const { world, sender } = await connect(t, { timeoutMs: 60 });
  world.intercept = () => new Promise(() => undefined);
  await assert.rejects(sender.send(call), SplitRequestError);
  assert.equal(world.requests.length, 2);
});

test('the waits between tries grow from 0.5 s on', async (t) => {
  const { world, sender } = await connect(t, { retries: 9 });
  world.intercept = () => ({ status: 503 });
  await assert.rejects(sender.send(list));
  const ceilings = [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000];
  assert.equal(world.clock.sleeps.length, ceilings.length);
  for (const [index, ms] of world.clock.sleeps.entries()) assert.ok(ms <= ceilings[index]!, `${index}: ${ms}`);
  assert.ok(Math.max(...world.clock.sleeps) > 2000, 'they do grow');
});

test('a wrong key costs one request, whatever else is waiting', async (t) => {
  const { world, sender } = await connect(t, { key: 'wrong' });
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => sender.send(list)));
  assert.ok(results.every((result) => result.status === 'rejected' && result.reason instanceof AccountError));
  assert.equal(world.requests.length, 1);
});

test('the first request goes alone, the others together after it', async (t) => {
  const { world, sender } = await connect(t);
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let answered = 0;
  world.intercept = async () => {
    if (world.requests.length === 1) setTimeout(release, 50);
    await released;
    answered += 1;
    // all the others are here before the first of them is answered
    if (answered > 1) while (world.requests.length < 5) await new Promise(setImmediate);
    return ok;
  };
  const sending = Promise.all(Array.from({ length: 5 }, () => sender.send(list)));
  await released;
  assert.equal(world.requests.length, 1);
  await sending;
  assert.equal(world.proxy.peak.get('GET'), 4);
});

test('refusals slow all requests down', async (t) => {
  const { world, sender } = await connect(t, { requestsPerSecond: 10 });
  await sender.send(list);
  world.intercept = inTurn({ status: 429 }, { status: 429 }, ok);
  await sender.send(list);
  world.clock.advance(60_000);
  await sender.send(list);
  const startMs = world.clock.now();
  await sender.send(list);
  // 10, halved twice, is 2.5; the answer since gave a fiftieth of the full rate back. Waits are whole milliseconds
  assert.ok(Math.abs(world.clock.now() - startMs - 1000 / 2.7) <= 1);
});

test('an answer after one that may have been lost tells so', async (t) => {
  const cases: readonly (readonly [Intercepted, boolean])[] = [
    ['lose', true],
    ['drop', true],
    [{ status: 200, body: 'cut' }, true],
    [{ status: 502 }, true],
    [{ status: 504 }, true],
    [{ status: 429 }, false],
    [{ status: 503 }, false],
  ];
  for (const [first, repeated] of cases) {
    const { world, sender } = await connect(t);
    world.intercept = inTurn(first, ok);
    assert.equal((await sender.send(list)).repeated, repeated, JSON.stringify(first));
  }
});

test('a request that would do its work twice is not sent again once its answer may be lost', async (t) => {
  const call: RestCall = { method: 'POST', path: '/inputs', body: jsonBody({ inputs: [] }), repeatable: false };
  for (const answer of ['drop', 'lose', { status: 502 }, { status: 200, body: 'cut' }] as const) {
    const { world, sender } = await connect(t);
    world.intercept = () => answer;
    await assert.rejects(sender.send(call), UnknownOutcomeError);
    assert.equal(world.requests.length, 1);
  }
  const { world, sender } = await connect(t);
  world.intercept = inTurn({ status: 429 }, { status: 503 }, ok);
  await sender.send(call);
  assert.equal(world.requests.length, 3, 'a plain refusal did nothing, so it is sent again');
});

test('a service that nobody answers for is unavailable', async (t) => {
  const { sender } = await connect(t, { baseUrl: new URL('http://127.0.0.1:9/v2'), retries: 2 });
  await assert.rejects(sender.send(list), (error) => error instanceof UnavailableError);
});

test('too large is told apart, by status and by code', async (t) => {
  for (const answer of [
    { status: 413, body: html },
    { status: 400, body: { status: { code: 40033 } } },
  ]) {
    const { world, sender } = await connect(t);
    world.intercept = () => answer;
    await assert.rejects(sender.send(list), TooLargeError);
    assert.equal(world.requests.length, 1);
  }
});

/** Not one of the account. */
function isPlainRefusal(error: unknown): boolean {
  return error instanceof ApiError && !(error instanceof AccountError);
}

test('404 means the input where the path names one, else the app', async (t) => {
  const { world, sender } = await connect(t);
  world.intercept = () => ({ status: 404, body: { status: { code: 11101 } } });
  const named = sender.send({ method: 'GET', path: '/inputs/a', namesInput: true });
  await assert.rejects(named, isPlainRefusal);
  await assert.rejects(sender.send(list), AccountError);
});

test('a mixed answer, and one where all failed, are answers', async (t) => {
  const { world, sender } = await connect(t);
  const inputs = [{ id: 'a', status: { code: 30300 } }];
  world.intercept = () => ({ status: 207, body: { status: { code: 10010 }, inputs } });
  assert.equal((await sender.send(list)).httpStatus, 207);
  world.intercept = () => ({ status: 400, body: { status: { code: 10020 }, inputs } });
  assert.equal((await sender.send(list)).status.code, 10020);
  world.intercept = () => ({ status: 400, body: { status: { code: 10020 } } });
  await assert.rejects(sender.send(list), ApiError);
});

test('Ctrl-C ends the waiting for a next try', async (t) => {
  const stopping = new AbortController();
  const reason = new InterruptedError('SIGINT');
  const { world, sender } = await connect(t, { stopping: stopping.signal });
  world.intercept = () => {
    stopping.abort(reason);
    return { status: 503 };
  };
  await assert.rejects(sender.send(list), reason);
  assert.equal(world.requests.length, 1);
});

test('a request in flight may end after Ctrl-C, until the time for leaving has come', async (t) => {
  const stopping = new AbortController();
  const leaving = new AbortController();
  const reason = new InterruptedError('SIGTERM');
  const { world, sender } = await connect(t, { stopping: stopping.signal, leaving: leaving.signal });
  world.intercept = () => {
    stopping.abort(reason);
    return ok;
  };
  assert.equal((await sender.send(list)).status.code, 10000);
  const second = await connect(t, { leaving: leaving.signal });
  second.world.intercept = async () => {
    leaving.abort(reason);
    await new Promise((resolve) => setTimeout(resolve, 5000).unref());
    return ok;
  };
  await assert.rejects(second.sender.send(list), reason);
});

test('each request leaves a line that never holds the key', async (t) => {
  const { world, sender, lines } = await connect(t);
  world.intercept = inTurn(
    { status: 503, body: { status: { code: 10030, description: `Key ${testKey}`, req_id: 'r1' } } },
    { status: 200, body: { status: { code: 10000, req_id: 'r2' } } },
  );
  await sender.send(list);
  const told = lines.map(({ request, outcome, reqId }) => [request, outcome, reqId]);
  assert.deepEqual(told, [
    ['GET /inputs?page=1', '503 10030', 'r1'],
    ['GET /inputs?page=1', '200 10000', 'r2'],
  ]);
});
