import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isList, valueAt } from '../../../src/wire/json.js';
import { Interrupt, openWorld, rows, type World, type WorldOptions } from '../../harness.js';
import { pngOf, writeImages } from '../../tiny-images.js';

/** A world whose app has the pictures of `p`, named by their files. */
async function filled(t: TestContext, count: number, options: WorldOptions = {}): Promise<World> {
  const world = await openWorld(t, options);
  writeImages(join(world.dir, 'p'), count);
  const { code } = await world.cli(['add', 'p', '--id-from', 'name', '-c', 'old', '--meta', 'k=old', '-q']);
  assert.ok(code === 0 || code === 3);
  return world;
}

const again = ['add', 'p', '--id-from', 'name', '-c', 'new', '--meta', 'l=new'];

const outcomes = (stdout: string): readonly unknown[] => rows(stdout).map(({ outcome }) => outcome);

const methods = (requests: World['requests']): readonly string[] =>
  requests.filter(({ method }) => method !== 'GET').map(({ method }) => method);

async function notes(world: World, id: string): Promise<unknown> {
  const data = (await world.inputs()).find((input) => input.id === id)?.data ?? {};
  const concepts = isList(data['concepts']) ? data['concepts'].map((one) => valueAt(one, ['id'])) : [];
  return [concepts, data['metadata']];
}

test('skip leaves what is there as it is, and the summary says so', async (t) => {
  const world = await filled(t, 3);
  const result = await world.cli(again);
  assert.deepEqual([result.code, methods(result.requests)], [0, []]);
  assert.match(
    result.stderr,
    /note: 3 inputs exist with other concepts, metadata or geo and were not changed; --on-conflict update/,
  );
  assert.deepEqual(await notes(world, '0000'), [['old'], { k: 'old' }]);
  const same = ['add', 'p', '--id-from', 'name', '-c', 'old', '--meta', 'k=old'];
  for (const words of [['add', 'p', '--id-from', 'name'], same]) {
    assert.doesNotMatch((await world.cli(words)).stderr, /not changed/);
  }
});

test('fail fails what is there', async (t) => {
  const world = await filled(t, 2);
  const result = await world.cli([...again, '--on-conflict', 'fail']);
  assert.deepEqual([result.code, outcomes(result.stdout)], [3, ['failed', 'failed']]);
  assert.deepEqual(methods(result.requests), []);
});

test('update merges concepts and metadata into what is there, 128 a request', async (t) => {
  const world = await filled(t, 130);
  writeImages(join(world.dir, 'p'), 1, 500);
  const result = await world.cli([...again, '--on-conflict', 'update']);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(outcomes(result.stdout).filter((outcome) => outcome === 'updated').length, 130);
  assert.match(result.stderr, /131 sources: 1 added, 130 updated/);
  assert.deepEqual(methods(result.requests).toSorted(), ['PATCH', 'PATCH', 'POST']);
  assert.deepEqual(await notes(world, '0129'), [['old', 'new'], { k: 'old', l: 'new' }]);
  assert.deepEqual(await notes(world, '0500'), [['new'], { l: 'new' }]);
});

test('update merges what a row of a manifest and a sidecar say, too', async (t) => {
  const world = await filled(t, 2);
  world.write('rows.ndjson', '{"path":"p/0000.png","concepts":["row"]}\n');
  world.write('p/0001.png.json', '{"concepts":["sidecar"]}');
  const words = ['--id-from', 'name', '--on-conflict', 'update'];
  assert.equal((await world.cli(['add', '--manifest', 'rows.ndjson', ...words])).code, 0);
  assert.equal((await world.cli(['add', 'p/0001.png', '--sidecars', ...words])).code, 0);
  assert.deepEqual(await notes(world, '0000'), [['old', 'row'], { k: 'old' }]);
  assert.deepEqual(await notes(world, '0001'), [['old', 'sidecar'], { k: 'old' }]);
});

