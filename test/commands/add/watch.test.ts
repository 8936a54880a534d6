import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { isObject } from '../../../src/wire/json.js';
import { Interrupt, openWorld, rows, type CliResult, type World } from '../../harness.js';
import { pngOf } from '../../tiny-images.js';

/** Runs `add --watch`; each time a request adds inputs, the next thing happens, after the last one Ctrl-C. */
async function watchWhile(
  world: World,
  words: readonly string[],
  happenings: readonly (() => void)[],
  signalName: 'SIGINT' | 'SIGTERM' = 'SIGINT',
): Promise<CliResult> {
  const interrupt = new Interrupt();
  const left = [...happenings];
  world.intercept = ({ method, path }) => {
    if (method !== 'POST' || !path.endsWith('/inputs')) return undefined;
    const next = left.shift();
    if (next === undefined) interrupt.press(signalName);
    else next();
    return undefined;
  };
  return await world.cli(['add', '--watch', ...words], { interrupt });
}

function sourcesOf({ stdout }: CliResult): readonly unknown[] {
  return rows(stdout).map(({ source }) => source);
}

test('add --watch adds what comes in folders old and new, what was moved not again, and a folder that comes back', async (t) => {
  const world = await openWorld(t);
  world.write('in/a.png', pngOf(1));
  const result = await watchWhile(
    world,
    ['in'],
    [
      () => world.write('in/sub/deep/b.png', pngOf(2)),
      () => {
        renameSync(join(world.dir, 'in/a.png'), join(world.dir, 'in/sub/moved.png'));
        renameSync(join(world.dir, 'in'), join(world.dir, 'away'));
        mkdirSync(join(world.dir, 'in'));
        renameSync(join(world.dir, 'away/sub'), join(world.dir, 'in/sub'));
        world.write('in/c.png', pngOf(3));
      },
    ],
  );
  assert.deepEqual(sourcesOf(result), ['in/a.png', 'in/sub/deep/b.png', 'in/c.png']);
  assert.equal((await world.ids()).length, 3);
  assert.match(result.stderr, /^watching in; press Ctrl-C to stop$/m);
  assert.match(result.stderr, /^3 sources: /m);
  assert.doesNotMatch(result.stderr, /not all sources were read/);
});

for (const [name, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`add --watch ended by ${name} is exit ${code}, with the summary`, async (t) => {
    const world = await openWorld(t);
    world.write('in/a.png', pngOf(1));
    const result = await watchWhile(world, ['in'], [], name);
    assert.equal(result.code, code);
    assert.match(result.stderr, /^1 source: 1 (added|pending)/m);
  });
}

test('add --watch waits for the first file of a folder that is empty, and of a pattern', async (t) => {
  for (const source of ['in', 'in/*.png']) {
    const world = await openWorld(t);
    mkdirSync(join(world.dir, 'in'));
    const running = watchWhile(world, [source], []);
    world.write('in/a.png', pngOf(1));
    const result = await running;
    assert.deepEqual(sourcesOf(result), ['in/a.png']);
    assert.doesNotMatch(result.stderr, /nothing/);
  }
});

test('add --watch passes over what is excluded, hidden, of another type or of another shard', async (t) => {
  const world = await openWorld(t);
  world.write('in/a.png', pngOf(1));
  const result = await watchWhile(
    world,
    ['in', '!in/no', '--type', 'image'],
    [
      () => {
        world.write('in/no/b.png', pngOf(2));
        world.write('in/.c.png', pngOf(3));
        world.write('in/d.txt', 'text');
        world.write('in/e.png', pngOf(4));
      },
    ],
  );
  assert.deepEqual(sourcesOf(result), ['in/a.png', 'in/e.png']);
});

test('add --watch reads its lists and URLs first, and once', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  world.write('list', 'a.png\n');
  mkdirSync(join(world.dir, 'in'));
  const words = ['in', 'https://samples.clarifai.com/dog.jpg', '--files-from', 'list'];
  const result = await watchWhile(world, words, [() => world.write('in/b.png', pngOf(2))]);
  assert.deepEqual(sourcesOf(result), ['https://samples.clarifai.com/dog.jpg', 'a.png', 'in/b.png']);
});

