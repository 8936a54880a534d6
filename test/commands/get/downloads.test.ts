import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openWorld, rows, type World } from '../../harness.js';
import type { Intercept } from '../../recording-proxy.js';
import { pngOf } from '../../tiny-images.js';

/** An app with one picture, `pic`, which the service hosts. */
async function withPicture(t: TestContext): Promise<World> {
  const world = await openWorld(t);
  world.write('pic.png', pngOf(7));
  assert.equal((await world.cli(['add', 'pic.png', '--id-from', 'name', '-q'])).code, 0);
  return world;
}

/** Answers only where media are fetched, in place of the service. */
const onMedia =
  (answer: Intercept): Intercept =>
  (request) =>
    request.path.startsWith('/v2/') ? undefined : answer(request);

/** An app whose only input says so of its media. */
async function withMedia(t: TestContext, data: Readonly<Record<string, unknown>>): Promise<World> {
  const world = await openWorld(t);
  const status = { code: 10000, description: 'Ok' };
  const input = { id: 'one', status: { code: 30000, description: 'ok' }, data };
  world.intercept = ({ path }) => (path === '/v2/inputs/one' ? { status: 200, body: { status, input } } : undefined);
  return world;
}

/** An app whose inputs are texts, each its own id. */
async function withTexts(t: TestContext, ids: readonly string[]): Promise<World> {
  const world = await openWorld(t);
  const status = { code: 30000, description: 'ok' };
  const inputs = ids.map((id) => ({ id, status, data: { text: { raw: id } } }));
  const body = { status: { code: 10000, description: 'Ok' }, inputs };
  world.intercept = ({ path }) => (path === '/v2/inputs' ? { status: 200, body } : undefined);
  return world;
}

const names = (world: World): readonly string[] => readdirSync(join(world.dir, 'out')).toSorted();

test('get --download leaves alone what is there already, and asks for no media of it', async (t) => {
  const world = await withPicture(t);
  world.write('out/pic.jpg', 'GIF89a, mine');
  const result = await world.cli(['get', 'pic', '--download', 'out']);
  assert.equal(result.code, 0);
  assert.match(result.stderr, /^already there: .*pic\.jpg$/m);
  assert.equal(readFileSync(join(world.dir, 'out/pic.jpg'), 'utf8'), 'GIF89a, mine');
  assert.deepEqual(names(world), ['pic.jpg']);
  assert.equal(result.requests.length, 1);
});

test('get --download prints records with paths, which are a manifest', async (t) => {
  const world = await withPicture(t);
  await world.cli(['patch', 'pic', '-c', 'sea', '--meta', 'camera=left']);
  const { stdout } = await world.cli(['get', 'pic', '--download', 'out']);
  const [record] = rows(stdout);
  assert.deepEqual([record?.['id'], record?.['path']], ['pic', join(world.dir, 'out', 'pic.png')]);
  const again = await world.cli(['add', '--app-id', 'other', '--manifest', '-', '-q'], { stdin: stdout });
  assert.equal(again.code, 0, again.stderr);
  const copied = await world.cli(['get', 'pic', '--app-id', 'other', '--download', 'copy']);
  assert.deepEqual(readFileSync(join(world.dir, 'copy/pic.png')), pngOf(7));
  assert.match(copied.stdout, /"sea"[^]*"camera":"left"/);
});

test('get --download names a file that came there meanwhile, and leaves it alone', async (t) => {
  const world = await withPicture(t);
  world.intercept = onMedia(() => {
    world.write('out/pic.png', 'mine');
    return undefined;
  });
  const result = await world.cli(['get', 'pic', '--download', 'out']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /^failed: pic: .*pic\.png already exists$/m);
  assert.equal(readFileSync(join(world.dir, 'out/pic.png'), 'utf8'), 'mine');
  assert.deepEqual(names(world), ['pic.png']);
});

test('get --download saves a text as it stands', async (t) => {
  const world = await withMedia(t, { text: { raw: ' one\ntwo ' } });
  assert.equal((await world.cli(['get', 'one', '--download', 'out'])).code, 0);
  assert.equal(readFileSync(join(world.dir, 'out/one.txt'), 'utf8'), ' one\ntwo ');
});

for (const [body, reason] of [
  ['', /^failed: pic: it is empty$/m],
  ['<html>Sign in</html>', /^failed: pic: it is not image content$/m],
  ['%PDF-1.7', /^failed: pic: it is not image content, but application\/pdf$/m],
] as const) {
  test(`get --download keeps nothing of an answer that is not a picture: '${body}'`, async (t) => {
    const world = await withPicture(t);
    world.intercept = onMedia(() => ({ status: 200, body }));
    const result = await world.cli(['get', 'pic', '--download', 'out']);
    assert.equal(result.code, 3);
    assert.match(result.stderr, reason);
    assert.deepEqual(names(world), []);
  });
}

