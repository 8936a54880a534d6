import type { Command } from 'commander';
import { mergeConcepts, parseConceptFlag, parseGeo, parseMeta, parseMetadata } from '../../core/model/payload.js';
import { UsageError } from '../../errors.js';
import type { WireConcept, WireGeo } from '../../wire/messages.js';
import type { JsonObject } from '../../wire/json.js';
import { collect, text, texts, type Flags } from './values.js';

/** What the flags say is to be sent with every source, before a metadata file is read. */
export interface PayloadFlags {
  readonly concepts: readonly WireConcept[];
  readonly metadata: JsonObject | undefined;
  /** A file whose JSON object comes before the rest of the metadata. */
  readonly metadataFile: string | undefined;
  readonly geo: WireGeo | undefined;
}

/** Declares concepts, metadata and geo. */
export function addPayloadOptions(command: Command): Command {
  return command
    .option('-c, --concept <name[=1|0]>', 'a concept that is present, or with =0 absent (repeatable)', collect)
    .option('--metadata <json|@file>', 'metadata, a JSON object')
    .option('--meta <key=value>', 'a text under a top-level key of the metadata (repeatable)', collect)
    .option('--geo <lon,lat>', 'longitude and latitude');
}

/** Reads concepts, metadata and geo. Throws UsageError. */
export function parsePayload(flags: Flags): PayloadFlags {
  const given = text(flags, 'metadata');
  const isFile = given?.startsWith('@') === true;
  if (given === '@') throw new UsageError('--metadata @ names no file');
  const fromJson = given === undefined || isFile ? undefined : parseMetadata(given, '--metadata');
  const pairs = texts(flags, 'meta').map(parseMeta);
  const geo = text(flags, 'geo');
  return {
    concepts: mergeConcepts(texts(flags, 'concept').map(parseConceptFlag)),
    metadata: merged(fromJson === undefined ? pairs : [fromJson, ...pairs]),
    metadataFile: isFile ? given.slice(1) : undefined,
    geo: geo === undefined ? undefined : parseGeo(geo),
  };
}

/** Metadata of several places as one object, by top-level key; the later one wins. */
export function merged(parts: readonly JsonObject[]): JsonObject | undefined {
  return parts.length === 0 ? undefined : parts.reduce((sum, part) => ({ ...sum, ...part }));
}