test('update with nothing to merge sends nothing, and appends to no list twice', async (t) => {
  const world = await filled(t, 2);
  const update = ['add', 'p', '--id-from', 'name', '--on-conflict', 'update'];
  for (const words of [update, [...update, '-c', 'old', '--meta', 'k=old']]) {
    const result = await world.cli(words);
    assert.deepEqual([result.code, methods(result.requests), outcomes(result.stdout)], [0, [], ['exists', 'exists']]);
  }
  const list = [...update, '--metadata', '{"l":["a"]}'];
  assert.deepEqual(outcomes((await world.cli(list)).stdout), ['updated', 'updated']);
  assert.deepEqual(outcomes((await world.cli(list)).stdout), ['exists', 'exists']);
  assert.deepEqual(await notes(world, '0000'), [['old'], { k: 'old', l: ['a'] }]);
});

test('an update of what is not indexed yet is awaited, and stays an update', async (t) => {
  const world = await openWorld(t, { sandbox: { indexMs: 20_000 } });
  writeImages(join(world.dir, 'p'), 2);
  await world.cli(['add', 'p', '--id-from', 'name', '--no-wait']);
  const result = await world.cli([...again, '--on-conflict', 'update']);
  assert.deepEqual([result.code, outcomes(result.stdout)], [0, ['updated', 'updated']], result.stderr);
});

const png = (name: string): string => join('p', name);

test('update gives a picture in two class folders both concepts, in this run and the next', async (t) => {
  const world = await openWorld(t);
  for (const name of ['cat/a.png', 'dog/a.png', 'bird/a.png', 'cat/b.png']) {
    world.write(png(name), pngOf(name.endsWith('b.png') ? 2 : 1));
  }
  const words = ['add', 'p/cat/a.png', 'p/dog/a.png', 'p/bird/a.png', 'p/cat/b.png', '--concept-from-dir'];
  const result = await world.cli([...words, '--record-path', '--on-conflict', 'update']);
  assert.deepEqual([result.code, outcomes(result.stdout)], [0, ['added', 'added', 'duplicate', 'duplicate']]);
  const id = String(rows(result.stdout)[2]?.['id']);
  assert.deepEqual(await notes(world, id), [['cat', 'dog', 'bird'], { path: 'p/cat/a.png' }]);
  assert.match(
    result.stderr,
    /duplicate: p\/dog\/a\.png: same content as p\/cat\/a\.png; its concepts were merged; its metadata/,
  );
  const next = await world.cli([...words, '--on-conflict', 'update']);
  assert.deepEqual([next.code, methods(next.requests)], [0, []]);
  assert.doesNotMatch(next.stderr, /duplicate:/);
});

test('without update the concepts of a duplicate are named as not sent', async (t) => {
  const world = await openWorld(t);
  for (const name of ['cat/a.png', 'dog/a.png']) world.write(png(name), pngOf(1));
  const result = await world.cli(['add', 'p/cat', 'p/dog', '--concept-from-dir']);
  assert.deepEqual([result.code, methods(result.requests)], [0, ['POST']]);
  assert.match(result.stderr, /duplicate: p\/dog\/a\.png: .* differ and were not sent/);
  const plan = await world.cli(['add', 'p/cat', 'p/dog', '--dry-run']);
  assert.match(plan.stdout, /^duplicate p\/dog\/a\.png: same content as p\/cat\/a\.png/m);
});

test('concepts of a duplicate that cannot be merged fail, and are in the failures file', async (t) => {
  const world = await openWorld(t);
  for (const name of ['cat/a.png', 'dog/a.png']) world.write(png(name), pngOf(1));
  world.intercept = ({ method }) =>
    method === 'PATCH' ? { status: 400, body: { status: { code: 11102, description: 'Invalid request' } } } : undefined;
  const words = ['add', 'p/cat', 'p/dog', '--concept-from-dir', '--on-conflict', 'update', '--failures', 'f'];
  const result = await world.cli(words);
  assert.deepEqual([result.code, outcomes(result.stdout)], [3, ['added', 'failed']]);
  world.intercept = () => undefined;
  const back = await world.cli(['add', '--manifest', 'f', '--on-conflict', 'update']);
  assert.deepEqual([back.code, outcomes(back.stdout)], [0, ['updated']], back.stderr);
  assert.deepEqual(await notes(world, String(rows(back.stdout)[0]?.['id'])), [['cat', 'dog'], undefined]);
});

