import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isObject, valueAt, type Json } from '../../../src/wire/json.js';
import type { World } from '../../harness.js';
import { fixture, openWorld, rows, testKey, type RawInput, type WorldOptions } from '../../harness.js';
import { pngOf } from '../../tiny-images.js';

const source = '/v2/users/me/apps/one';
const target = '/v2/users/me/apps/two';

/** An app `one` with inputs of every sort; `two` is empty. */
async function openApps(t: TestContext, options: WorldOptions = {}): Promise<World> {
  const world = await openWorld(t, options);
  world.write('a.png', pngOf(1));
  world.write('note.txt', 'Grüße\n"quoted"');
  const lines = [
    {
      id: 'bytes',
      path: 'a.png',
      concepts: [
        { id: 'dog', value: 0.5 },
        { id: 'cat', value: 0 },
      ],
      metadata: { a: { b: [1, { c: null }, 'x'] }, n: 1.5 },
      geo: [-30, 40],
    },
    { id: 'url-1', url: 'https://photos.example/a.jpg', concepts: ['dog'] },
    { id: 'url-2', url: 'https://photos.example/a.jpg' },
    { id: 'raw', text: 'words' },
    { id: 'file-text', type: 'text', path: 'note.txt' },
    { id: 'clip', path: fixture('media', 'clip.mp4') },
  ];
  const manifest = world.write('rows.ndjson', lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const words = ['add', '--manifest', manifest, '--allow-duplicate-url', '--app-id', 'one'];
  const added = await world.cli(words);
  assert.equal(added.code, 0, added.stderr);
  return world;
}

/** What an app keeps of an input, without times and addresses of the service's own. */
function kept({ id, data, status }: RawInput): unknown {
  const concepts = data['concepts'];
  const plain = Array.isArray(concepts)
    ? concepts.map((concept: unknown) => (isObject(concept) ? { ...concept, app_id: undefined } : concept))
    : undefined;
  const media = ['image', 'video', 'audio', 'text'].flatMap((kind) => {
    const medium = data[kind];
    if (!isObject(medium)) return [];
    const suffix = valueAt(medium, ['hosted', 'suffix']);
    return [[kind, typeof suffix === 'string' ? suffix.split('/').at(-1) : medium['url']]];
  });
  return { id, code: status.code, concepts: plain, metadata: data['metadata'], geo: data['geo'], media };
}

async function keptIn(world: World, prefix: string): Promise<readonly unknown[]> {
  return (await world.inputs(prefix)).map(kept);
}

test('copy gives another app the same inputs', async (t) => {
  const world = await openApps(t);

  const { code, stdout, stderr } = await world.cli(['copy', 'one', 'two']);

  assert.equal(code, 0, stderr);
  assert.match(stderr, /6 sources: 6 added/);
  assert.deepEqual(
    rows(stdout).map(({ id, outcome }) => [id, outcome]),
    (await world.inputs(source)).map(({ id }) => [id, 'added']),
  );
  assert.deepEqual(await keptIn(world, target), await keptIn(world, source));
});

test('copy keeps the text beside an image, and tells of one that cannot be had', async (t) => {
  const world = await openWorld(t);
  const lines = ['a', 'b'].map((id) =>
    JSON.stringify({ id, url: `https://photos.example/${id}.jpg`, text: id.repeat(9) }),
  );
  const added = await world.cli(['add', '--manifest', '-', '--app-id', 'one'], { stdin: lines.join('\n') });
  assert.equal(added.code, 0, added.stderr);
  const input = (await world.inputs(source)).find(({ id }) => id === 'b');
  const gone = valueAt(input?.data['text'] as Json, ['hosted', 'suffix']);
  assert.ok(typeof gone === 'string');
  world.intercept = ({ path }) => (path.endsWith(gone) ? { status: 404, body: {} } : undefined);
  const copied = await world.cli(['copy', 'one', 'two']);
  assert.equal(copied.code, 3);
  assert.match(copied.stderr, /failed: b: its text cannot be fetched: /);
  world.intercept = () => undefined;
  assert.equal((await world.cli(['copy', 'one', 'two'])).code, 0);
  assert.deepEqual(await keptIn(world, target), await keptIn(world, source));
});

test('copy sends only what is missing when it is run again', async (t) => {
  const world = await openApps(t);
  await world.cli(['copy', 'one', 'two', '--where', 'type=text']);

  const { code, stderr, requests } = await world.cli(['copy', 'one', 'two']);

  assert.equal(code, 0, stderr);
  assert.match(stderr, /6 sources: 4 added, 2 exists/);
  const media = requests.filter(({ path }) => path.startsWith('/media')).length;
  assert.equal(media, 2, 'the picture and the video are fetched, the text is not');
});

test('copy takes only what --where selects', async (t) => {
  const world = await openApps(t);

  await world.cli(['copy', 'one', 'two', '--where', 'concept=dog']);

  assert.deepEqual(
    (await world.inputs(target)).map(({ id }) => id),
    ['bytes', 'url-1'],
  );
});

test('copy --dry-run tells which sizes are not known before files are fetched', async (t) => {
  const world = await openApps(t);
  const plan = await world.cli(['copy', 'one', 'two', '--dry-run', '-o', 'table']);
  assert.match(plan.stdout, /^ {2}bytes {2}bytes {2}1 file of unknown size$/m);
  assert.match(plan.stdout, /^would send 6 inputs in 1 request, 4 files of unknown size$/m);
  const json = await world.cli(['copy', 'one', 'two', '--dry-run', '-o', 'ndjson']);
  assert.match(json.stdout, /"id":"bytes","data":\{"image":\{"base64":"<base64 of unknown size>"\}/);
});

test('copy --dry-run sends nothing', async (t) => {
  const world = await openApps(t);

  const { code, stdout } = await world.cli(['copy', 'one', 'two', '--dry-run', '-o', 'ndjson']);

  assert.equal(code, 0);
  assert.match(stdout, /"id":"bytes"/);
  assert.deepEqual(await world.inputs(target), []);
});

test('copy --no-wait leaves inputs pending', async (t) => {
  const world = await openApps(t);

  const { code, stderr } = await world.cli(['copy', 'one', 'two', '--no-wait']);

  assert.equal(code, 0);
  assert.match(stderr, /6 sources: 6 pending/);
});

test('copy --wait-timeout exits 5 with what to type next', async (t) => {
  const world = await openApps(t);

  const { code, stderr } = await world.cli(['copy', 'one', 'two', '--wait-timeout', '0']);

  assert.equal(code, 5);
  assert.match(stderr, /resume with: clarifai-inputs copy one two --wait-timeout 0/);
});

test('copy --on-conflict update merges concepts into what is there', async (t) => {
  const world = await openApps(t);
  await world.cli(['copy', 'one', 'two']);
  await world.cli(['patch', 'url-2', '-c', 'new', '--app-id', 'one']);

  const { stderr } = await world.cli(['copy', 'one', 'two', '--on-conflict', 'update']);

  assert.match(stderr, /1 updated/);
  assert.deepEqual(await keptIn(world, target), await keptIn(world, source));
});

test('copy passes over inputs that had failed, unless told not to', async (t) => {
  const world = await openApps(t, { faults: { outcomes: [{ text: 'bad', code: 30002 }] } });
  const body = { inputs: [{ id: 'bad', data: { image: { base64: pngOf(99).toString('base64') } } }] };
  await world.raw('POST', `${source}/inputs`, body);
  await world.cli(['status', '--wait', '--app-id', 'one']);
  const failed = (await world.inputs(source)).find(({ id }) => id === 'bad');
  assert.notEqual(failed?.status.code, 30000, 'the service could not read it');

  const first = await world.cli(['copy', 'one', 'two']);
  const second = await world.cli(['copy', 'one', 'two', '--include-failed', '--failures', 'failed.ndjson']);

  assert.equal(first.code, 0);
  assert.match(first.stderr, /skipped: 1 input that had failed/);
  assert.equal(second.code, 3);
  assert.match(second.stderr, /7 sources: 6 exists, 1 failed/);
  const [row, ...others] = rows(readFileSync(join(world.dir, 'failed.ndjson'), 'utf8'));
  assert.equal(row?.['id'], 'bad');
  assert.deepEqual(others, []);
});

test('copy names an input whose media is gone, and copies the others', async (t) => {
  const world = await openApps(t);
  let seen = 0;
  world.intercept = ({ path }) => {
    if (!path.startsWith('/media')) return undefined;
    seen += 1;
    return seen === 1 ? { status: 404, body: '{}' } : undefined;
  };

  const { code, stderr } = await world.cli(['copy', 'one', 'two', '--concurrency', '1']);

  assert.equal(code, 3);
  assert.match(stderr, /6 sources: 5 added, 1 failed/);
  assert.match(stderr, /bytes: its media cannot be fetched/);
});

test('copy refuses what makes no sense', async (t) => {
  const world = await openWorld(t);
  const misuses: readonly (readonly [readonly string[], RegExp])[] = [
    [['one', 'one'], /'one' and 'one' are the same app/],
    [['one', 'me/one'], /are the same app/],
    [['one', 'two', '--app-id', 'x'], /--app-id cannot be used with FROM and TO/],
    [['a/b/c', 'two'], /'a\/b\/c' is not an app/],
    [['', 'two'], /'' is not an app/],
    [['one', 'profile:none'], /no profile 'none'/],
  ];
  for (const [words, message] of misuses) {
    const { code, stderr, requests } = await world.cli(['copy', ...words]);
    assert.equal(code, 2, words.join(' '));
    assert.match(stderr, message);
    assert.equal(requests.length, 0);
  }
});

test('copy says so where there is nothing to copy', async (t) => {
  const world = await openWorld(t);

  const { code, stderr } = await world.cli(['copy', 'one', 'two']);

  assert.equal(code, 0);
  assert.match(stderr, /nothing to add in 'one'/);
});

test('copy to a profile uses its key and its service, and each key stays with its own', async (t) => {
  const world = await openApps(t);
  const other = await openWorld(t, { sandbox: { key: 'other-key-of-the-target', indexMs: 0 } });
  await world.cli(['config', 'set', 'api-key', '-', '--profile', 'far'], { stdin: 'other-key-of-the-target' });
  await world.cli(['config', 'set', 'api-base', other.proxy.url, '--profile', 'far']);
  await world.cli(['config', 'set', 'app-id', 'two', '--profile', 'far']);

  const { code, stderr } = await world.cli(['copy', 'one', 'profile:far']);

  assert.equal(code, 0, stderr);
  const there: unknown = await fetch(`${other.sandbox.url}${target}/inputs?per_page=100`, {
    headers: { authorization: 'Key other-key-of-the-target' },
  }).then((response) => response.json());
  const inputs = isObject(there) ? there['inputs'] : undefined;
  assert.equal(Array.isArray(inputs) && inputs.length, 6);
  const keysOf = ({ requests }: World): readonly unknown[] => [
    ...new Set(requests.map(({ headers }) => headers.authorization)),
  ];
  assert.deepEqual(keysOf(world), [`Key ${testKey}`]);
  assert.deepEqual(keysOf(other), ['Key other-key-of-the-target']);
});

test('copy takes datasets along where the other app has them, and is exit 2 where it lacks one', async (t) => {
  const world = await openApps(t);
  const one = '/v2/users/me/apps/one';
  assert.equal((await world.raw('POST', `${one}/datasets`, { datasets: [{ id: 'train' }] })).status, 200);
  assert.equal((await world.cli(['patch', 'raw', '--dataset', 'train', '--app-id', 'one'])).code, 0);
  const lacking = await world.cli(['copy', 'one', 'two']);
  assert.equal(lacking.code, 2);
  assert.match(lacking.stderr, /'two' lacks dataset train/);
  assert.deepEqual(await world.inputs(target), []);
  assert.equal((await world.raw('POST', `${target}/datasets`, { datasets: [{ id: 'train' }] })).status, 200);
  assert.equal((await world.cli(['copy', 'one', 'two'])).code, 0);
  const members = ['list', '--all', '--where', 'dataset=train', '-o', 'ids'];
  assert.equal((await world.cli([...members, '--app-id', 'two'])).stdout, 'raw\n');
  assert.equal((await world.cli(['copy', 'one', 'three', '--skip-datasets'])).code, 0);
});

test('copy leaves nothing behind on disk', async (t) => {
  const world = await openApps(t);

  const { stderr } = await world.cli(['copy', 'one', 'two', '-v']);

  const [, bytes] = /at most (\d+) bytes on disk in (\S+)/.exec(stderr) ?? [];
  const [, , folder = ''] = /at most (\d+) bytes on disk in (\S+)/.exec(stderr) ?? [];
  assert.ok(Number(bytes) > 0, 'media went through the spool');
  assert.equal(existsSync(folder), false);
});

test('copy removes what a killed run left on disk, a day later', async (t) => {
  const world = await openApps(t);
  const leftBehind = (ageMs: number): string => {
    const folder = mkdtempSync(join(tmpdir(), 'clarifai-inputs-spool-'));
    t.after(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    writeFileSync(join(folder, 'photo'), 'x');
    const time = new Date(Date.now() - ageMs);
    utimesSync(folder, time, time);
    return folder;
  };
  const aDayMs = 86_400_000;
  const old = leftBehind(aDayMs + 60_000);
  const recent = leftBehind(aDayMs - 60_000);
  assert.equal((await world.cli(['copy', 'me/one', 'me/two'])).code, 0);
  assert.deepEqual([existsSync(old), existsSync(recent)], [false, true]);
});

test('copy that cannot read its source stops with the exit code of the reason', async (t) => {
  const world = await openApps(t);

  const { code, stderr } = await world.cli(['copy', 'one', 'two'], { env: { CLARIFAI_PAT: 'wrong' } });

  assert.equal(code, 4);
  assert.match(stderr, /0 sources/);
});
