import type { Payload } from '../../core/model/steps.js';
import { mergeConcepts, parseConceptFlag, parseGeo, parseMeta, parseMetadata } from '../../core/model/payload.js';
import { findRoundedNumbers } from '../../core/model/rounded-numbers.js';
import type { OnInexactNumbers } from '../../core/rows/schema.js';
import { UsageError } from '../../errors.js';
import type { ReadingContext } from '../../session/file-chunks.js';
import { fileText } from '../../session/option-files.js';
import type { RowValues } from '../../session/option-rows.js';
import type { JsonObject } from '../../wire/json.js';
import type { WireConcept, WireGeo } from '../../wire/messages.js';
import { collect, readOption } from './values.js';

/** Concepts, metadata and geo, each as commander's `option` takes it. */
export const payloadOptions = {
  concept: ['-c, --concept <name[=1|0]>', 'concept that is present, or with =0 absent (repeatable)', collect],
  metadata: ['--metadata <json|@file>', 'metadata, a JSON object'],
  meta: ['--meta <key=value>', 'text value for a top-level metadata key (repeatable)', collect],
  geo: ['--geo <lon,lat>', 'longitude and latitude'],
} as const;

type PayloadValues = RowValues<(typeof payloadOptions)[keyof typeof payloadOptions]>;

/** The payload options for every source, before a metadata file is read. */
export interface PayloadRequest {
  readonly concepts: readonly WireConcept[];
  readonly metadata: JsonObject | undefined;
  /** A file whose JSON object comes before the rest of the metadata. */
  readonly metadataFile: string | undefined;
  readonly geo: WireGeo | undefined;
  /** Numbers of the metadata that the service can't keep as they are written. */
  readonly inexactNumbers: readonly string[];
}

/** Reads concepts, metadata and geo. Throws UsageError. */
export function parsePayload({ concept = [], metadata, meta = [], geo }: PayloadValues): PayloadRequest {
  const isFile = fileOf(metadata) !== undefined;
  if (metadata === '@') throw new UsageError('--metadata @ names no file');
  const json = isFile ? undefined : metadata;
  const fromJson = json === undefined ? [] : [parseMetadata(json, '--metadata')];
  return {
    concepts: mergeConcepts(concept.map(parseConceptFlag)),
    metadata: mergeMetadata([...fromJson, ...meta.map((text) => readOption('--meta', () => parseMeta(text)))]),
    metadataFile: fileOf(metadata),
    geo: geo === undefined ? undefined : readOption('--geo', () => parseGeo(geo)),
    inexactNumbers: findRoundedNumbers(json ?? ''),
  };
}

function fileOf(metadata: string | undefined): string | undefined {
  return metadata?.startsWith('@') === true ? metadata.slice(1) : undefined;
}

/** Metadata of several origins as one object, by top-level key; the later one wins. */
export function mergeMetadata(parts: readonly JsonObject[]): JsonObject | undefined {
  return parts.length === 0 ? undefined : parts.reduce((sum, part) => ({ ...sum, ...part }));
}

/** The payload with its metadata file read. Throws UsageError if that can't be. */
export async function readPayload(
  request: PayloadRequest,
  context: ReadingContext,
  onInexactNumbers: OnInexactNumbers,
): Promise<Payload> {
  const { concepts, geo, metadataFile: file } = request;
  onInexactNumbers(request.inexactNumbers, '--metadata');
  if (file === undefined) return { concepts, metadata: request.metadata, geo, datasetIds: [] };
  const json = await fileText(file, '--metadata @', context);
  onInexactNumbers(findRoundedNumbers(json), file);
  const metadata = { ...parseMetadata(json.replace(/^\ufeff/, ''), file), ...request.metadata };
  return { concepts, metadata, geo, datasetIds: [] };
}
