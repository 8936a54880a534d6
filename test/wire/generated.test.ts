import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { TempFolder } from '../temp-folder.js';
import { runBuf } from './buf.js';

const schemaFolder = fileURLToPath(new URL('../../src/wire/proto', import.meta.url));

function listGenerated(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('_pb.ts')).toSorted();
}

test('the generated messages are what `npm run proto` makes of the schema', async (t) => {
  const { path } = new TempFolder(t);
  const fresh = join(path, 'generated');
  const template = join(schemaFolder, 'buf.gen.yaml');
  await runBuf({
    args: ['generate', schemaFolder, '--template', template, '-o', fresh],
    cacheFolder: join(path, 'cache'),
  });
  const names = listGenerated(fresh);
  assert.deepEqual(listGenerated(schemaFolder), names);
  for (const name of names) {
    assert.equal(readFileSync(join(schemaFolder, name), 'utf8'), readFileSync(join(fresh, name), 'utf8'), name);
  }
});
