import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import stringWidth from 'string-width';
import { isList, valueAt, type Json } from '../../../src/wire/json.js';
import {
  fixture,
  Interrupt,
  openWorld,
  type CliOptions,
  type CliResult,
  type World,
  type WorldOptions,
} from '../../harness.js';
import type { Typing } from '../../memory-streams.js';
import { writeImages } from '../../tiny-images.js';

/** What gives the terminal's former lines back. */
const leaving = '\u001b[?1049l';

const colour = { TERM: 'xterm-256color', COLORTERM: 'truecolor', TMUX: undefined, KITTY_WINDOW_ID: undefined };

/** A world whose app has so many pictures, `0000` and so on. */
async function filled(t: TestContext, count: number, options: WorldOptions = {}): Promise<World> {
  const world = await openWorld(t, { ...options, env: { ...colour, ...options.env } });
  writeImages(join(world.dir, 'p'), count);
  await world.cli(['add', 'p', '--id-from', 'name', '-q']);
  return world;
}

async function tag(
  world: World,
  typing: readonly Typing[],
  { words = [], ...options }: CliOptions & { readonly words?: readonly string[] } = {},
): Promise<CliResult> {
  return await world.cli(['patch', '--interactive', ...words], { tty: true, typing, ...options });
}

async function concepts(world: World): Promise<Readonly<Record<string, unknown>>> {
  const inputs = await world.inputs();
  const entries = inputs.map(({ id, data }) => {
    const list = isList(data['concepts']) ? data['concepts'] : [];
    return [id, list.map(conceptOf)] as const;
  });
  return Object.fromEntries(entries);
}

function conceptOf(concept: Json): string {
  const [id, value] = [valueAt(concept, ['id']), valueAt(concept, ['value'])];
  assert.ok(typeof id === 'string' && typeof value === 'number');
  return `${id}=${value}`;
}

