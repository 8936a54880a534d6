import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { isObject } from '../../../src/wire/json.js';
import { openWorld, rows, type World } from '../../harness.js';
import { MemoryInput } from '../../memory-streams.js';
import { writeImages } from '../../tiny-images.js';

const names = ['p/0000.png', 'p/0001.png', 'p/0002.png'];

async function openPictures(t: TestContext): Promise<World> {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), names.length);
  return world;
}

/** Writes the first line, and each further one when the one before it was sent; then the end. */
function writeWhenSent(world: World, lines: readonly string[], output: NodeJS.WritableStream): void {
  const left = [...lines];
  const writeNext = (): void => {
    const line = left.shift();
    if (line === undefined) output.end();
    else output.write(`${line}\n`);
  };
  writeNext();
  world.intercept = ({ method, path }) => {
    if (method === 'POST' && path.endsWith('/inputs')) writeNext();
    return undefined;
  };
}

/** How many inputs each request added. */
function batchSizes(requests: World['requests']): readonly number[] {
  return requests.flatMap(({ method, json }) => {
    const inputs = method === 'POST' && isObject(json) ? json['inputs'] : undefined;
    return Array.isArray(inputs) ? [inputs.length] : [];
  });
}

const forms: readonly { readonly words: readonly string[]; readonly lines: readonly string[] }[] = [
  { words: ['-'], lines: names },
  { words: ['--files-from', '-'], lines: names },
  { words: ['--url-list', '-'], lines: names.map((name) => `https://samples.clarifai.com/${name}`) },
  { words: ['--manifest', '-'], lines: names.map((path) => JSON.stringify({ path })) },
  { words: ['-', '--on-conflict', 'replace'], lines: names },
  { words: ['-', '--on-failed', 'retry'], lines: names },
  { words: ['-', '--failures', 'failed.ndjson'], lines: names },
];

for (const { words, lines } of forms) {
  test(`add ${words.join(' ')} sends each line before the next one comes`, async (t) => {
    const world = await openPictures(t);
    const input = new MemoryInput(undefined, true);
    writeWhenSent(world, lines, input);
    const { code, requests } = await world.cli(['add', ...words], { input });
    assert.equal(code, 0);
    assert.deepEqual(batchSizes(requests), [1, 1, 1]);
  });
}

test('add replaces what the app has before the next line comes', async (t) => {
  const world = await openPictures(t);
  await world.cli(['add', 'p']);
  const input = new MemoryInput(undefined, true);
  writeWhenSent(world, names, input);
  const { code, requests } = await world.cli(['add', '-', '--on-conflict', 'replace'], { input });
  assert.equal(code, 0);
  assert.deepEqual(batchSizes(requests), [1, 1, 1]);
});

test('add sends the lines of a FIFO before the next one comes', async (t) => {
  const world = await openPictures(t);
  const fifo = join(world.dir, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const running = world.cli(['add', '--files-from', fifo]);
  writeWhenSent(world, names, createWriteStream(fifo));
  const { code, requests } = await running;
  assert.equal(code, 0);
  assert.deepEqual(batchSizes(requests), [1, 1, 1]);
});

test('add waits for what a pause sent while the list goes on', async (t) => {
  const world = await openPictures(t);
  const input = new MemoryInput(undefined, true);
  input.write(`${names[0] ?? ''}\n`);
  let polls = 0;
  world.intercept = ({ method, query }) => {
    // the look-up before it is sent, then the polls until it is indexed
    polls += method === 'GET' && query.has('ids') ? 1 : 0;
    if (polls === 3) input.end(`${names[1] ?? ''}\n`);
    return undefined;
  };
  const { code, stdout } = await world.cli(['add', '-'], { input });
  assert.equal(code, 0);
  assert.deepEqual(
    rows(stdout).map(({ source, outcome }) => [source, outcome]),
    [
      [names[0], 'added'],
      [names[1], 'added'],
    ],
  );
});

test('a list that comes fast goes in full batches', async (t) => {
  const world = await openWorld(t);
  const urls = Array.from({ length: 300 }, (_, index) => `https://samples.clarifai.com/${index}.jpg\n`);
  const { code, requests } = await world.cli(['add', '-'], { stdin: urls.join('') });
  assert.equal(code, 0);
  assert.deepEqual(batchSizes(requests), [128, 128, 44]);
});
