import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openWorld, type World } from '../harness.js';
import { pngOf, writeImages } from '../tiny-images.js';

async function filled(t: TestContext, count: number): Promise<World> {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), count);
  assert.equal((await world.cli(['add', 'p', '--id-from', 'name', '-q'])).code, 0);
  return world;
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

test('list prints one page, --page and --per-page choose it, --all and --limit go on', async (t) => {
  const world = await filled(t, 30);
  assert.equal(lines((await world.cli(['list', '-o', 'ids', '--per-page', '7'])).stdout).length, 7);
  const second = await world.cli(['list', '-o', 'ids', '--per-page', '7', '--page', '5']);
  assert.equal(lines(second.stdout).length, 2);
  assert.equal(lines((await world.cli(['list', '--all', '--per-page', '7', '-o', 'ids'])).stdout).length, 30);
  const limited = await world.cli(['list', '--limit', '9', '--per-page', '4', '-o', 'ids']);
  assert.equal(lines(limited.stdout).length, 9);
  assert.equal(limited.requests.length, 3);
  assert.equal((await world.cli(['list', '--all', '--page', '2'])).code, 2);
});

test('the output forms: JSON array, NDJSON, CSV, ids, a table on a terminal', async (t) => {
  const world = await filled(t, 3);
  const json: unknown = JSON.parse((await world.cli(['list', '-o', 'json'])).stdout);
  assert.ok(Array.isArray(json) && json.length === 3);
  assert.equal(lines((await world.cli(['list'])).stdout).length, 3);
  const csv = await world.cli(['list', '-o', 'csv', '--fields', 'id,status.code']);
  assert.equal(lines(csv.stdout)[0], 'id,status.code');
  assert.match(lines(csv.stdout)[1] ?? '', /^000\d,30000$/);
  const table = await world.cli(['list'], { tty: true });
  assert.match(lines(table.stdout)[0] ?? '', /^ID +TYPE +STATUS/);
  const picked = await world.cli(['list', '--fields', 'id,status.code', '--limit', '1']);
  assert.deepEqual(JSON.parse(picked.stdout), { id: '0002', status: { code: 30000 } });
});

test('a reader that goes away ends list quietly with exit 0', async (t) => {
  const world = await filled(t, 40);
  const result = await world.cli(['list', '--all', '--per-page', '5'], { stdoutClosesAfter: 1 });
  assert.equal(result.code, 0);
  assert.equal(result.stderr, '');
  assert.ok(result.requests.length < 8);
});

test('control characters of the service never reach a terminal', async (t) => {
  const world = await openWorld(t);
  const input = {
    id: 'a',
    data: { image: { url: 'https://x.test/a.jpg' }, concepts: [{ id: '\u001b[31mred\u202e' }] },
  };
  await world.raw('POST', '/v2/inputs', { inputs: [input] });
  for (const form of ['table', 'csv', 'json', 'ndjson']) {
    const { stdout } = await world.cli(['list', '-o', form], { tty: true });
    assert.ok(!stdout.includes('\u001b') && !stdout.includes('\u202e'), form);
    assert.match(stdout, /red/);
  }
});

test('--where selects on list and stream; what the service can filter it filters', async (t) => {
  const world = await openWorld(t, { faults: { outcomes: [{ text: 'bad', code: 30002 }] } });
  const add = async (id: string, ...flags: string[]): Promise<void> => {
    await world.cli(['add', `https://x.test/${id}.jpg`, '--id', id, '-q', ...flags]);
  };
  await add('dog1', '-c', 'dog', '--meta', 'camera=left');
  await add('dog0', '-c', 'dog=0');
  await add('bad1');
  await add('clip', '--type', 'video');
  const select = async (command: string, ...where: string[]): Promise<string> => {
    const flags = where.flatMap((one) => ['--where', one]);
    return lines((await world.cli([command, ...flags, '-o', 'ids'])).stdout)
      .toSorted()
      .join(' ');
  };
  for (const command of ['list', 'stream']) {
    assert.equal(await select(command, 'concept=dog'), 'dog1');
    assert.equal(await select(command, 'concept=dog=0'), 'dog0');
    assert.equal(await select(command, 'meta.camera=left'), 'dog1');
    assert.equal(await select(command, 'status=failed'), 'bad1');
    assert.equal(await select(command, 'status=ok', 'untagged=true'), 'clip');
    assert.equal(await select(command, 'type=video'), 'clip');
    assert.equal(await select(command, 'since=2h'), 'bad1 clip dog0 dog1');
    assert.equal(await select(command, 'until=2h'), '');
  }
  const filtered = await world.cli(['list', '--where', 'status=30002', '-o', 'ids']);
  assert.equal(filtered.requests[0]?.query.get('status.code'), '30002');
  assert.equal(filtered.stdout, 'bad1\n');
  const unknown = await world.cli(['list', '--where', 'colour=red']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /keys: status, concept, dataset, meta\.KEY/);
});

test('stream walks by cursor: --last-id, --per-page, --descending, --limit', async (t) => {
  const world = await filled(t, 25);
  const all = await world.cli(['stream', '--per-page', '10', '-o', 'ids']);
  assert.deepEqual(lines(all.stdout), await world.ids());
  assert.deepEqual(
    all.requests.map(({ query }) => query.get('per_page')),
    ['10', '10', '10', '10'],
  );
  assert.equal(lines((await world.cli(['stream', '--descending', '--limit', '2', '-o', 'ids'])).stdout)[0], '0024');
  assert.equal((await world.cli(['stream', '--last-id', '0022', '-o', 'ids'])).stdout, '0023\n0024\n');
  assert.equal((await world.cli(['stream', '--follow', '--descending'])).code, 2);
});

