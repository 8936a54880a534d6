import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openWorld, rows, type World, type WorldOptions } from '../../harness.js';
import { pngOf, writeImages } from '../../tiny-images.js';

const metadata = { camera: { lens: ['a', { mm: 50 }], iso: 100.5 }, note: '山の朝' };

/** An app as real ones are: media of every kind, annotations of every value, some that failed or are pending. */
async function varied(t: TestContext, options: WorldOptions = {}): Promise<World> {
  const world = await openWorld(t, { faults: { outcomes: [{ text: 'bad', code: 30002 }] }, ...options });
  writeImages(join(world.dir, 'p'), 12);
  world.write('note.txt', 'a hosted text, ünï');
  const url = 'https://example.com/a.jpg';
  const manifest = [
    { path: 'p/0000.png', id: 'one', concepts: [{ id: 'id-dog', name: 'dog', value: 1 }, 'cat=0', 'half=0.5'] },
    { path: 'p/0001.png', metadata, geo: [-30.25, 40.5] },
    { path: 'note.txt', type: 'text' },
    { text: 'a raw text', id: 'raw' },
    { path: 'p/0002.png', id: 'with-text', text: 'a text beside it, ünï' },
    { url: 'https://example.com/b.jpg', id: 'url-with-text', text: 'another' },
    { url, id: 'first' },
    { url, id: 'second', concepts: ['dog'] },
    { url: 'https://example.com/v.mp4', type: 'video' },
    { url: 'https://example.com/bad.jpg', id: 'bad' },
  ];
  world.write('rows.ndjson', manifest.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const added = await world.cli(['add', 'p', '--manifest', 'rows.ndjson', '--allow-duplicate-url', '-o', 'ndjson']);
  assert.match(added.stderr, /1 failed/);
  const pending = await world.cli(['add', '--url-list', '-', '--no-wait'], { stdin: 'https://example.com/late.jpg' });
  assert.equal(pending.code, 0, pending.stderr);
  return world;
}

/** The rows of a manifest without what differs from run to run, by id. */
function manifestOf(world: World, folder: string): ReturnType<typeof rows> {
  const all = rows(readFileSync(join(world.dir, folder, 'inputs.ndjson'), 'utf8'));
  return all
    .filter(({ id }) => id !== 'bad')
    .map((row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'created_at' && name !== 'status')),
    )
    .toSorted((a, b) => String(a['id']).localeCompare(String(b['id'])));
}

test('an app that is exported, emptied and restored is the same as before', async (t) => {
  const world = await varied(t);
  const first = await world.cli(['export', 'out', '-o', 'ndjson']);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stderr, /^22 inputs: 22 exported\n/m);
  const before = manifestOf(world, 'out');
  const one = before.find(({ id }) => id === 'one');
  assert.deepEqual(one, {
    id: 'one',
    type: 'image',
    path: 'media/one.png',
    concepts: [
      { id: 'id-dog', name: 'dog', value: 1 },
      { id: 'cat', name: 'cat', value: 0 },
      { id: 'half', name: 'half', value: 0.5 },
    ],
  });
  const beside = before.filter(({ type, text }) => type === 'image' && text !== undefined);
  assert.deepEqual(
    beside.map(({ id, text }) => [id, text]),
    [
      ['url-with-text', 'another'],
      ['with-text', 'a text beside it, ünï'],
    ],
  );
  assert.doesNotMatch(first.stderr, /not exported/);
  assert.deepEqual(readFileSync(join(world.dir, 'out/media/one.png')), pngOf(0));
  assert.equal(readFileSync(join(world.dir, 'out/media/raw.txt'), 'utf8'), 'a raw text');
  assert.equal((await world.cli(['rm', '--all', '--yes', '--wait'])).code, 0);
  const restored = await world.cli(['add', '--manifest', 'out/inputs.ndjson']);
  assert.equal(restored.code, 0, restored.stderr);
  assert.match(restored.stderr, /21 sources: 21 added\n/);
  assert.match(restored.stderr, /skipped: 1 input that had failed\n/);
  assert.equal((await world.cli(['export', 'again'])).code, 0);
  assert.deepEqual(manifestOf(world, 'again'), before);
});

