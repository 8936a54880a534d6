import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isList, isObject, valueAt } from '../../../src/wire/json.js';
import { onlyRest, openWorld, rows, type World } from '../../harness.js';
import { writeImages } from '../../tiny-images.js';

const outcomes = (stdout: string): readonly unknown[] => rows(stdout).map(({ outcome }) => outcome);

/** A file as large as said, which takes no room on the disk. */
function sparse(world: World, name: string, bytes: number): void {
  world.write(name, Buffer.from('\0\0\0\u0018ftypmp42\0\0\0\0mp42isom', 'latin1'));
  truncateSync(join(world.dir, name), bytes);
}

test('a video that base64 makes too large is refused before it is sent, with two ways on', onlyRest, async (t) => {
  const world = await openWorld(t);
  sparse(world, 'v/a.mp4', 97_000_000);
  writeImages(join(world.dir, 'v'), 1);
  const words = ['add', 'v', '--id-from', 'name'];
  for (const more of [['--failures', 'f', '-o', 'ndjson'], ['--dry-run']]) {
    const { code, stderr, requests } = await world.cli([...words, ...more]);
    assert.equal(code, 3);
    const what =
      /failed: v\/a\.mp4: 30105 INPUT_OVER_LIMIT: 1293\d{5} bytes once encoded, where a request may have 128000000/;
    assert.match(stderr, what);
    assert.match(stderr, /; it would fit over gRPC$/m);
    assert.equal(/hint: .*--transport grpc/.test(stderr), !more.includes('--dry-run'));
    const sent = requests.filter(({ method }) => method === 'POST').map(({ json }) => isObject(json) && json['inputs']);
    assert.ok(sent.every((inputs) => isList(inputs) && inputs.length === 1));
  }
  const skipping = await world.cli([...words, '--skip-unsupported', '-o', 'ndjson']);
  assert.deepEqual([skipping.code, outcomes(skipping.stdout)], [0, ['exists']]);
  assert.match(skipping.stderr, /^1 source: 1 exists$/m);
  assert.match(skipping.stderr, /^skipped: 1 file that cannot be added$/m);
});

test('what the app has already is not refused for its size', onlyRest, async (t) => {
  const world = await openWorld(t);
  sparse(world, 'a.mp4', 97_000_000);
  await world.raw('POST', '/v2/inputs', { inputs: [{ id: 'a', data: { video: { url: 'https://x.test/a.mp4' } } }] });
  const result = await world.cli(['add', 'a.mp4', '--id-from', 'name']);
  assert.deepEqual([result.code, outcomes(result.stdout)], [0, ['exists']]);
});

for (const code of [11006, 11004]) {
  test(`${code} for a single input stops the run like one for all: what was refused is unsent`, onlyRest, async (t) => {
    const world = await openWorld(t);
    writeImages(join(world.dir, 'p'), 6);
    let posts = 0;
    world.intercept = ({ method, json }) => {
      const inputs = isObject(json) && isList(json['inputs']) ? json['inputs'] : [];
      if (method !== 'POST') return undefined;
      posts += 1;
      if (posts < 2) return undefined;
      const refused = { code, description: 'Quota exceeded' };
      const body = {
        status: { code: 10020, description: 'Failure' },
        inputs: inputs.map((input) => ({ id: valueAt(input, ['id']) ?? '', status: refused })),
      };
      return { status: 400, body };
    };
    const result = await world.cli(['add', 'p', '--batch-size', '1', '--concurrency', '1']);
    assert.equal(result.code, 4);
    assert.equal(posts, 2);
    assert.match(
      result.stderr,
      new RegExp(`error: POST /inputs: code ${code} Quota exceeded\\nhint: the account's quota`),
    );
    assert.match(result.stderr, /unsent/);
    assert.doesNotMatch(result.stderr, /failed/);
  });
}

test('a quota that ends while inputs are changed stops the run too', onlyRest, async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 2);
  await world.cli(['add', 'p', '--id-from', 'name']);
  world.intercept = ({ method }) => {
    const inputs = ['0000', '0001'].map((id) => ({ id, status: { code: 11006, description: 'Quota exceeded' } }));
    return method === 'PATCH' ? { status: 400, body: { status: { code: 10020 }, inputs } } : undefined;
  };
  const result = await world.cli(['patch', '0000', '0001', '-c', 'dog']);
  assert.deepEqual([result.code, outcomes(result.stdout)], [4, ['unsent', 'unsent']]);
  assert.match(result.stderr, /error: PATCH \/inputs: code 11006 Quota exceeded/);
});
