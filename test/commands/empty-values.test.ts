import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands } from '../../src/cli/command-table.js';
import { openWorld } from '../harness.js';

const option = /^ {2}(?:-\w, )?(--[\w-]+) [<[]/gm;

test("each option of each command that takes a value refuses '', which is an unset variable", async (t) => {
  const world = await openWorld(t);
  const optionsIn = async (words: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await world.cli(words, { columns: 200 });
    return [...stdout.matchAll(option)].flatMap(([, name]) => name ?? []);
  };
  const globals = await optionsIn(['help']);
  assert.ok(globals.length >= 12, globals.join(' '));
  let looked = 0;
  for (const [name, { topic }] of Object.entries(commands)) {
    if (topic === true) continue;
    const own = await optionsIn([name, '--help']);
    const subcommand = name === 'config' ? ['list'] : [];
    for (const flag of [...own, ...(name === 'list' ? globals : [])]) {
      const { code, stderr, requests } = await world.cli([name, ...subcommand, flag, '']);
      assert.deepEqual([code, requests.length], [2, 0], `${name} ${flag}: ${stderr}`);
      assert.match(stderr, /^error: option '.*' argument '' is invalid\. Must not be empty\n/, `${name} ${flag}`);
      looked += 1;
    }
  }
  assert.ok(looked >= 75, `${looked} options`);
});

const keys = {
  '"abc"': 'must not be in quotes',
  "'abc'": 'must not be in quotes',
  ' abc': 'must not have blanks around it',
  'abc\n': 'must not have blanks around it',
  'Key abc': "must not begin with 'Key'",
  'a b': 'must be visible ASCII without spaces',
} as const;

test('what stands around a key by mistake is named, with where the key is from, and nothing is sent', async (t) => {
  const world = await openWorld(t);
  for (const [key, problem] of Object.entries(keys)) {
    const { code, stderr, requests } = await world.cli(['list'], { env: { CLARIFAI_PAT: key } });
    assert.deepEqual([code, requests.length], [4, 0]);
    assert.equal(stderr, `error: the API key ${problem}\nhint: correct it in CLARIFAI_PAT\n`);
  }
  assert.equal((await world.cli(['list'], { env: { CLARIFAI_PAT: 'key-abc' } })).code, 4, 'the service refuses it');
  world.write('key', 'Key abc\n');
  const file = await world.cli(['list', '--api-key-file', 'key']);
  assert.match(file.stderr, /must not begin with 'Key'\nhint: correct it in --api-key-file/);
});