test('add --watch adds a changed file as another input, and not one whose times alone changed', async (t) => {
  const world = await openWorld(t);
  const path = world.write('in/a.png', pngOf(1));
  const result = await watchWhile(
    world,
    ['in'],
    [
      () => {
        writeFileSync(path, pngOf(2));
      },
      () => {
        utimesSync(path, 1, 1);
        world.write('in/b.png', pngOf(3));
      },
    ],
  );
  assert.deepEqual(sourcesOf(result), ['in/a.png', 'in/a.png', 'in/b.png']);
  assert.equal((await world.ids()).length, 3);
});

test('add --watch sends a file that is moved or rewritten while it waits to be sent, once, as it is then', async (t) => {
  const world = await openWorld(t);
  const rewritten = world.write('in/a.png', pngOf(1));
  const moved = world.write('in/b.png', pngOf(2));
  const interrupt = new Interrupt();
  let looksLeft = 1;
  let sent = 0;
  world.intercept = ({ method, json }) => {
    // between the look at the files and the request that sends them
    if (method === 'GET' && looksLeft-- > 0) {
      writeFileSync(rewritten, pngOf(3));
      renameSync(moved, join(world.dir, 'in/c.png'));
    }
    const inputs = method === 'POST' && isObject(json) ? json['inputs'] : undefined;
    if (Array.isArray(inputs)) sent += inputs.length;
    if (sent === 3) interrupt.press();
    return undefined;
  };
  world.write('in/z.png', pngOf(4));
  const { stdout, stderr } = await world.cli(['add', 'in', '--watch', '-o', 'ids'], { interrupt });
  const expected = [2, 3, 4].map((n) => createHash('sha256').update(pngOf(n)).digest('hex').slice(0, 32));
  assert.deepEqual([...(await world.ids())].sort(), [...expected].sort());
  assert.doesNotMatch(stderr, /failed/);
  assert.match(stderr, /^3 sources: /m);
  assert.equal(new Set(stdout.trim().split('\n')).size, stdout.trim().split('\n').length);
});

test('add --watch warns of a changed file that keeps its id, and replaces it where it should', async (t) => {
  for (const rule of ['skip', 'replace']) {
    const world = await openWorld(t);
    const path = world.write('in/a.png', pngOf(1));
    const change = (): void => {
      writeFileSync(path, pngOf(2));
      if (rule === 'skip') world.write('in/b.png', pngOf(3));
    };
    const result = await watchWhile(world, ['in', '--id-from', 'name', '--on-conflict', rule], [change]);
    const warns = result.stderr.includes("warning: 'in/a.png' changed, and its input did not");
    assert.equal(warns, rule === 'skip');
    assert.deepEqual(sourcesOf(result), ['in/a.png', rule === 'skip' ? 'in/b.png' : 'in/a.png']);
  }
});

test('add --watch waits for a service that is gone for an hour, where add gives up', async (t) => {
  for (const isWatching of [true, false]) {
    const world = await openWorld(t);
    world.write('in/a.png', pngOf(1));
    const interrupt = new Interrupt();
    const backMs = world.clock.now() + 3_600_000;
    world.intercept = ({ method, path }) => {
      if (world.clock.now() < backMs) return 'drop';
      if (method === 'POST' && path.endsWith('/inputs')) interrupt.press();
      return undefined;
    };
    const { code, stderr } = await world.cli(['add', 'in', ...(isWatching ? ['--watch'] : [])], { interrupt });
    assert.equal(code, isWatching ? 130 : 6);
    if (isWatching) assert.match(stderr, /^no response from \S+ \(attempt \d+\)$/m);
    assert.equal((await world.ids()).length, isWatching ? 1 : 0);
  }
});

test('add --watch with nothing to watch is exit 2', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  const { code, stderr, requests } = await world.cli(['add', '--watch', 'a.png', 'https://samples.clarifai.com/a.jpg']);
  assert.equal(code, 2);
  assert.match(stderr, /--watch requires a folder or pattern to watch/);
  assert.equal(requests.length, 0);
});
