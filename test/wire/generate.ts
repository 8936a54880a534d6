import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBuf } from './buf.js';

/** Where the schema lies, and the messages that are generated from it. */
export const schemaFolder = fileURLToPath(new URL('../../src/wire/proto', import.meta.url));

/** The names of the generated files of a folder, those in folders below it included. */
export function listGenerated(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('_pb.ts')).toSorted();
}

/** Generates the messages of the schema into a folder. */
export async function generateMessages(folder: string, cacheFolder: string): Promise<void> {
  const template = join(schemaFolder, 'buf.gen.yaml');
  await runBuf({ args: ['generate', schemaFolder, '--template', template, '-o', folder], cacheFolder });
  for (const name of listGenerated(folder)) {
    const path = join(folder, name);
    writeFileSync(path, shortened(readFileSync(path, 'utf8')));
  }
}

/** What each field and schema is made from stands in the `.proto`; repeated here, it is more than half of the lines. */
function shortened(text: string): string {
  return text
    .replace('/* eslint-disable */\n', '')
    .replaceAll(/^ *\/\*\*\n *\* @generated from .*\n *\*\/\n/gm, '')
    .replaceAll(/^ *\*\n *\* @generated from .*\n/gm, '')
    .replaceAll(/^\/\*\*\n \* Describes the .*\n(?: \* Use .*\n)? \*\/\n/gm, '')
    .replaceAll(/;\n\n(?= {2}\S)/g, ';\n');
}
