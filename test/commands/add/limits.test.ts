import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { isList, isObject } from '../../../src/wire/json.js';
import { openWorld, type CliResult, transport } from '../../harness.js';
import type { Recorded } from '../../recording-proxy.js';
import { pngOf, writeImages } from '../../tiny-images.js';

function posts({ requests }: CliResult): readonly Recorded[] {
  return requests.filter(({ method }) => method === 'POST');
}

function inputsIn({ json }: Recorded): number {
  const inputs = isObject(json) ? json['inputs'] : undefined;
  return isList(inputs) ? inputs.length : 0;
}

const answers = {
  'HTTP 413': { status: 413, body: '<html>413 Request Entity Too Large</html>' },
  'code 40033': { status: 400, body: { status: { code: 40033, description: 'larger than the allowed limit' } } },
} as const;

for (const [name, tooLarge] of Object.entries(answers)) {
  test(`${name}: what fits lands, what does not is named, and the run keeps to the size it learnt`, async (t) => {
    const world = await openWorld(t);
    // raw bytes take less room than base64
    const cap = transport === 'rest' ? 6000 : 4700;
    writeImages(join(world.dir, 'p'), 1000);
    for (const n of [1, 2, 3]) world.write(`p/large${n}.png`, pngOf(2000 + n, 5000));
    world.write('p/fits.png', pngOf(3000, 4300));
    const isRefused = ({ method, body }: Recorded): boolean => method === 'POST' && body.length > cap;
    world.intercept = (request) => (isRefused(request) ? tooLarge : undefined);
    const result = await world.cli(['add', 'p', '-o', 'ids', '--rps', '0']);
    assert.equal(result.code, 3);
    for (const n of [1, 2, 3]) assert.match(result.stderr, new RegExp(`failed: p/large${n}\\.png: 30105`));
    assert.equal(result.stdout.trim().split('\n').length, 1001);
    // 22 kB are halved twice: for each of the four first in flight; then one for each culprit
    const refused = posts(result).filter(isRefused);
    assert.ok(refused.length <= 4 * 2 + 3, `${refused.length} refused`);
    assert.ok(
      posts(result)
        .slice(12)
        .every((post) => !isRefused(post) || inputsIn(post) === 1),
    );
  });
}

test('time-outs halve a batch, and the run keeps to the size it learnt', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 120);
  const isSlow = (request: Recorded): boolean => request.method === 'POST' && inputsIn(request) > 10;
  world.intercept = (request) => (isSlow(request) ? { status: 504 } : undefined);
  const words = ['add', 'p', '-o', 'ids', '--batch-size', '40', '--concurrency', '1'];
  const result = await world.cli(words);
  assert.equal(result.code, 0);
  assert.equal(result.stdout.trim().split('\n').length, 120);
  assert.deepEqual(posts(result).map(inputsIn), [40, 40, 20, 20, ...Array.from({ length: 12 }, () => 10)]);
});

test('halves of a batch that timed out after its work was done are found in the app, and are added', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 8);
  let isFirst = true;
  world.intercept = async (request) => {
    if (request.method !== 'POST' || inputsIn(request) < 8) return undefined;
    if (isFirst) await world.raw('POST', '/v2/inputs', request.json);
    isFirst = false;
    return { status: 504 };
  };
  const result = await world.cli(['add', 'p', '-o', 'ndjson']);
  assert.equal(result.code, 0);
  assert.match(result.stderr, / 8 added/);
  assert.equal((await world.ids()).length, 8);
});

test('a batch that succeeded once is not a guide: a later time-out halves only that batch', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 32);
  let seen = 0;
  world.intercept = ({ method }) => {
    seen += Number(method === 'POST');
    return method === 'POST' && (seen === 2 || seen === 3) ? { status: 504 } : undefined;
  };
  const result = await world.cli(['add', 'p', '--batch-size', '8', '--concurrency', '1']);
  assert.deepEqual(posts(result).map(inputsIn), [8, 8, 8, 4, 4, 8, 8]);
});