test('get --download names a file of another kind that stands in its place', async (t) => {
  const world = await withPicture(t);
  world.write('out/pic.txt', 'notes on the picture');
  const result = await world.cli(['get', 'pic', '--download', 'out']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /^failed: pic: another file is in the way: .*pic\.txt/m);
  assert.deepEqual(names(world), ['pic.txt']);
});

test('get --download follows redirects of media', async (t) => {
  const world = await withPicture(t);
  world.intercept = onMedia(({ path }) =>
    path === '/moved' ? { status: 200, body: 'GIF89a moved' } : { status: 302, headers: { location: '/moved' } },
  );
  assert.equal((await world.cli(['get', 'pic', '--download', 'out'])).code, 0);
  assert.equal(readFileSync(join(world.dir, 'out/pic.gif'), 'utf8'), 'GIF89a moved');
});

test('get --download gives up on redirects in a circle', async (t) => {
  const world = await withPicture(t);
  world.intercept = onMedia(({ path }) => ({ status: 302, headers: { location: path } }));
  const result = await world.cli(['get', 'pic', '--download', 'out', '--retries', '0']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /^failed: pic: .*redirected more than 5 times/m);
});

test('get --download tries media again where the answer says it may help, and waits as it asks', async (t) => {
  const world = await withPicture(t);
  let tries = 0;
  world.intercept = onMedia(() => {
    tries += 1;
    return tries < 3 ? { status: 503, headers: { 'retry-after': '7' } } : undefined;
  });
  assert.equal((await world.cli(['get', 'pic', '--download', 'out'])).code, 0);
  assert.equal(tries, 3);
  assert.deepEqual(readFileSync(join(world.dir, 'out/pic.png')), pngOf(7));
  assert.equal(world.clock.sleeps.filter((ms) => ms >= 7000 && ms < 9000).length, 2);
});

test('get --download asks once for media that is gone, and leaves no file of it', async (t) => {
  const world = await withPicture(t);
  let tries = 0;
  world.intercept = onMedia(() => {
    tries += 1;
    return { status: 404, body: 'gone' };
  });
  const result = await world.cli(['get', 'pic', '--download', 'out']);
  assert.deepEqual([result.code, tries], [3, 1]);
  assert.match(result.stderr, /^failed: pic: .*404/m);
  assert.deepEqual(names(world), []);
});

for (const [what, data, reason] of [
  ['nothing to save', {}, 'has no media'],
  ['no URL for an address', { image: { url: 'not a url' } }, 'its address is not a URL'],
  ['an address of a local file', { image: { url: 'file:///etc/passwd' } }, 'its address is file:'],
] as const) {
  test(`get --download of ${what} fails and says why`, async (t) => {
    const world = await withMedia(t, data);
    const result = await world.cli(['get', 'one', '--download', 'out']);
    assert.equal(result.code, 3);
    assert.ok(result.stderr.includes(`failed: one: ${reason}\n`), result.stderr);
    assert.deepEqual(names(world), []);
  });
}

test('get --download into what is not a folder is exit 1 before any media is fetched', async (t) => {
  const world = await withPicture(t);
  world.write('out', 'a file');
  let fetched = 0;
  world.intercept = onMedia(() => {
    fetched += 1;
    return undefined;
  });
  const result = await world.cli(['get', 'pic', '--download', 'out']);
  assert.deepEqual([result.code, fetched], [1, 0]);
  assert.match(result.stderr, /^error: .*out: file already exists$/m);
});

test('get --download never writes outside its folder, whatever an id says', async (t) => {
  const world = await withTexts(t, ['../../x', 'y']);
  assert.equal((await world.cli(['get', '../../x', 'y', '--download', 'out'])).code, 0);
  assert.deepEqual(names(world), ['------x.txt', 'y.txt']);
});

test('on Windows get --download names no file like a device', async (t) => {
  const ids = ['CON', 'nul', 'com7', 'console', 'com'];
  const world = await withTexts(t, ids);
  assert.equal((await world.cli(['get', ...ids, '--download', 'out'], { platform: 'win32' })).code, 0);
  assert.deepEqual(names(world), ['CON~.txt', 'com.txt', 'com7~.txt', 'console.txt', 'nul~.txt']);
});

test('on Windows get --download finds again what it saved for the name of a device', async (t) => {
  const world = await withTexts(t, ['CON', 'y']);
  await world.cli(['get', 'CON', 'y', '--download', 'out'], { platform: 'win32' });
  const again = await world.cli(['get', 'CON', 'y', '--download', 'out'], { platform: 'win32' });
  assert.match(again.stderr, /^already there: .*CON~\.txt$/m);
});

test('elsewhere an id that names a device of Windows is a name like any other', async (t) => {
  const world = await withTexts(t, ['CON', 'y']);
  await world.cli(['get', 'CON', 'y', '--download', 'out'], { platform: 'linux' });
  assert.deepEqual(names(world), ['CON.txt', 'y.txt']);
});
