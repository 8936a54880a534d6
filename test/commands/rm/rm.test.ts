import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isObject } from '../../../src/wire/json.js';
import { openWorld, type World, type WorldOptions } from '../../harness.js';
import { writeImages } from '../../tiny-images.js';

async function filled(t: TestContext, count: number, options: WorldOptions = {}): Promise<World> {
  const world = await openWorld(t, options);
  writeImages(join(world.dir, 'p'), count);
  assert.equal((await world.cli(['add', 'p', '--id-from', 'name', '-q'])).code, 0);
  return world;
}

async function gone(world: World): Promise<readonly string[]> {
  await world.clock.sleep(1000);
  return await world.ids();
}

test('rm of one id uses its path; one that is not there is exit 3', async (t) => {
  const world = await filled(t, 2);
  const result = await world.cli(['rm', '0000', '--yes']);
  assert.equal(result.code, 0);
  assert.equal(result.requests[0]?.path, '/v2/inputs/0000');
  assert.deepEqual(await gone(world), ['0001']);
  const missing = await world.cli(['rm', 'nope', '--yes']);
  assert.equal(missing.code, 3);
  assert.match(missing.stderr, /nope/);
});

test('an id in a list that the app has not got fails, and the others go', async (t) => {
  const world = await filled(t, 2);
  const result = await world.cli(['rm', '0000', 'typo', '--yes', '--wait', '-o', 'ndjson']);
  assert.equal(result.code, 3);
  assert.match(result.stdout, /"id":"typo",.*"code":30102.*"outcome":"failed"/);
  assert.match(result.stdout, /"id":"0000",.*"outcome":"deleted"/);
  assert.match(result.stderr, /2 inputs: 1 deleted, 1 failed/);
  assert.deepEqual(await world.ids(), ['0001']);
  const none = await world.cli(['rm', 'typo', 'typo2', '--yes']);
  assert.equal(none.code, 3);
  assert.deepEqual(
    none.requests.filter(({ method }) => method === 'DELETE'),
    [],
  );
});

test('one id is accepted as long as nobody saw it gone, deleted with --wait, and accepted when the wait ends early', async (t) => {
  const world = await filled(t, 3, { sandbox: { deleteMs: 4000 } });
  const accepted = await world.cli(['rm', '0000', '--yes', '-o', 'ndjson']);
  assert.match(accepted.stdout, /"outcome":"accepted"/);
  assert.match(accepted.stderr, /1 input: 1 accepted\n/);
  const deleted = await world.cli(['rm', '0001', '--yes', '--wait', '-o', 'ndjson']);
  assert.match(deleted.stdout, /"outcome":"deleted"/);
  assert.ok(!(await world.ids()).includes('0001'));
  const short = await world.cli(['rm', '0002', '--yes', '--wait', '--wait-timeout', '1', '-o', 'ndjson']);
  assert.equal(short.code, 5);
  assert.match(short.stdout, /"outcome":"accepted"/);
});

test('an id whose wait fails is accepted all the same: the delete was taken', async (t) => {
  const world = await filled(t, 1, { sandbox: { deleteMs: 4000 } });
  world.intercept = ({ method }) => (method === 'GET' ? { status: 401, body: { status: { code: 11009 } } } : undefined);
  const result = await world.cli(['rm', '0000', '--yes', '--wait', '-o', 'ndjson']);
  assert.equal(result.code, 4);
  assert.match(result.stdout, /"outcome":"accepted"/);
});

test('rm of many goes in requests of 128; they are deleted once --wait saw them go', async (t) => {
  const world = await filled(t, 300);
  const ids = (await world.ids()).join('\n');
  const result = await world.cli(['rm', '-', '--yes', '--wait'], { stdin: ids });
  assert.equal(result.code, 0);
  const deletes = result.requests.filter(({ method }) => method === 'DELETE');
  assert.deepEqual(
    deletes.map(({ json }) => (isObject(json) && Array.isArray(json['ids']) ? json['ids'].length : 0)),
    [128, 128, 44],
  );
  assert.equal(result.stdout.match(/"outcome":"deleted"/g)?.length, 300);
  assert.deepEqual(await world.ids(), []);
});

test('rm asks; without a person and --yes it is exit 2 and nothing is sent', async (t) => {
  const world = await filled(t, 2);
  const silent = await world.cli(['rm', '0000', '0001']);
  assert.equal(silent.code, 2);
  assert.equal(silent.requests.length, 0);
  assert.match(silent.stderr, /--yes/);
  assert.equal((await world.cli(['rm'])).code, 2);
});

test('rm --all uses delete_all as documented, and ids where it is refused', async (t) => {
  for (const deleteAll of [true, false]) {
    const world = await filled(t, 5, { sandbox: { deleteAll } });
    const result = await world.cli(['rm', '--all', '--yes']);
    assert.equal(result.code, 0);
    const bodies = result.requests.filter(({ method }) => method === 'DELETE').map(({ json }) => json);
    assert.deepEqual(bodies[0], { delete_all: true });
    assert.equal(bodies.length, deleteAll ? 1 : 2);
    assert.deepEqual(await gone(world), []);
  }
});

test('rm shows what it is about to delete, and --dry-run names what is not there', async (t) => {
  const world = await filled(t, 7);
  const asked = await world.cli(['rm', '--where', 'status=ok'], { tty: true, stdin: 'n\n' });
  assert.equal(asked.code, 130);
  assert.match(asked.stderr, /^ {2}0000$[^]*^ {2}0004\n {2}and 2 more\n\? Delete 7 inputs/m);
  const dry = await world.cli(['rm', '0000', 'typo', '0001', '--dry-run', '-o', 'ids']);
  assert.equal(dry.code, 3);
  assert.equal(dry.stdout, '0000\n0001\n');
  assert.match(dry.stderr, /no input 'typo' in the app[^]*would delete 2 inputs/);
});

test('--max-delete refuses before anything is deleted, --dry-run lists, an empty list is nothing to do', async (t) => {
  const world = await filled(t, 3);
  assert.equal((await world.cli(['rm', '--all', '--yes', '--max-delete', '2'])).code, 2);
  const dry = await world.cli(['rm', '--all', '--dry-run', '-o', 'ids']);
  assert.equal(dry.stdout.split('\n').length, 4);
  assert.equal((await world.ids()).length, 3);
  const empty = await world.cli(['rm', '-', '--yes'], { stdin: '\n' });
  assert.equal(empty.code, 0);
  assert.equal(empty.requests.length, 0);
});

test('rm --where deletes what is selected, and no more', async (t) => {
  const world = await filled(t, 2, { faults: { outcomes: [{ text: 'bad', code: 30002 }] } });
  await world.cli(['add', 'https://x.test/a.jpg', '--id', 'bad', '-q']);
  assert.equal((await world.cli(['rm', '--where', 'status=failed', '--yes', '--wait'])).code, 0);
  assert.deepEqual(await world.ids(), ['0000', '0001']);
});

test('a 404 on a repeated DELETE is success: the first answer was lost', async (t) => {
  const world = await filled(t, 1);
  let lost = false;
  world.intercept = async ({ method }) => {
    if (method !== 'DELETE') return undefined;
    if (lost) await world.clock.sleep(1000);
    if (lost) return undefined;
    lost = true;
    return 'lose';
  };
  assert.equal((await world.cli(['rm', '0000', '--yes'])).code, 0);
});
