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
