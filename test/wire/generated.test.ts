import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { TempFolder } from '../temp-folder.js';
import { generateMessages, listGenerated, schemaFolder } from './generate.js';

test('the generated messages are what `npm run proto` makes of the schema', async (t) => {
  const { path } = new TempFolder(t);
  const fresh = join(path, 'generated');
  await generateMessages(fresh, join(path, 'cache'));
  const names = listGenerated(fresh);
  assert.deepEqual(listGenerated(schemaFolder), names);
  for (const name of names) {
    assert.equal(readFileSync(join(schemaFolder, name), 'utf8'), readFileSync(join(fresh, name), 'utf8'), name);
  }
});