test('what exists by its id is compared as far as the service tells, and what differs is named', async (t) => {
  const world = await openWorld(t);
  world.write('one/a.png', pngOf(1));
  world.write('two/a.png', pngOf(1, 0, 7));
  world.write(
    'first',
    '{"id":"u","url":"https://x.test/1.jpg"}\n{"id":"t","text":"one"}\n{"id":"k","url":"https://x.test/k.jpg"}\n',
  );
  world.write(
    'second',
    '{"id":"u","url":"https://x.test/2.jpg"}\n{"id":"t","text":"three"}\n{"id":"k","text":"a text"}\n',
  );
  const words = ['add', '--id-from', 'name'];
  assert.equal((await world.cli([...words, 'one/a.png', '--manifest', 'first'])).code, 0);
  const same = await world.cli([...words, 'one/a.png', '--manifest', 'first']);
  assert.doesNotMatch(same.stderr, /warning/);
  assert.match(same.stderr, /note: 2 inputs exist by ID alone; contents were not compared/);
  for (const more of [[], ['--on-conflict', 'update'], ['--dry-run']]) {
    const { code, stderr, requests } = await world.cli([...words, 'two/a.png', '--manifest', 'second', ...more], {
      columns: 500,
    });
    assert.deepEqual([code, methods(requests)], [0, []]);
    assert.match(stderr, /warning: 'two\/a\.png' was not sent: the app has a picture of 8x8 under the ID 'a'/);
    assert.match(
      stderr,
      /warning: 'https:\/\/x\.test\/2\.jpg' was not sent: the app has https:\/\/x\.test\/1\.jpg under the ID 'u'/,
    );
    assert.match(stderr, /warning: 'second line 2' was not sent: the app has a text of 3 characters under the ID 't'/);
    assert.match(stderr, /warning: 'second line 3' was not sent: the app has an image under the ID 'k'/);
  }
  const hashed = await world.cli(['add', 'one/a.png']);
  assert.equal(hashed.code, 0);
  assert.doesNotMatch((await world.cli(['add', 'one/a.png'])).stderr, /not compared/);
});

test('replace deletes, waits until the id is free, and adds again', async (t) => {
  const world = await filled(t, 3);
  const before = (await world.inputs()).map(({ created_at: at }) => at);
  world.clock.advance(5000);
  const result = await world.cli([...again, '--on-conflict', 'replace']);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(outcomes(result.stdout), ['added', 'added', 'added']);
  assert.deepEqual(methods(result.requests), ['DELETE', 'POST']);
  assert.deepEqual(await notes(world, '0001'), [['new'], { l: 'new' }]);
  const after = await world.inputs();
  assert.deepEqual(after.map(({ id }) => id).toSorted(), ['0000', '0001', '0002']);
  assert.ok(after.every(({ created_at: at }) => !before.includes(at)));
});

test('replace deletes nothing for a file that turned out bad, and nothing under --dry-run', async (t) => {
  const world = await filled(t, 2);
  world.write('p/0000.png', '');
  const plan = await world.cli([...again, '--on-conflict', 'replace', '--dry-run', '-o', 'json']);
  assert.deepEqual(methods(plan.requests), []);
  assert.match(plan.stdout, /"id":"0001"/);
  const result = await world.cli(['add', 'p/0000.png', 'p/0001.png', '--id-from', 'name', '--on-conflict', 'replace']);
  assert.equal(result.code, 3);
  const deletes = result.requests.filter(({ method }) => method === 'DELETE').map(({ json }) => json);
  assert.deepEqual(deletes, [{ ids: ['0001'] }]);
  assert.deepEqual((await world.ids()).toSorted(), ['0000', '0001']);
});

