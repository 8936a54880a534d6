import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Interrupt, openWorld, rows, type World, type WorldOptions } from '../harness.js';
import type { Injected, Intercept } from '../recording-proxy.js';
import { writeImages } from '../tiny-images.js';

// what `add`, `patch` and `rm` make of answers that a sound service seldom gives

/** A folder `p` with pictures, `0000` and so on. */
async function withPictures(t: TestContext, count: number, options: WorldOptions = {}): Promise<World> {
  const world = await openWorld(t, options);
  writeImages(join(world.dir, 'p'), count);
  return world;
}

/** The same, and the app has them. */
async function filled(t: TestContext, count: number, options: WorldOptions = {}): Promise<World> {
  const world = await withPictures(t, count, options);
  assert.equal((await world.cli([...add, '-q'])).code, 0);
  return world;
}

const add = ['add', 'p', '--id-from', 'name'];

const answered = (code: number, more: Readonly<Record<string, unknown>>, status = 200): Injected => ({
  status,
  body: { status: { code, description: 'as it is' }, ...more },
});

const on =
  (wanted: string, answer: Intercept): Intercept =>
  (request) =>
    request.method === wanted ? answer(request) : undefined;

test('an input that is refused at once is named with what the service says of it', async (t) => {
  const world = await withPictures(t, 2);
  const inputs = [
    { id: '0000', status: { code: 30000, description: 'ok' } },
    { id: '0001', status: { code: 30101, description: 'no', details: 'a drawing' } },
  ];
  world.intercept = on('POST', () => answered(10010, { inputs }, 207));
  const result = await world.cli(add);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /^failed: p\/0001\.png: 30101 .*a drawing/m);
});

test('an input that is indexed at once is not asked for again', async (t) => {
  const world = await withPictures(t, 1);
  const inputs = [{ id: '0000', status: { code: 30000, description: 'ok' } }];
  world.intercept = on('POST', () => answered(10000, { inputs }));
  const result = await world.cli(add);
  assert.deepEqual([result.code, rows(result.stdout)[0]?.['outcome']], [0, 'added']);
  assert.deepEqual(
    result.requests.map(({ method }) => method),
    ['GET', 'POST'],
  );
});

test('an input that the answer leaves out is not said to be added', async (t) => {
  const world = await withPictures(t, 2);
  const inputs = [{ id: '0000', status: { code: 30000, description: 'ok' } }];
  world.intercept = on('POST', () => answered(10000, { inputs }));
  const result = await world.cli(add);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /^failed: p\/0001\.png: .*did not report its status/m);
});

test('an input whose id may be taken fails where the app cannot be asked about it', async (t) => {
  const world = await withPictures(t, 1);
  const inputs = [{ id: '0000', status: { code: 30104, description: 'no', details: 'Input has a duplicate ID.' } }];
  let posted = false;
  world.intercept = ({ method }) => {
    if (method === 'GET') return posted ? { status: 503 } : undefined;
    posted = true;
    return answered(10020, { inputs }, 400);
  };
  const result = await world.cli([...add, '--retries', '0']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /^failed: p\/0000\.png: 30104 /m);
});

test('what the app has and still indexes is waited for', async (t) => {
  const world = await withPictures(t, 2);
  await world.cli([...add, '--no-wait', '-q']);
  const result = await world.cli(add);
  assert.deepEqual(
    rows(result.stdout).map(({ outcome, status }) => [outcome, status]),
    Array.from({ length: 2 }, () => ['exists', { code: 30000, name: 'INPUT_SUCCESS', description: 'indexed' }]),
  );
});

test('replace that can not delete names the input, and does not send it again', async (t) => {
  const world = await filled(t, 2);
  world.intercept = on('DELETE', () => answered(11102, {}, 400));
  const result = await world.cli([...add, '--on-conflict', 'replace']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /^failed: p\/0000\.png: 11102 /m);
  assert.ok(result.requests.every(({ method }) => method !== 'POST'));
});

test('replace gives up on an id that does not come free in two minutes', async (t) => {
  const world = await filled(t, 1, { sandbox: { deleteMs: 300_000 } });
  const result = await world.cli([...add, '--on-conflict', 'replace']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /^failed: p\/0000\.png: .*still there after 120 s/m);
});

test('a second try whose delete is refused leaves the input failed, as it was', async (t) => {
  const world = await withPictures(t, 2, { faults: { outcomes: [{ text: '0001', code: 30002 }] } });
  world.intercept = on('DELETE', () => ({ status: 403, body: { status: { code: 11007, description: 'no scope' } } }));
  const result = await world.cli([...add, '--on-failed', 'retry']);
  assert.equal(result.code, 4);
  assert.match(result.stderr, /^failed: p\/0001\.png: 30002 /m);
});