test('an export into the folder of another keeps the manifest that is there', async (t) => {
  const world = await varied(t);
  assert.equal((await world.cli(['export', 'out'])).code, 0);
  const before = readFileSync(join(world.dir, 'out/inputs.ndjson'), 'utf8');
  assert.equal((await world.cli(['rm', '--all', '--yes', '--wait'])).code, 0);
  const again = await world.cli(['export', 'out']);
  const [, kept = ''] = /^note: the manifest of an earlier export is now (.*)$/m.exec(again.stderr) ?? [];
  assert.equal(readFileSync(kept, 'utf8'), before);
  assert.equal(readFileSync(join(world.dir, 'out/inputs.ndjson'), 'utf8'), '');
  assert.equal((await world.cli(['export', 'out'])).code, 0);
});

test('a folder that another process exports into is refused; the lock of one that was killed is taken over', async (t) => {
  const world = await openWorld(t);
  assert.equal((await world.cli(['export', 'out'])).code, 0);
  const lock = join(world.dir, 'out/.export.lock');
  assert.ok(!existsSync(lock));
  for (const [pid, host, code] of [
    [process.ppid, hostname(), 2],
    [process.pid, 'another-host', 2],
    [2 ** 22 + 1, hostname(), 0], // more than Linux numbers processes by
  ] as const) {
    writeFileSync(lock, JSON.stringify({ pid, host }));
    const { stderr, ...exported } = await world.cli(['export', 'out']);
    assert.equal(exported.code, code, stderr);
    if (code === 2) assert.match(stderr, new RegExp(`^error: process ${pid}.* is writing into this folder`));
    assert.equal(existsSync(lock), code === 2);
  }
});

test('media are fetched as fast as they come, whatever the rate of requests', async (t) => {
  const world = await openWorld(t, { sandbox: { indexMs: 0 } });
  writeImages(join(world.dir, 'p'), 30);
  assert.equal((await world.cli(['add', 'p', '--rps', '0'])).code, 0);
  const startMs = world.clock.now();
  assert.equal((await world.cli(['export', 'out', '--rps', '1'])).code, 0);
  assert.ok(world.clock.now() - startMs < 10_000);
  assert.equal(readdirSync(join(world.dir, 'out/media')).length, 30);
});

test('rows of inputs that had failed are sent with --include-failed', async (t) => {
  const world = await varied(t);
  assert.equal((await world.cli(['export', 'out', '--where', 'status=failed'])).code, 0);
  const tried = await world.cli(['add', '--manifest', 'out/inputs.ndjson', '--include-failed', '-o', 'ndjson']);
  assert.deepEqual(
    rows(tried.stdout).map(({ id, outcome }) => [id, outcome]),
    [['bad', 'failed']],
  );
  assert.equal((await world.cli(['add', 'p', '--include-failed'])).code, 2);
});

test('an interrupted export keeps what it saved, and the same command goes on', async (t) => {
  const world = await varied(t);
  let fetched = 0;
  world.intercept = ({ path }) => {
    if (path.startsWith('/media/')) fetched += 1;
    return fetched > 5 && path.startsWith('/media/') ? { status: 401, body: {} } : undefined;
  };
  const broken = await world.cli(['export', 'out', '--concurrency', '1']);
  assert.notEqual(broken.code, 0);
  world.intercept = ({ path }) => {
    if (path.startsWith('/media/')) fetched += 1;
    return undefined;
  };
  fetched = 0;
  const textsBeside = 2; // they go into rows
  const there = existsSync(join(world.dir, 'out/media')) ? readdirSync(join(world.dir, 'out/media')).length : 0;
  assert.equal((await world.cli(['export', 'out'])).code, 0);
  assert.equal(readdirSync(join(world.dir, 'out/media')).length, there + fetched - textsBeside);
  assert.ok(there > 0);
  const names = readdirSync(join(world.dir, 'out')).filter((name) => !name.startsWith('inputs-'));
  assert.deepEqual(names.toSorted(), ['.export.json', 'inputs.ndjson', 'media']);
});

