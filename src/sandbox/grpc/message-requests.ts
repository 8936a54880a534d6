import type { JsonObject } from '../../wire/json.js';
import { type MediaKind, mediaKinds } from '../../wire/messages.js';
import type { UserAppIDSet } from '../../wire/proto/accounts_pb.js';
import type { Concept, Data, Input, Region } from '../../wire/proto/inputs_pb.js';
import type { DataSourceCredentials, DataSourceURL, InputsDataSource } from '../../wire/proto/jobs_pb.js';
import type { Geo } from '../../wire/proto/media_pb.js';
import { lastOfEachId } from '../requests/annotations.js';
import type { BucketCredentials, DataSource } from '../requests/data-source-requests.js';
import type { GivenInput, GivenMedia, PatchedInput } from '../requests/input-requests.js';
import type { NamedApp } from '../requests/named-app.js';
import { badFormat } from '../requests/refusals.js';
import { newId } from '../state/ids.js';
import type { Annotations, InputTemplate, StoredConcept, StoredRegion } from '../state/records.js';
import { decimalOf } from './decimals.js';
import { regionInfoJson } from './region-info.js';

/** The app that a message names. */
export function readNamedApp(named: UserAppIDSet | undefined): NamedApp {
  const { userId = '', appId = '' } = named ?? {};
  return { user: userId || undefined, app: appId || undefined };
}

/** An input to add. Its bytes are a view of the message's. */
export function readInput({ id, data, datasetIds }: Input): GivenInput {
  return {
    id: id || undefined,
    media: data ? readMedia(data) : [],
    annotations: data ? readAnnotations(data) : {},
    datasetIds,
  };
}

/** An input to change. */
export function readPatchedInput({ id, data }: Input): PatchedInput {
  return { id, annotations: data ? readAnnotations(data) : {} };
}

/** A bucket to be read. */
export function readDataSource(source: InputsDataSource): DataSource {
  const { inputsAddJobId, url, inputIdConflictResolution, inputTemplate } = source;
  return {
    addJobId: inputsAddJobId || undefined,
    ...readDataSourceUrl(url),
    conflictResolution: inputIdConflictResolution,
    template: readTemplate(inputTemplate),
  };
}

function readDataSourceUrl(place: DataSourceURL | undefined): Pick<DataSource, 'url' | 'credentials'> {
  return { url: place?.url ?? '', credentials: place?.credentials && readCredentials(place.credentials) };
}

function readTemplate(input: Input | undefined): InputTemplate {
  if (input === undefined) return { annotations: {}, datasetIds: [] };
  const { annotations, datasetIds } = readInput(input);
  return { annotations, datasetIds };
}

function readCredentials({ credentials }: DataSourceCredentials): BucketCredentials | undefined {
  switch (credentials.case) {
    case 's3Creds':
      return { id: credentials.value.id, secret: credentials.value.secret };
    case 'azureBlobCreds':
      return { id: credentials.value.accountName, secret: credentials.value.accountKey };
    case 'gcpCreds':
      return { id: '', secret: Buffer.from(credentials.value).toString('base64') };
    case undefined:
      return undefined;
  }
}

function readMedia(data: Data): readonly GivenMedia[] {
  return mediaKinds.flatMap((kind) => {
    const medium = data[kind];
    if (medium === undefined) return [];
    const { url, allowDuplicateUrl } = medium;
    const bytes = bytesOf(data, kind);
    return [{ kind, url: url.trim() || undefined, bytes, isDuplicateUrlAllowed: allowDuplicateUrl }];
  });
}

function bytesOf(data: Data, kind: MediaKind): Buffer | undefined {
  if (kind === 'text') return data.text?.raw ? Buffer.from(data.text.raw) : undefined;
  const { buffer, byteOffset, byteLength } = data[kind]?.base64 ?? new Uint8Array();
  return byteLength === 0 ? undefined : Buffer.from(buffer, byteOffset, byteLength);
}

/** An empty field counts as unset: protobuf does not tell the two apart. */
function readAnnotations({ concepts, metadata, geo, regions }: Data): Annotations {
  return {
    concepts: concepts.length > 0 ? lastOfEachId(concepts.map(readConcept)) : undefined,
    metadata: metadata && readStruct(metadata),
    geo: geo && readGeo(geo),
    regions: regions.length > 0 ? regions.map(readRegion) : undefined,
  };
}

/** A value left out is 0 here; that it is 1 is a rule of JSON alone. */
function readConcept({ id, name, value }: Concept): StoredConcept {
  return { id, name: name || id, value: decimalOf(value) };
}

function readGeo({ geoPoint }: Geo): Annotations['geo'] {
  if (geoPoint === undefined) return null;
  return { geo_point: { longitude: decimalOf(geoPoint.longitude), latitude: decimalOf(geoPoint.latitude) } };
}

function readRegion({ id, regionInfo, data, value, trackId }: Region): StoredRegion {
  if (!Number.isFinite(value)) throw badFormat('The value of a region is not a number.');
  return {
    id: id || newId(),
    info: regionInfo && readStruct(regionInfoJson(regionInfo)),
    value: value === 0 ? undefined : decimalOf(value),
    trackId: trackId || undefined,
    annotations: data && readAnnotations(data),
  };
}

/** A struct may hold numbers that JSON cannot: infinity and NaN. */
function readStruct(struct: JsonObject): JsonObject {
  if (!isFinite(struct)) throw badFormat('A number is not finite.');
  return struct;
}

function isFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isFinite);
}