/** What moves the cursor. */
// eslint-disable-next-line no-control-regex -- it is what is looked for
const moves = /\u001b\[\d*;?\d*[HGAJK]/g;

const patches = (result: CliResult): number => result.requests.filter(({ method }) => method === 'PATCH').length;

test('inputs are tagged by keys, with their picture above', async (t) => {
  const world = await filled(t, 3);
  const result = await tag(world, [
    { after: '▀', keys: '+dog\r' },
    { after: '[x] dog', keys: '+cat\r2\r' },
    { after: /2\/3[^]*▀/, keys: '1\r' },
    { after: '3/3', keys: 's' },
    { after: 'the last one', keys: '\r' },
  ]);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(await concepts(world), { '0000': ['dog=1', 'cat=0'], '0001': ['dog=1'], '0002': [] });
  assert.equal(result.stdout, '');
  assert.ok(result.stderr.includes(leaving));
  assert.match(result.stderr, /2 inputs: 2 patched/);
});

test('the concepts of the app have keys from the start, and a mark goes through them', async (t) => {
  const world = await filled(t, 1);
  await world.cli(['patch', '0000', '-c', 'sun', '-c', 'rain=0']);
  const result = await tag(world, [{ after: /\[x\] sun[^]*\[-\] rain|\[-\] rain[^]*\[x\] sun/, keys: '12q' }]);
  assert.equal(result.code, 0);
  const after = await concepts(world);
  assert.ok(JSON.stringify(after).includes('sun=0') && !JSON.stringify(after).includes('rain'), JSON.stringify(after));
});

test('keys faster than a slow service need fewer requests than inputs, and nothing is lost', async (t) => {
  const world = await filled(t, 40, { faults: { latencyMs: 30 } });
  const result = await tag(world, [
    { after: '1/40', keys: `+dog\r\r${'1\r'.repeat(39)}` },
    { after: 'the last one', keys: '\r' },
  ]);
  assert.equal(result.code, 0, result.stderr);
  assert.ok(Object.values(await concepts(world)).every((list) => isList(list) && list[0] === 'dog=1'));
  assert.ok(patches(result) < 20, `${patches(result)} requests`);
});

test('a second run with --where untagged=true goes on where the first stopped', async (t) => {
  const world = await filled(t, 5);
  const first = await tag(world, [{ after: '1/5', keys: '+dog\r\r1\rq' }]);
  assert.equal(first.code, 0);
  const second = await tag(world, [{ after: '1/3  0002', keys: 'q' }], { words: ['--where', 'untagged=true'] });
  assert.equal(second.code, 0);
});

test('ids are taken in their order, and one that is missing is named with exit 3', async (t) => {
  const world = await filled(t, 3);
  const result = await tag(
    world,
    [
      { after: '1/2  0002', keys: '+dog\r\r' },
      { after: '2/2  0000', keys: 'q' },
    ],
    {
      words: ['0002', 'gone', '0000'],
    },
  );
  assert.equal(result.code, 3);
  assert.match(result.stderr, /gone/);
  assert.deepEqual((await concepts(world))['0002'], ['dog=1']);
});

test('Ctrl-C saves what was left and ends with 130', async (t) => {
  const world = await filled(t, 3);
  const result = await tag(world, [
    { after: '1/3', keys: '+dog\r\r' },
    { after: '2/3', keys: '1\u0003' },
  ]);
  assert.equal(result.code, 130);
  assert.deepEqual(await concepts(world), { '0000': ['dog=1'], '0001': [], '0002': [] });
});

test('a signal from outside lets what is on its way end, and ends with 143', async (t) => {
  const world = await filled(t, 3);
  const interrupt = new Interrupt();
  world.intercept = ({ method }) => {
    if (method === 'PATCH') interrupt.press('SIGTERM');
    return undefined;
  };
  const result = await tag(world, [{ after: '1/3', keys: '+dog\r\r' }], { interrupt });
  assert.equal(result.code, 143);
  assert.deepEqual((await concepts(world))['0000'], ['dog=1']);
});

test('a save that fails is told at once and at the end, with exit 3', async (t) => {
  const world = await filled(t, 2);
  world.intercept = ({ method, body }) =>
    method === 'PATCH' && body.includes('0000')
      ? { status: 400, body: { status: { code: 11102, description: 'Invalid request' } } }
      : undefined;
  const result = await tag(world, [
    { after: '1/2', keys: '+dog\r\r' },
    { after: 'failed: 0000: 11102', keys: '1\r' },
    { after: 'the last one', keys: '\r' },
  ]);
  assert.equal(result.code, 3);
  assert.match(result.stderr.slice(result.stderr.indexOf(leaving)), /0000.*11102/);
  assert.deepEqual((await concepts(world))['0001'], ['dog=1']);
});

test('a picture that cannot be had or drawn says so in its place, and stops nothing', async (t) => {
  const world = await openWorld(t, { env: colour });
  const damaged = readFileSync(fixture('photos', 'cat', 'Ginger cat.jpg'));
  world.write('cut.jpg', damaged.subarray(0, damaged.length / 2));
  world.write('good.jpg', damaged);
  const urls = ['http://127.0.0.1:9/gone.jpg', `${world.sandbox.url}/`];
  for (const source of ['cut.jpg', 'good.jpg']) await world.cli(['add', source, '--id-from', 'name', '--no-wait']);
  await world.raw('POST', '/v2/inputs', {
    inputs: urls.map((url, n) => ({ id: `url${n}`, data: { image: { url } } })),
  });
  const result = await tag(
    world,
    [
      { after: "can't be decoded", keys: '\r' },
      { after: '▀', keys: '\r' },
      { after: 'not shown: GET http://127.0.0.1:9', keys: '\r' },
      { after: 'not shown: what is at its address is not a picture', keys: '\r' },
      { after: 'the last one', keys: '\r' },
    ],
    { words: ['cut', 'good', 'url0', 'url1'] },
  );
  assert.equal(result.code, 0, result.stderr);
});

test('videos, sounds and texts are told in words', async (t) => {
  const world = await openWorld(t, { env: colour });
  world.write('note.txt', 'hello \u001b[31mred');
  await world.cli(['add', 'note.txt', '--id-from', 'name']);
  await world.raw('POST', '/v2/inputs', {
    inputs: [{ id: 'v', data: { video: { url: 'http://127.0.0.1:9/v.mp4' } } }],
  });
  const result = await tag(world, [
    { after: 'hello [31mred', keys: '\r' },
    { after: /video[^]*cannot play it[^]*http:\/\/127\.0\.0\.1:9\/v\.mp4/, keys: 'q' },
  ]);
  assert.equal(result.code, 0, result.stderr);
});

test('without colours the states are told apart, and no picture is drawn', async (t) => {
  const world = await filled(t, 1);
  await world.cli(['patch', '0000', '-c', 'sun', '-c', 'rain=0', '-c', 'fog']);
  await world.cli(['patch', '0000', '--remove-concept', 'fog']);
  const result = await tag(world, [{ after: 'sun', keys: 'q' }], { env: { NO_COLOR: '1' } });
  assert.equal(result.code, 0);
  for (const part of ['[x] sun', '[-] rain', 'A terminal with 256 colors or more shows it']) {
    assert.ok(result.stderr.includes(part), part);
  }
  assert.doesNotMatch(result.stderr, /▀|\[[0-9;]*3[0-9][0-9;]*m/);
});

test('a terminal that knows no escape sequences gets none', async (t) => {
  const world = await filled(t, 2);
  const result = await tag(
    world,
    [
      { after: '1/2', keys: '+dog\r\r' },
      { after: '2/2', keys: 'q' },
    ],
    {
      env: { TERM: 'dumb', COLORTERM: undefined },
    },
  );
  assert.equal(result.code, 0);
  assert.ok(!result.stderr.includes('\u001b'));
  assert.deepEqual((await concepts(world))['0000'], ['dog=1']);
});

test('no line is wider than a terminal of 40 columns', async (t) => {
  const world = await filled(t, 1);
  await world.cli(['patch', '0000', '-c', '犬'.repeat(15), '-c', 'x'.repeat(40), '-c', 'fox']);
  const result = await tag(
    world,
    [
      { after: 'fox', keys: '?' },
      { after: 'quit', keys: 'q' },
      { after: 'fox', keys: '+é' },
      { after: '(new)', keys: '\u001b' },
      { after: 'fox', keys: 'q' },
    ],
    { columns: 40 },
  );
  assert.equal(result.code, 0);
  const lines = result.stderr
    .replaceAll(moves, '\n')
    .split('\n')
    .map((line) => stringWidth(line));
  assert.ok(Math.max(...lines) <= 40, `${Math.max(...lines)} columns`);
});

test('what an input says cannot paint the terminal', async (t) => {
  const world = await filled(t, 1);
  const name = 'a\u001b]0;evil\u0007\u202Eb';
  await world.raw('PATCH', '/v2/inputs', {
    action: 'merge',
    inputs: [{ id: '0000', data: { concepts: [{ id: 'c', name }], metadata: { path: name } } }],
  });
  const result = await tag(world, [{ after: '1/1', keys: 'q' }]);
  for (const part of ['\u001b]0;', '\u202E']) assert.ok(!result.stderr.includes(part));
});

test('without a person to ask it is exit 2, and names --from', async (t) => {
  const world = await filled(t, 1);
  for (const [words, options] of [
    [[], {}],
    [['--no-input'], { tty: true }],
    [['-'], { tty: true }],
  ] as const) {
    const result = await world.cli(['patch', '--interactive', ...words], options);
    assert.deepEqual([result.code, result.requests.length], [2, 0]);
    assert.match(result.stderr, /--from/);
  }
});

test('what says the changes beforehand is exit 2 beside --interactive', async (t) => {
  const world = await filled(t, 1);
  for (const words of [['-c', 'x=0'], ['--meta', 'a=b'], ['--dry-run'], ['--from', 'f'], ['--remove-geo']]) {
    const result = await tag(world, [], { words });
    assert.deepEqual([result.code, result.requests.length], [2, 0], words.join(' '));
    assert.match(result.stderr, /cannot be used with/);
  }
});

test('an app without inputs has nothing to tag', async (t) => {
  const world = await openWorld(t, { env: colour });
  const result = await tag(world, []);
  assert.equal(result.code, 0);
  assert.match(result.stderr, /nothing to tag/);
});
