import assert from 'node:assert/strict';
import test from 'node:test';
import { isObject } from '../../src/wire/json.js';
import { openWorld, rows, type World } from '../harness.js';
import { writeImages } from '../tiny-images.js';

/** The errors on stderr, each of which has to be a JSON object on a line of its own. */
function errorsIn(stderr: string): readonly Readonly<Record<string, unknown>>[] {
  return rows(stderr).map(({ error }) => {
    assert.ok(isObject(error), stderr);
    return error;
  });
}

async function addPending(world: World): Promise<void> {
  writeImages(world.dir, 1);
  const added = await world.cli(['add', '0000.png', '--id', 'a', '--no-wait', '-q']);
  assert.equal(added.code, 0, added.stderr);
}

for (const form of ['json', 'ndjson']) {
  test(`get -o ${form} tells of an input that is not there as an object`, async (t) => {
    const world = await openWorld(t);
    const { code, stderr } = await world.cli(['get', 'nope', 'neither', '-o', form]);
    assert.equal(code, 3);
    assert.deepEqual(errorsIn(stderr), [
      { message: "no input 'nope' in the app", exit_code: 3 },
      { message: "no input 'neither' in the app", exit_code: 3 },
    ]);
  });

  test(`status --wait -o ${form} tells of what is still pending as an object`, async (t) => {
    const world = await openWorld(t, { sandbox: { indexMs: 600_000 } });
    await addPending(world);
    for (const ids of [[], ['a']]) {
      const words = ['status', ...ids, '--wait', '--wait-timeout', '1', '-o', form];
      const { code, stderr } = await world.cli(words);
      assert.equal(code, 5, stderr);
      assert.deepEqual(errorsIn(stderr), [
        { message: '1 are still pending', hint: `resume with: clarifai-inputs ${words.join(' ')}`, exit_code: 5 },
      ]);
    }
  });
}

test('status --wait -o ndjson tells of an input that failed or is not there as an object', async (t) => {
  const world = await openWorld(t, { faults: { outcomes: [{ text: 'a', code: 30300 }] } });
  await addPending(world);
  const { code, stdout, stderr } = await world.cli(['status', 'a', 'nope', '--wait', '-o', 'ndjson']);
  assert.equal(code, 3);
  assert.equal(rows(stdout).length, 1);
  const [failed, missing, ...more] = errorsIn(stderr).toSorted((one, other) =>
    String(one['message']).localeCompare(String(other['message'])),
  );
  assert.match(String(failed?.['message']), /^a: 30300 /);
  assert.deepEqual([failed?.['code'], failed?.['exit_code']], [30300, 3]);
  assert.deepEqual([missing, more], [{ message: "no input 'nope' in the app", exit_code: 3 }, []]);
});

test('get --download -o json tells of media that could not be saved as an object', async (t) => {
  const world = await openWorld(t);
  await world.raw('POST', '/v2/inputs', {
    inputs: [{ id: 'u', data: { image: { url: 'http://127.0.0.1:1/x.png' } } }],
  });
  const { code, stderr } = await world.cli(['get', 'u', '--download', 'media', '-o', 'json', '--retries', '0']);
  assert.equal(code, 3);
  const [error, ...more] = errorsIn(stderr);
  assert.match(String(error?.['message']), /^u: /);
  assert.deepEqual([error?.['exit_code'], more], [3, []]);
});

test('a table asked for leaves errors to a person', async (t) => {
  const world = await openWorld(t);
  const { stderr } = await world.cli(['get', 'nope', '-o', 'table']);
  assert.equal(stderr, "error: no input 'nope' in the app\n");
});
