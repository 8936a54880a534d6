import assert from 'node:assert/strict';
import stringWidth from 'string-width';
import test from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { openWorld } from '../harness.js';

const withoutBlanks = (text: string): string => text.replaceAll(/\s+/g, '');

for (const columns of [80, 60, 40]) {
  test(`in ${columns} columns a failure is wrapped at words, and nothing of it is cut`, async (t) => {
    const world = await openWorld(t);
    const name = `long/日本語のとても長いフォルダ/${'x'.repeat(30)}/broken picture.jpg`;
    world.write(name, 'no picture');
    const wide = await world.cli(['add', name]);
    for (const argv of [
      ['add', name],
      ['add', name, '--no-progress'],
    ]) {
      const result = await world.cli(argv, { tty: true, columns });
      assert.equal(result.code, 3);
      const failure = /^failed: .*broken picture.jpg: .*$/m.exec(wide.stderr)?.[0] ?? '';
      const shown = stripVTControlCharacters(result.stderr);
      assert.ok(withoutBlanks(shown).includes(withoutBlanks(failure)), shown);
    }
  });
}

test('off a terminal no line is wrapped', async (t) => {
  const world = await openWorld(t);
  const name = `${'folder/'.repeat(20)}none.jpg`;
  const result = await world.cli(['add', name], { columns: 40 });
  assert.match(result.stderr, new RegExp(`^failed: ${name}: no such file`, 'm'));
});

test('in a narrow terminal list shows every id whole', async (t) => {
  const world = await openWorld(t);
  const id = 'a'.repeat(32);
  await world.raw('POST', '/v2/inputs', { inputs: [{ id, data: { text: { raw: 'x' } } }] });
  const result = await world.cli(['list'], { tty: true, columns: 40 });
  for (const line of result.stdout.trimEnd().split('\n')) assert.ok(stringWidth(line) <= 40, line);
  assert.ok(result.stdout.includes(id), result.stdout);
});

test('a narrow terminal loses no column unsaid: fields that were asked for become lines', async (t) => {
  const world = await openWorld(t);
  const id = 'a'.repeat(48);
  const concepts = [{ id: 'a long name for a dog', value: 1 }];
  await world.raw('POST', '/v2/inputs', { inputs: [{ id, data: { text: { raw: 'x' }, concepts } }] });
  const usual = await world.cli(['list'], { tty: true, columns: 60 });
  assert.match(usual.stderr, /^no room for type, concepts, url; use a wider terminal, or\s+-o csv$/m);
  assert.doesNotMatch((await world.cli(['list'], { tty: true, columns: 160 })).stderr, /no room/);
  const asked = await world.cli(['list', '--fields', 'id,type,concepts'], { tty: true, columns: 60 });
  assert.equal(asked.stdout, `ID        ${id}\nTYPE      text\nCONCEPTS  a long name for a dog\n\n`);
  assert.doesNotMatch(asked.stderr, /no room/);
  const plan = await world.cli(['patch', id, '-c', 'cat', '--dry-run'], { tty: true, columns: 80 });
  assert.equal(
    plan.stdout,
    [
      'ACTION  merge',
      `ID      ${id}`,
      'FIELD   concepts',
      'BEFORE  a long name for a dog',
      'AFTER   a long name for a dog;cat\n\n',
    ].join('\n'),
  );
  const wide = await world.cli(['patch', id, '-c', 'cat', '--dry-run'], { tty: true, columns: 160 });
  assert.match(wide.stdout, /^ACTION {2}ID .* BEFORE .* AFTER\nmerge .*;cat\n$/);
});

test('status --concepts cuts no name: two with one beginning stay apart', async (t) => {
  const world = await openWorld(t);
  const names = ['one', 'two'].map((end) => `${'a long beginning '.repeat(4)}${end}`);
  const concepts = names.map((id) => ({ id, value: 1 }));
  await world.raw('POST', '/v2/inputs', { inputs: [{ id: 'a', data: { text: { raw: 'x' }, concepts } }] });
  const { stdout } = await world.cli(['status', '--concepts'], { tty: true, columns: 40 });
  for (const name of names) assert.ok(stdout.includes(name), stdout);
});

test('on a terminal list says how many more there are, and that there are none', async (t) => {
  const world = await openWorld(t);
  const empty = await world.cli(['list'], { tty: true });
  assert.deepEqual([empty.stdout, empty.stderr], ['', 'no inputs\n']);
  const inputs = ['a', 'b', 'c'].map((id) => ({ id, data: { text: { raw: id } } }));
  await world.raw('POST', '/v2/inputs', { inputs });
  const first = await world.cli(['list', '--per-page', '2'], { tty: true });
  assert.equal(first.stderr, 'showing 2 of 3 inputs; use --all to list all\n');
  const whole = await world.cli(['list', '--per-page', '3'], { tty: true });
  assert.equal(whole.stderr, '');
  const piped = await world.cli(['list', '--per-page', '2']);
  assert.deepEqual([piped.stderr, piped.requests.length], ['', 1]);
});

test('rm asks with the count, the app and the service; a no deletes nothing and is exit 130', async (t) => {
  const world = await openWorld(t, { env: { CLARIFAI_APP_ID: 'demo' } });
  const question = /Delete 2 inputs of app 'demo' at 127\.0\.0\.1:\d+\?/;
  const result = await world.cli(['rm', 'a', 'b'], {
    tty: true,
    columns: 120,
    typing: [{ after: question, keys: 'n\r' }],
  });
  assert.deepEqual([result.code, result.requests.length], [130, 0]);
  assert.match(result.stderr, /nothing deleted/);
});

for (const [word, command] of [
  ['upload', 'add'],
  ['delete', 'rm'],
  ['remove', 'rm'],
  ['update', 'patch'],
  ['tag', 'patch --interactive'],
] as const) {
  test(`${word} suggests the command that does it`, async (t) => {
    const world = await openWorld(t);
    const result = await world.cli([word, 'x']);
    assert.equal(result.code, 2);
    assert.match(result.stderr, new RegExp(`^hint: 'clarifai-inputs ${command}'`, 'm'));
  });
}

test('--api-key names the option that takes a file', async (t) => {
  const world = await openWorld(t);
  const result = await world.cli(['list', '--api-key', 'secret']);
  assert.equal(result.code, 2);
  assert.match(result.stderr, /^hint: .*--api-key-file FILE/m);
  assert.doesNotMatch(result.stderr, /secret/);
});