test('a key without the scope is told so, and which way on', async (t) => {
  const world = await withPictures(t, 1);
  world.intercept = on('POST', () => answered(11007, {}, 403));
  const result = await world.cli(add);
  assert.equal(result.code, 4);
  assert.match(result.stderr, /^hint: add the scopes named above/m);
});

test('a run that the account stops says that sources were left unread', async (t) => {
  const world = await withPictures(t, 0);
  world.intercept = on('POST', () => answered(11006, {}, 403));
  const stdin = Array.from({ length: 5000 }, (_, n) => `https://x.test/${n}.jpg\n`).join('');
  const result = await world.cli(['add', '--url-list', '-'], { stdin });
  assert.equal(result.code, 4);
  assert.match(result.stderr, /^the run stopped early: not all sources were read$/m);
});

test('an account whose quota is used up is told so', async (t) => {
  const world = await withPictures(t, 1);
  world.intercept = on('POST', () => answered(11004, {}, 403));
  const result = await world.cli(add);
  assert.equal(result.code, 4);
  assert.match(result.stderr, /quota is used up/);
});

for (const [command, method, words] of [
  ['add', 'POST', ['add', 'p', '--id-from', 'path']],
  ['patch', 'PATCH', ['patch', '0000', '-c', 'dog']],
] as const) {
  test(`${command} that is cut off ten seconds after Ctrl-C says that an answer is missing`, async (t) => {
    const world = await filled(t, 1);
    const interrupt = new Interrupt();
    world.intercept = on(method, async () => {
      interrupt.press();
      interrupt.runOut();
      await new Promise((resolve) => setImmediate(resolve));
      return 'drop' as const;
    });
    const result = await world.cli(words, { interrupt });
    assert.equal(result.code, 130);
    assert.match(result.stdout, /no answer yet when the run was interrupted/);
  });
}

test('patch does not say patched of an input that the answer leaves out', async (t) => {
  const world = await filled(t, 2);
  const inputs = [{ id: '0000', status: { code: 30200, description: 'ok' } }];
  world.intercept = on('PATCH', () => answered(10000, { inputs }));
  const result = await world.cli(['patch', '0000', '0001', '-c', 'dog']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /^failed: 0001: .*did not report its status/m);
});

test('patch sends nothing more of an input whose remove failed', async (t) => {
  const world = await filled(t, 2);
  let patches = 0;
  world.intercept = on('PATCH', () => {
    patches += 1;
    return answered(11102, {}, 400);
  });
  const result = await world.cli(['patch', '0000', '0001', '--remove-concept', 'cat', '-c', 'dog']);
  assert.deepEqual([result.code, patches], [3, 1]);
  assert.match(result.stderr, /2 inputs: 2 failed/);
});

test('rm names each input of a request that was refused, and goes on with the next', async (t) => {
  const world = await filled(t, 130);
  let deletes = 0;
  world.intercept = on('DELETE', () => ((deletes += 1) === 1 ? answered(11102, {}, 400) : undefined));
  const result = await world.cli(['rm', '-', '--yes'], { stdin: (await world.ids()).join('\n') });
  assert.equal(result.code, 3);
  assert.match(result.stderr, /130 inputs: 2 accepted, 128 failed/);
});

test('rm stops at a key that is refused', async (t) => {
  const world = await filled(t, 130);
  world.intercept = on('DELETE', () => answered(11009, {}, 401));
  const result = await world.cli(['rm', '-', '--yes'], { stdin: (await world.ids()).join('\n') });
  assert.deepEqual([result.code, result.requests.map(({ method }) => method)], [4, ['GET', 'DELETE']]);
});

test('rm --all deletes nothing by id where the account says no to all', async (t) => {
  const world = await filled(t, 2);
  world.intercept = on('DELETE', () => answered(11007, {}, 403));
  const result = await world.cli(['rm', '--all', '--yes']);
  assert.deepEqual(
    result.requests.filter(({ method }) => method === 'DELETE').map(({ json }) => json),
    [{ delete_all: true }],
  );
  assert.equal(result.code, 4);
});

test('rm --wait ends with exit 5 where they are not gone in time', async (t) => {
  const world = await filled(t, 2, { sandbox: { deleteMs: 60_000 } });
  const result = await world.cli(['rm', '0000', '0001', '--yes', '--wait', '--wait-timeout', '3']);
  assert.equal(result.code, 5);
  assert.match(result.stderr, /2 inputs: 2 accepted/);
});

test('rm --wait of one input waits until it is gone', async (t) => {
  const world = await filled(t, 1, { sandbox: { deleteMs: 60_000 } });
  const result = await world.cli(['rm', '0000', '--yes', '--wait']);
  assert.deepEqual([result.code, await world.ids()], [0, []]);
});
