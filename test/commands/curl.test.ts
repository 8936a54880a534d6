import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { openWorld, testKey, type World } from '../harness.js';
import { pngOf, writeImages } from '../tiny-images.js';

/** Runs what was printed, as somebody who pasted it. */
async function shell(world: World, script: string): Promise<void> {
  const env = { PATH: process.env['PATH'], CLARIFAI_PAT: testKey, NO_PROXY: '*' };
  await promisify(execFile)('sh', ['-ec', script], { env, cwd: world.dir });
}

/** What a command prints with `--curl`, without a key and without a request. */
async function printed(world: World, words: readonly string[]): Promise<string> {
  const env = { CLARIFAI_PAT: undefined };
  const result = await world.cli([...words, '--curl'], { env });
  assert.deepEqual([result.code, result.requests.length], [0, 0], result.stderr);
  assert.doesNotMatch(result.stdout, new RegExp(testKey));
  return result.stdout;
}

test('add --curl prints commands that add the same inputs', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 3);
  world.write("it's big.png", pngOf(99, 300_000));
  world.write('note.txt', 'two lines,\nquotes \' " and a \\ and ü\n');
  const words = ['add', 'p', "it's big.png", 'note.txt', 'https://example.com/a.jpg', '-c', "it's", '--geo', '1,2'];
  await shell(world, await printed(world, words));
  world.clock.advance(2000);
  const byCurl = await world.inputs();
  assert.equal(byCurl.length, 6);
  assert.deepEqual(
    (await world.cli([...words, '-o', 'ndjson'])).requests.filter(({ method }) => method === 'POST'),
    [],
  );
  const other = await openWorld(t);
  for (const { data } of byCurl) assert.deepEqual(data['geo'], { geo_point: { longitude: 1, latitude: 2 } });
  assert.equal((await other.cli(words, { cwd: world.dir })).code, 0);
  const withoutPlace = ({ id, data }: { id: string; data: unknown }): unknown => [
    id,
    JSON.parse(JSON.stringify(data).replaceAll(/"http:[^"]*"/g, '""')),
  ];
  assert.deepEqual((await other.inputs()).map(withoutPlace), byCurl.map(withoutPlace));
});

test('rm --curl prints commands that delete one, many, or all', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 5);
  await world.cli(['add', 'p', '--id-from', 'name']);
  const left = async (): Promise<readonly string[]> => {
    await world.clock.sleep(1000);
    return await world.ids();
  };
  await shell(world, await printed(world, ['rm', '0000']));
  assert.deepEqual(await left(), ['0001', '0002', '0003', '0004']);
  await shell(world, await printed(world, ['rm', '0001', '0002']));
  assert.deepEqual(await left(), ['0003', '0004']);
  await shell(world, await printed(world, ['rm', '--all']));
  assert.deepEqual(await left(), []);
});
