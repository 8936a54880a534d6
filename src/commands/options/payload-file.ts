import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Payload } from '../../core/model/steps.js';
import { parseMetadata } from '../../core/model/payload.js';
import { messageOf, UsageError } from '../../errors.js';
import type { PayloadFlags } from './payload.js';

/** The payload with its metadata file read. Throws UsageError if that can't be. */
export async function completePayload(flags: PayloadFlags, cwd: string): Promise<Payload> {
  const { concepts, geo, metadataFile: file } = flags;
  if (file === undefined) return { concepts, metadata: flags.metadata, geo, datasetIds: [] };
  let json: string;
  try {
    json = await readFile(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`--metadata @${file}: ${messageOf(error)}`, { cause: error });
  }
  const metadata = { ...parseMetadata(json.replace(/^\ufeff/, ''), file), ...flags.metadata };
  return { concepts, metadata, geo, datasetIds: [] };
}
