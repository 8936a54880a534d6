import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateMessages, schemaFolder } from './generate.js';

// npm run proto: generates the messages in src/wire/proto again after a change to the schema.

const cacheFolder = mkdtempSync(join(tmpdir(), 'clarifai-inputs-buf-'));
try {
  await generateMessages(schemaFolder, cacheFolder);
} finally {
  rmSync(cacheFolder, { recursive: true, force: true });
}