test('an update that fails is named', async (t) => {
  const world = await filled(t, 2);
  world.intercept = ({ method }) =>
    method === 'PATCH' ? { status: 400, body: { status: { code: 11102, description: 'Invalid request' } } } : undefined;
  const result = await world.cli([...again, '--on-conflict', 'update']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /failed: p\/0000\.png: 11102/);
});

/** A world in which inputs of these ids fail with a code, until a first one is deleted. */
async function passing(t: TestContext, ids: readonly string[], code: number): Promise<World> {
  const outcomes = ids.map((text) => ({ text, code }));
  const world = await openWorld(t, { faults: { outcomes } });
  writeImages(join(world.dir, 'p'), 4);
  world.intercept = ({ method }) => {
    if (method === 'DELETE') outcomes.splice(0);
    return undefined;
  };
  return world;
}

const add = ['add', 'p', '--id-from', 'name'];

for (const code of [30002, 39996, 30210]) {
  test(`--on-failed retry adds once more what ends at ${code}, in this run and the next`, async (t) => {
    const world = await passing(t, ['0001', '0002'], code);
    const result = await world.cli([...add, '--on-failed', 'retry']);
    assert.equal(result.code, 0, result.stderr);
    assert.deepEqual(outcomes(result.stdout), ['added', 'added', 'added', 'added']);
    assert.deepEqual(methods(result.requests), ['POST', 'DELETE', 'POST']);
    assert.match(result.stderr, /4 sources: 4 added/);
    const later = await passing(t, ['0003'], code);
    assert.equal((await later.cli(add)).code, 3);
    const next = await later.cli([...add, '--on-failed', 'retry']);
    assert.deepEqual([next.code, methods(next.requests)], [0, ['DELETE', 'POST']]);
  });
}

test('what fails again stays failed: it is tried twice, not for ever', async (t) => {
  const world = await passing(t, [], 30002);
  const other = await openWorld(t, { faults: { outcomes: [{ text: '0001', code: 30002 }] } });
  const result = await other.cli([...add, '--on-failed', 'retry'], { cwd: world.dir });
  assert.equal(result.code, 3);
  assert.deepEqual(methods(result.requests), ['POST', 'DELETE', 'POST']);
  assert.match(result.stderr, /3 added, 1 failed/);
});

test('keep is the default, and what will not pass is not retried', async (t) => {
  const world = await passing(t, ['0001'], 30002);
  assert.deepEqual(methods((await world.cli(add)).requests), ['POST']);
  const broken = await passing(t, ['0001'], 30300);
  const result = await broken.cli([...add, '--on-failed', 'retry']);
  assert.deepEqual([result.code, methods(result.requests)], [3, ['POST']]);
});

test('a file that is named twice is retried like the rest', async (t) => {
  const world = await passing(t, [], 30002);
  const outcomesById = [{ text: '', code: 30002 }];
  const other = await openWorld(t, { faults: { outcomes: outcomesById } });
  other.intercept = ({ method }) => {
    if (method === 'DELETE') outcomesById.splice(0);
    return undefined;
  };
  const words = ['add', 'p/0000.png', 'p/0000.png', '--on-failed', 'retry'];
  const result = await other.cli(words, { cwd: world.dir });
  assert.deepEqual([result.code, outcomes(result.stdout).toSorted()], [0, ['added', 'duplicate']], result.stderr);
});

test('Ctrl-C before the second try leaves the failed ones failed, and deletes nothing', async (t) => {
  const world = await passing(t, ['0001'], 30002);
  const interrupt = new Interrupt();
  const startMs = world.clock.now();
  world.intercept = ({ method }) => {
    // by now they are indexed: this look learns what failed
    if (method === 'GET' && world.clock.now() - startMs > 1500) interrupt.press();
    return undefined;
  };
  const result = await world.cli([...add, '--on-failed', 'retry'], { interrupt });
  assert.deepEqual([result.code, methods(result.requests)], [130, ['POST']]);
});
