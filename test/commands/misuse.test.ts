import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWorld } from '../harness.js';

test('what was typed wrong is named on one line that no terminal obeys, with what to type next', async (t) => {
  const world = await openWorld(t);
  const lines: readonly (readonly [readonly string[], string])[] = [
    [['lsit'], 'Did you mean list?'],
    [['li\u001b[31m\u202est'], 'clarifai-inputs --help'],
    [['list', '--ge\u001b]0;x\u0007o'], 'clarifai-inputs help list'],
    [['list', '--per-page', '1\n2\u001b[2J'], 'clarifai-inputs help list'],
    [['config', 'set'], 'clarifai-inputs help config'],
  ];
  for (const [words, hint] of lines) {
    const { code, stderr, requests } = await world.cli(words, { tty: true });
    assert.deepEqual([code, requests.length], [2, 0], words.join(' '));
    assert.match(stderr, /^error: (?:[^\p{Cc}\u202e]|\n {2})+\nhint: [^\p{Cc}]+\n$/u);
    assert.ok(stderr.endsWith(`\nhint: ${hint}\n`), stderr);
  }
  const json = await world.cli(['list', '-o', 'json', '--per-page', 'x']);
  assert.match(
    json.stderr,
    /^\{"error":\{"message":"option '--per-page <n>' argument 'x' is invalid.*"exit_code":2\}\}\n$/,
  );
});

test('a number in metadata that is rounded is told as it was written', async (t) => {
  const world = await openWorld(t);
  world.write('m.json', '{"n":9007199254740993}');
  for (const [metadata, number] of [
    ['{"n":1546130668394913822,"s":"9007199254740993"}', '1546130668394913822'],
    ['@m.json', '9007199254740993'],
  ] as const) {
    const { code, stderr } = await world.cli(['add', 'https://h.test/a.jpg', '--metadata', metadata, '--no-wait']);
    assert.equal(code, 0, stderr);
    const warnings = stderr.split('\n').filter((line) => line.startsWith('warning: '));
    assert.equal(warnings.length, 1, stderr);
    assert.ok(warnings[0]?.includes(`${number} is stored as `), stderr);
  }
});

test('options of add that contradict each other are a mistake', async (t) => {
  const world = await openWorld(t);
  for (const options of [
    ['--id', 'x', '--id-from', 'hash'],
    ['--no-wait', '--wait-timeout', '5'],
  ]) {
    const { code, stderr, requests } = await world.cli(['add', 'https://h.test/a.jpg', ...options]);
    assert.deepEqual([code, requests.length], [2, 0], stderr);
    assert.match(stderr, /cannot be used with option/);
  }
});

test('a concept flag with another number than 0 or 1 is a mistake that says what to write', async (t) => {
  const world = await openWorld(t);
  for (const concept of ['dog=2', 'dog=0.5']) {
    const { code, stderr, requests } = await world.cli(['add', 'https://h.test/a.jpg', '-c', concept]);
    assert.deepEqual([code, requests.length], [2, 0]);
    assert.match(stderr, /hint: write 'dog', 'dog=0', or 'dog=/);
  }
});

test('a day that no month has, and a value that no concept has, are mistakes in a selector', async (t) => {
  const world = await openWorld(t);
  for (const day of ['2026-02-29', '2026-02-31T00:00:00Z', '2026-04-31', '2026-13-01']) {
    const { code, stderr, requests } = await world.cli(['list', '--where', `since=${day}`]);
    assert.deepEqual([code, requests.length], [2, 0], day);
    assert.match(stderr, /is not a time\n/);
  }
  assert.equal((await world.cli(['list', '--where', 'since=2028-02-29T23:00:00-05:00'])).code, 0);
  const { code, stderr } = await world.cli(['rm', '--where', 'concept=dog=0.5', '--yes']);
  assert.equal(code, 2);
  assert.match(stderr, /the value of a concept is 1 \(present\) or 0 \(absent\)/);
});

test("an option that names a file or an id takes no '', which is an unset variable", async (t) => {
  const world = await openWorld(t);
  const lines = [
    ['add', '--url-list'],
    ['add', '--files-from'],
    ['add', '--manifest'],
    ['add', 'x', '--failures'],
    ['add', 'x', '--dataset'],
    ['get', 'a', '--download'],
    ['patch', '--from'],
    ['patch', 'a', '-c', 'x', '--undo'],
    ['list', '--api-key-file'],
    ['sandbox', '--data'],
    ['sandbox', '--tls-cert'],
    ['sandbox', '--tls-key'],
  ];
  for (const words of lines) {
    const { code, stderr, requests } = await world.cli([...words, '']);
    assert.deepEqual([code, requests.length], [2, 0], words.join(' '));
    assert.match(stderr, /^error: option '[^\n]* is invalid\. Must not be empty\nhint: /);
  }
});