test('--media says what is saved: own copies, all, or none', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 1);
  const url = `${world.proxy.url}/media/none.png`;
  const elsewhere = 'http://127.0.0.1:9/a.jpg';
  assert.equal((await world.cli(['add', 'p', elsewhere, url, '--id-from', 'path'])).code, 0);
  assert.equal((await world.cli(['export', 'none', '--media', 'none'])).code, 0);
  assert.deepEqual(
    manifestOf(world, 'none')
      .map(({ path, url: address }) => path ?? address ?? null)
      .toSorted(),
    [elsewhere, null, null].toSorted(),
  );
  const all = await world.cli(['export', 'all', '--media', 'all', '--retries', '0']);
  assert.equal(all.code, 3, all.stderr);
  assert.match(all.stderr, /1 exported, 2 failed/);
  assert.equal(manifestOf(world, 'all').length, 3);
});

test('a folder that holds anything else, or another selection, is refused before anything is asked', async (t) => {
  const world = await openWorld(t);
  world.write('full/a.txt', 'x');
  const other = await world.cli(['export', 'full']);
  assert.deepEqual([other.code, other.requests], [2, []]);
  assert.match(other.stderr, /full is not empty, and not an export/);
  assert.equal((await world.cli(['export', 'out'])).code, 0);
  assert.equal((await world.cli(['export', 'out', '--limit', '3'])).code, 2);
  assert.equal((await world.cli(['export', 'out', '--app-id', 'other'])).code, 2);
  const again = await world.cli(['export', 'out']);
  assert.equal(again.code, 0);
  assert.match(again.stderr, /0 inputs/);
});

test('--limit and --where select, and a good input without its media is named and exit 3', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 4);
  assert.equal((await world.cli(['add', 'p', '--id-from', 'name', '-c', 'dog'])).code, 0);
  assert.equal(
    (await world.cli(['export', 'two', '--limit', '2', '--where', 'concept=dog', '-o', 'ids'])).stdout,
    '0000\n0001\n',
  );
  world.intercept = ({ path }) => (path.startsWith('/media/') ? { status: 404, body: {} } : undefined);
  const lost = await world.cli(['export', 'lost']);
  assert.equal(lost.code, 3);
  assert.match(lost.stderr, /failed: 0003: its media can't be saved/);
  assert.match(lost.stderr, /4 inputs: 4 failed/);
  assert.equal(manifestOf(world, 'lost').length, 4);
});

test('regions are exported, and add says how to send them', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 1);
  assert.equal((await world.cli(['add', 'p', '--id-from', 'name'])).code, 0);
  const box = { top_row: 0.1, left_col: 0.1, bottom_row: 0.5, right_col: 0.5 };
  const region = { id: 'r1', region_info: { bounding_box: box }, data: { concepts: [{ id: 'nose', value: 1 }] } };
  const row = { id: '0000', regions: [region] };
  writeFileSync(join(world.dir, 'r.ndjson'), JSON.stringify(row));
  assert.equal((await world.cli(['patch', '--from', 'r.ndjson', '--yes'])).code, 0);
  assert.equal((await world.cli(['export', 'out'])).code, 0);
  const before = manifestOf(world, 'out');
  assert.equal((await world.cli(['rm', '0000', '--yes', '--wait'])).code, 0);
  const restored = await world.cli(['add', '--manifest', 'out/inputs.ndjson']);
  assert.match(
    restored.stderr,
    /note: regions of 1 row were not sent; send them with: clarifai-inputs patch --from out\/inputs\.ndjson/,
  );
  assert.equal((await world.cli(['patch', '--from', 'out/inputs.ndjson', '--yes'])).code, 0);
  rmSync(join(world.dir, 'out'), { recursive: true });
  assert.equal((await world.cli(['export', 'out'])).code, 0);
  assert.deepEqual(manifestOf(world, 'out'), before);
});
