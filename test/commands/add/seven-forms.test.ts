import assert from 'node:assert/strict';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixture } from '../../harness.js';
import { plan, planningWorld } from '../../planning.js';

const flags = ['-c', 'seen', '--meta', 'run=7', '--concept-from-dir', '--record-path'];

test('one set of photos given in seven forms plans the same inputs', async (t) => {
  const world = await planningWorld(t);
  cpSync(fixture('photos'), join(world.dir, 'photos'), { recursive: true });
  const paths = readdirSync(join(world.dir, 'photos'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(world.dir.length + 1));
  assert.equal(paths.length, 40);
  const lines = paths.join('\n');
  world.write('list.txt', `${lines}\n`);
  world.write('rows.ndjson', paths.map((path) => JSON.stringify({ path })).join('\n'));
  world.write('rows.csv', ['file', ...paths.map((path) => `"${path.replaceAll('"', '""')}"`)].join('\r\n'));
  const forms = [
    plan(world, ['photos', ...flags]),
    plan(world, ['photos/**', ...flags]),
    plan(world, [...paths, ...flags]),
    plan(world, ['-', ...flags], { stdin: lines }),
    plan(world, ['--files-from', '-', '--null', ...flags], { stdin: paths.join('\0') }),
    plan(world, ['--manifest', 'rows.ndjson', ...flags]),
    plan(world, ['--manifest', 'rows.csv', '--map', 'file=path', ...flags]),
  ];
  const texts = (await Promise.all(forms)).map(({ inputs, code }) => {
    assert.equal(code, 0);
    return inputs.map((input) => JSON.stringify(input)).toSorted();
  });
  assert.equal(texts[0]?.length, 40);
  for (const other of texts) assert.deepEqual(other, texts[0]);
  assert.match(texts[0][0] ?? '', /"seen".*"run":"7"/);
});
