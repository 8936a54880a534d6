import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { TempFolder } from '../temp-folder.js';
import { runBuf } from './buf.js';

const committedFolder = fileURLToPath(new URL('../../src/wire/proto', import.meta.url));

test('the generated messages are what `npm run proto` makes of the schema', async (t) => {
  const fresh = new TempFolder(t).path;
  await runBuf('generate', 'src/wire/proto', '--template', 'src/wire/proto/buf.gen.yaml', '-o', fresh);
  const names = readdirSync(fresh);
  const isGenerated = (name: string): boolean => name.endsWith('_pb.ts');
  assert.deepEqual(readdirSync(committedFolder).filter(isGenerated), names);
  for (const name of names) {
    assert.equal(readFileSync(join(committedFolder, name), 'utf8'), readFileSync(join(fresh, name), 'utf8'), name);
  }
});
