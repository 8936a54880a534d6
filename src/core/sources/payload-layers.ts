import { decodeText } from '../rows/text-decoder.js';
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';
import { UsageError } from '../../errors.js';
import type { Draft, Payload } from '../model/steps.js';
import { readFailure } from '../files/read-failure.js';
import { normalizeName, mergePayload } from '../model/payload.js';
import { jsonRow } from '../rows/json-rows.js';
import { onlyFields } from '../rows/row-fields.js';
import { maxRowChars, type OnInexactNumbers, type RowSchema } from '../rows/schema.js';

/** Options for payload that comes from around a file. */
export interface PayloadSources {
  readonly cwd: string;
  /** The name of the folder that holds it is a concept. */
  readonly conceptFromDir: boolean;
  /** Its path relative to the working folder goes to `metadata.path`. */
  readonly recordPath: boolean;
  /** `x.jpg.json` beside `x.jpg` holds what is to be sent with it. */
  readonly sidecars: boolean;
  readonly onInexactNumbers: OnInexactNumbers;
}

const sidecarEnd = '.json';

/**
 * What is to be sent with a source: what every source is given, over that what its place and its sidecar say, and
 * over all its row in a manifest.
 *
 * @throws UsageError for a sidecar that can't be read
 */
export function collectPayload({ media, payload, own }: Draft, layers: PayloadSources): Payload {
  if (media.at !== 'file') return mergePayload(payload, own);
  const around = [
    folderPayload(media.path, layers),
    layers.sidecars ? readSidecar(media.path, layers) : undefined,
    own,
  ];
  return around.reduce<Payload>(mergePayload, payload);
}

function folderPayload(
  path: string,
  { cwd, conceptFromDir, recordPath }: PayloadSources,
): Partial<Payload> | undefined {
  if (!conceptFromDir && !recordPath) return undefined;
  const folder = normalizeName(basename(dirname(path)));
  return {
    // the root has no name
    ...(conceptFromDir && folder !== '' && { concepts: [{ id: folder, value: 1 }] }),
    ...(recordPath && { metadata: { path: relative(cwd, path).split(sep).join('/') } }),
  };
}

/** True for a file that belongs to the one beside it. */
export function isSidecar(path: string): boolean {
  return path.endsWith(sidecarEnd) && isFile(path.slice(0, -sidecarEnd.length));
}

const schema: RowSchema = {
  name: 'sidecar',
  known: onlyFields(['concepts', 'metadata', 'geo', 'dataset_ids']),
  required: [],
};

function readSidecar(mediaPath: string, { cwd, onInexactNumbers }: PayloadSources): Partial<Payload> | undefined {
  const path = mediaPath + sidecarEnd;
  if (!isFile(path)) return undefined;
  const { fields, problem, inexactNumbers } = jsonRow(1, textOf(path), schema);
  if (problem !== undefined) throw new UsageError(`its sidecar ${basename(path)} ${problem}`);
  onInexactNumbers(inexactNumbers, relative(cwd, path));
  return fields;
}

function textOf(path: string): string {
  try {
    if (statSync(path).size > maxRowChars) throw new UsageError(`is longer than ${maxRowChars} bytes`);
    return decodeText(readFileSync(path));
  } catch (error) {
    throw new UsageError(`its sidecar ${basename(path)}: ${readFailure(error)}`, { cause: error });
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