test('stream goes on where its cursor was deleted meanwhile', async (t) => {
  const world = await filled(t, 9);
  let deleted = false;
  world.intercept = async ({ query }) => {
    if (query.get('last_id') !== '0002' || deleted) return undefined;
    deleted = true;
    await world.raw('DELETE', '/v2/inputs/0002');
    await world.clock.sleep(1000);
    return undefined;
  };
  const result = await world.cli(['stream', '--per-page', '3', '-o', 'ids']);
  assert.equal(result.code, 0);
  assert.deepEqual(
    lines(result.stdout),
    Array.from({ length: 9 }, (_, n) => `000${n}`),
  );
});

test('get prints what is there, names what is not, and saves media whole', async (t) => {
  const world = await filled(t, 3);
  const one = await world.cli(['get', '0001', '-o', 'ids']);
  assert.equal(one.requests[0]?.path, '/v2/inputs/0001');
  const some = await world.cli(['get', '0001', 'nope', '0002', '-o', 'ids']);
  assert.equal(some.code, 3);
  assert.equal(some.stdout, '0001\n0002\n');
  assert.match(some.stderr, /no input 'nope'/);
  const saved = await world.cli(['get', '-', '--download', 'out', '-o', 'ids'], { stdin: '0000\n{"id":"0001"}\n' });
  assert.equal(saved.code, 0);
  assert.deepEqual(readdirSync(join(world.dir, 'out')).sort(), ['0000.png', '0001.png']);
  assert.deepEqual(readFileSync(join(world.dir, 'out', '0001.png')), pngOf(1));
  const empty = await world.cli(['get', '-'], { stdin: '' });
  assert.equal(empty.code, 0);
  assert.match(empty.stderr, /nothing to do/);
});

test('status prints the eight counts, has no ids form, and --wait follows to the end', async (t) => {
  const world = await filled(t, 3);
  const counts: unknown = JSON.parse((await world.cli(['status'])).stdout);
  assert.deepEqual(Object.keys(counts ?? {}).length, 8);
  assert.equal((await world.cli(['status', '-o', 'ids'])).code, 2);
  const bar = await world.cli(['status'], { tty: true, env: { NO_COLOR: '1' } });
  assert.match(bar.stdout, /█+\n.*processed 3/);
  await world.cli(['add', 'https://x.test/a.jpg', '--id', 'late', '--no-wait', '-q']);
  const waited = await world.cli(['status', '--wait']);
  assert.equal(waited.code, 0);
  assert.match(waited.stdout, /"processed":4,"to_process":0/);
});

test('status --wait with ids: exit 3 for a failed one, 5 when the time is up', async (t) => {
  const world = await openWorld(t, { faults: { outcomes: [{ text: 'bad', code: 30002 }] } });
  await world.cli(['add', 'https://x.test/a.jpg', '--id', 'bad', '--no-wait', '-q']);
  assert.equal((await world.cli(['status', '--wait', '--wait-timeout', '0.6', 'bad'])).code, 5);
  const failed = await world.cli(['status', '--wait', 'bad']);
  assert.equal(failed.code, 3);
  assert.match(failed.stderr, /failed: bad: 30002/);
});

test('the app goes into the path, and options may stand before the command', async (t) => {
  const world = await openWorld(t);
  const result = await world.cli(['--user-id', 'u1', 'list', '--app-id', 'a1']);
  assert.equal(result.requests[0]?.path, '/v2/users/u1/apps/a1/inputs');
  const fromEnv = await world.cli(['list'], { env: { CLARIFAI_APP_ID: 'a2' } });
  assert.equal(fromEnv.requests[0]?.path, '/v2/users/me/apps/a2/inputs');
});

test('a key from a file works; plain http to another machine is refused before anything is sent', async (t) => {
  const world = await openWorld(t, { env: { CLARIFAI_PAT: undefined } });
  world.write('key', 'test-key-7f3a\n');
  assert.equal((await world.cli(['list', '--api-key-file', 'key'])).code, 0);
  const http = await world.cli(['list', '--api-key-file', 'key', '--api-base', 'http://192.0.2.1']);
  assert.equal(http.code, 2);
  assert.match(http.stderr, /--insecure-http/);
});

test('--retries bounds the tries, and errors come as JSON where JSON was asked for', async (t) => {
  const world = await openWorld(t);
  world.intercept = () => ({ status: 503, body: '<html>busy</html>' });
  const result = await world.cli(['list', '--retries', '2', '-o', 'json']);
  assert.equal(result.code, 6);
  assert.equal(result.requests.length, 3);
  assert.equal(result.stdout, '[]\n');
  assert.match(result.stderr, /^\{"error":\{"message":.*"exit_code":6/m);
});

test('a mistyped command is exit 2 with a suggestion, no command at all is the help', async (t) => {
  const world = await openWorld(t);
  const mistyped = await world.cli(['lsit']);
  assert.equal(mistyped.code, 2);
  assert.match(mistyped.stderr, /unknown command 'lsit'[^]*Did you mean list/);
  const none = await world.cli([]);
  assert.equal(none.code, 0);
  assert.match(none.stdout, /Usage: clarifai-inputs/);
});
