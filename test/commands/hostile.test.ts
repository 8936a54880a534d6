import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWorld, rows, onlyRest } from '../harness.js';
import { plan, planningWorld } from '../planning.js';
import { pngOf, writeImages } from '../tiny-images.js';

// What a manifest, a list or the service may hold, and no well-meaning one does

const torn = '\\ud800';

const badRows: readonly (readonly [string, RegExp])[] = [
  [`{"path":"a.png","concepts":["${torn}"]}`, /half of a surrogate pair/],
  [`{"path":"a.png","concepts":[{"id":"${torn}"}]}`, /half of a surrogate pair/],
  [`{"path":"a.png","metadata":{"${torn}":1}}`, /half of a surrogate pair/],
  [`{"path":"a.png","metadata":{"a":["${torn}"]}}`, /half of a surrogate pair/],
  [`{"text":"${torn}"}`, /half of a surrogate pair/],
  [`{"url":"http://h/${torn}"}`, /half of a surrogate pair/],
  ['{"path":"a.png","metadata":{"a":1e999}}', /a number that is too large/],
  ['{"path":"a.png","metadata":{"a":[-1e999]}}', /a number that is too large/],
  ['{"path":"a\\u0000.png"}', /path: contains a NUL character/],
  ['{"path":""}', /path: is empty/],
];

for (const [row, problem] of badRows) {
  test(`a manifest's row ${row} is named by its line, and spoils no request for the others`, async (t) => {
    const world = await planningWorld(t);
    world.write('a.png', pngOf(1));
    const result = await plan(world, ['--manifest', '-'], { stdin: `${row}\n{"path":"a.png"}\n` });
    assert.deepEqual([result.code, result.inputs.length], [3, 1]);
    assert.match(result.stderr, /^failed: .*line 1/);
    assert.match(result.stderr, problem);
  });
}

test('whole pairs, and backslashes before a u, are texts like any other', async (t) => {
  const world = await planningWorld(t);
  const metadata = { a: '\ud83d\ude00', b: '\\ud800' };
  const row = JSON.stringify({ text: 'x', metadata }).replace('😀', '\\ud83d\\ude00');
  const result = await plan(world, ['--manifest', '-'], { stdin: row });
  assert.equal(result.code, 0, result.stderr);
});

test('metadata that would arrive as something else is refused as a flag, too', async (t) => {
  const world = await planningWorld(t);
  world.write('a.png', pngOf(1));
  for (const json of ['{"a":1e999}', `{"a":"${torn}"}`]) {
    const { code, stderr } = await world.cli(['add', 'a.png', '--metadata', json]);
    assert.equal(code, 2);
    assert.match(stderr, /^error: --metadata contains /);
  }
});

test('a table in UTF-16 without a mark that says so is refused by its header', async (t) => {
  const world = await planningWorld(t);
  world.write('m.csv', Buffer.from('path\na.png\n', 'utf16le'));
  const { code, stderr } = await world.cli(['add', '--manifest', 'm.csv']);
  assert.equal(code, 2);
  assert.match(stderr, /^error: m\.csv: the header is not UTF-8\nhint: /);
});

test('an id that is not Unicode is named, not a bug', async (t) => {
  const world = await openWorld(t);
  for (const command of [['get'], ['rm', '--yes'], ['status']]) {
    const { code, stderr } = await world.cli([...command, '-'], { stdin: `{"id":"${torn}"}\n` });
    assert.equal(code, 2, command.join(' '));
    assert.match(stderr, /^error: stdin line 1 id: contains half of a surrogate pair/);
  }
});

test('an answer that is nested too deep to be printed is told, not a bug', onlyRest, async (t) => {
  const world = await openWorld(t);
  const deep = '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000);
  const input = `{"id":"a","status":{"code":30000},"data":{"metadata":${deep}}}`;
  world.intercept = () => ({ status: 200, body: `{"status":{"code":10000},"inputs":[${input}],"input":${input}}` });
  const lines = [
    ['list'],
    ['get', 'a'],
    ['list', '-o', 'csv', '--fields', 'data.metadata'],
    ['list', '--where', 'meta.a=1'],
    ['patch', 'a', '-c', 'x', '--undo', 'u.ndjson'],
  ];
  for (const words of lines) {
    const { code, stderr } = await world.cli(words);
    assert.equal(code, 1, words.join(' '));
    assert.match(stderr, /^error: the service sent an input that is nested too deep/m);
  }
});

test('a sandbox whose data are damaged inside is exit 1, with what to do', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 40);
  await world.cli(['--sandbox', 'add', 'p', '-q']);
  const file = join(world.dir, '.data', 'clarifai-inputs', 'sandbox', 'data.mdb');
  const bytes = readFileSync(file);
  // values are JSON: what begins them is spoilt, and no page of the tree
  for (let at = bytes.indexOf('"createdMs":'); at >= 0; at = bytes.indexOf('"createdMs":', at + 1))
    bytes.write('#', at);
  writeFileSync(file, bytes);
  const { code, stderr } = await world.cli(['--sandbox', 'list', '--retries', '0']);
  assert.equal(code, 1, stderr);
  assert.match(stderr, /^error: cannot use the sandbox's data directory [^\n]*\nhint: move it away to begin anew\n$/);
});

test('a stream whose cursor leads nowhere ends', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 1);
  await world.cli(['add', 'p', '-q']);
  const [input] = await world.inputs();
  world.intercept = () => ({ status: 200, body: { status: { code: 10000 }, inputs: [input] } });
  const { code, stdout, stderr, requests } = await world.cli(['stream']);
  assert.deepEqual([code, rows(stdout).length, requests.length], [6, 1, 2]);
  assert.match(stderr, /^error: GET \/inputs\/stream: after '\w+' the same inputs come again\nhint: /);
});

test('a list whose page numbers lead nowhere ends', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 1);
  await world.cli(['add', 'p', '-q']);
  const [input] = await world.inputs();
  world.intercept = () => ({ status: 200, body: { status: { code: 10000 }, inputs: [input] } });
  const { code, stdout, stderr, requests } = await world.cli(['list', '--all', '--per-page', '1']);
  assert.deepEqual([code, rows(stdout).length, requests.length], [6, 1, 2]);
  assert.match(stderr, /^error: GET \/inputs: page 2 is page 1 again\nhint: /);
});
