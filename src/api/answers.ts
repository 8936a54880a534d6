import { isList, isObject, valueAt, type Json, type JsonObject } from '../wire/json.js';
import { mediaKinds, type CountName, type MediaKind } from '../wire/messages.js';
import { codesByName, statusCodes } from '../wire/status.js';

/** A status of a request or of one input. */
export interface Status {
  /** 0 where none was given. */
  readonly code: number;
  readonly description: string;
  readonly details: string;
}

/** One input of an answer. */
export interface AppInput {
  /** '' where the service gave none. */
  readonly id: string;
  readonly status: Status;
  readonly concepts: readonly AppConcept[];
  readonly metadata: JsonObject | undefined;
  readonly geo: GeoPoint | undefined;
  readonly regions: readonly Json[];
  /** Most inputs have one; some have text beside a picture. */
  readonly media: readonly AppMedia[];
  /** Milliseconds since the epoch. */
  readonly createdMs: number | undefined;
  readonly modifiedMs: number | undefined;
  /** All that the service sent, as the API spells it in JSON. */
  readonly raw: JsonObject;
}

/** A concept of the app. */
export interface Concept {
  readonly id: string;
  /** The id where the service gives no name. */
  readonly name: string;
}

/** A concept on an input: 1 for present, 0 for absent. */
export interface AppConcept extends Concept {
  readonly value: number;
}

export interface GeoPoint {
  readonly longitude: number;
  readonly latitude: number;
}

/** Media of an input. */
export interface AppMedia {
  readonly kind: MediaKind;
  /** The address it was added from. */
  readonly url: string | undefined;
  /** The service's own copies: each is at prefix/size/suffix. */
  readonly hosted: { readonly prefix: string; readonly suffix: string; readonly sizes: readonly Json[] } | undefined;
  readonly text: string | undefined;
  /** Facts that the service found, such as width and height, as the API spells them. */
  readonly info: Json | undefined;
}

export type Counts = Readonly<Record<CountName, number>>;

/** The answer's own `status`, however old the gateway that wrote it. Early builds sent `{"status": "NOT_FOUND"}`. */
export function statusOf(value: unknown): Status & { readonly reqId: string | undefined } {
  const status = isObject(value) ? value['status'] : undefined;
  if (typeof status === 'string') {
    const message = isObject(value) ? value['status_msg'] : undefined;
    return { code: codeOf(status), description: status, details: textOf(message), reqId: undefined };
  }
  if (!isObject(status)) return { code: 0, description: '', details: '', reqId: undefined };
  return {
    code: codeOf(status['code']),
    description: textOf(status['description']),
    details: textOf(status['details']),
    reqId: textOf(status['req_id']) || undefined,
  };
}

/** A status code: a number, a number as text, or a name such as `CONN_THROTTLED`; 0 for anything else. */
export function codeOf(value: unknown): number {
  if (typeof value === 'string')
    return (Object.hasOwn(codesByName, value) ? codesByName[value] : wholeNumber(value)) ?? 0;
  return wholeNumber(value) ?? 0;
}

/** The inputs of an answer, or undefined if it has no such list. Entries without an id keep their place with id ''. */
export function inputsOf(body: JsonObject): readonly AppInput[] | undefined {
  const inputs = body['inputs'];
  return isList(inputs) ? inputs.map(decodeInput) : undefined;
}

/** The one input of an answer, or undefined if it has none. */
export function inputOf(body: JsonObject): AppInput | undefined {
  return isObject(body['input']) ? decodeInput(body['input']) : undefined;
}

/** The concepts of an answer; proto3's JSON leaves an empty list out. Undefined if it is not a list. */
export function conceptsOf(body: JsonObject): readonly Concept[] | undefined {
  const concepts = body['concepts'] ?? [];
  if (!isList(concepts)) return undefined;
  return concepts.filter(isObject).map(({ id, name }) => ({ id: textOf(id), name: textOf(name) || textOf(id) }));
}

/** The ids of the datasets of an answer. Undefined if it is not a list. */
export function datasetIdsOf(body: JsonObject): readonly string[] | undefined {
  const datasets = body['datasets'] ?? [];
  if (!isList(datasets)) return undefined;
  return datasets.filter(isObject).flatMap(({ id }) => (typeof id === 'string' && id !== '' ? [id] : []));
}

/** The inputs of an answer about a dataset, each with how it stands there. Undefined if it is not a list. */
export function datasetInputsOf(body: JsonObject): readonly AppInput[] | undefined {
  const inputs = body['dataset_inputs'] ?? [];
  return isList(inputs) ? inputs.map((entry) => decodeInput(valueAt(entry, ['input']))) : undefined;
}

/** The eight counts; one that is left out is 0. Undefined if the answer has no counts at all. */
export function countsOf(body: JsonObject): Counts | undefined {
  const counts = body['counts'];
  if (!isObject(counts)) return undefined;
  const of = (name: CountName): number => wholeNumber(counts[name]) ?? 0;
  return {
    processed: of('processed'),
    to_process: of('to_process'),
    errors: of('errors'),
    processing: of('processing'),
    reindexed: of('reindexed'),
    to_reindex: of('to_reindex'),
    reindex_errors: of('reindex_errors'),
    reindexing: of('reindexing'),
  };
}

/** Codes that say "not now": throttled, busy, timed out. Source: the service's status code pages. */
const busyCodes = new Set<number>([
  statusCodes.tryAgain,
  statusCodes.hourlyLimit,
  statusCodes.throttled,
  40011,
  40013,
  40015,
  40016,
  40030,
  40031,
  statusCodes.timedOut,
  41000,
]);

/** 98xxx are the service's internal troubles. */
export function isBusyCode(code: number): boolean {
  return busyCodes.has(code) || (code >= 98000 && code < 99000);
}

/** True for an account whose quota is used up: no further input will pass. */
export function isQuotaCode(code: number): boolean {
  return code === statusCodes.monthlyLimit || code === statusCodes.exceedsLimits;
}

/** Codes of one input after which adding it once more may help: download and storage trouble, a busy service. */
export function isTransientCode(code: number): boolean {
  return (
    isBusyCode(code) ||
    code === statusCodes.inputFailed ||
    code === statusCodes.inputStorageHostFailed ||
    code === statusCodes.inputConnectionFailed
  );
}

/** Reads an input of the API's JSON. */
export function decodeInput(value: unknown): AppInput {
  return new DecodedInput(isObject(value) ? value : {});
}

/** The decoded `data` of an input, and its times. */
type InputDetails = Omit<AppInput, 'id' | 'status' | 'raw'>;

/** Its details are read when first asked for: most lists are printed as they came. */
class DecodedInput implements AppInput {
  readonly id: string;
  readonly status: Status;
  readonly raw: JsonObject;
  #details: InputDetails | undefined;

  constructor(raw: JsonObject) {
    this.id = textOf(raw['id']);
    this.status = statusOf(raw);
    this.raw = raw;
  }

  get concepts(): readonly AppConcept[] {
    return this.#read().concepts;
  }

  get metadata(): JsonObject | undefined {
    return this.#read().metadata;
  }

  get geo(): GeoPoint | undefined {
    return this.#read().geo;
  }

  get regions(): readonly Json[] {
    return this.#read().regions;
  }

  get media(): readonly AppMedia[] {
    return this.#read().media;
  }

  get createdMs(): number | undefined {
    return this.#read().createdMs;
  }

  get modifiedMs(): number | undefined {
    return this.#read().modifiedMs;
  }

  #read(): InputDetails {
    return (this.#details ??= decodeDetails(this.raw));
  }
}

function decodeDetails(raw: JsonObject): InputDetails {
  const data = isObject(raw['data']) ? raw['data'] : {};
  const { metadata, concepts, regions } = data;
  return {
    concepts: (isList(concepts) ? concepts : []).flatMap(decodeConcept),
    metadata: isObject(metadata) ? metadata : undefined,
    geo: decodeGeo(valueAt(data, ['geo', 'geo_point'])),
    regions: isList(regions) ? regions : [],
    media: mediaKinds.flatMap((kind) => decodeMedia(kind, data[kind])),
    createdMs: decodeTime(raw['created_at']),
    modifiedMs: decodeTime(raw['modified_at']),
  };
}

function decodeConcept(concept: Json): readonly AppConcept[] {
  if (!isObject(concept)) return [];
  const { id, name, value } = concept;
  if (typeof id !== 'string' || id === '') return [];
  // JSON leaves out what is 1
  return [{ id, name: textOf(name) || id, value: typeof value === 'number' ? value : 1 }];
}

function decodeGeo(point: Json | undefined): GeoPoint | undefined {
  const [longitude, latitude] = [valueAt(point, ['longitude']), valueAt(point, ['latitude'])];
  return typeof longitude === 'number' && typeof latitude === 'number' ? { longitude, latitude } : undefined;
}

function decodeMedia(kind: MediaKind, media: Json | undefined): readonly AppMedia[] {
  if (!isObject(media)) return [];
  const { url, raw, hosted } = media;
  const [prefix, suffix, sizes] = ['prefix', 'suffix', 'sizes'].map((name) => valueAt(hosted, [name]));
  const isHosted = typeof prefix === 'string' && typeof suffix === 'string';
  return [
    {
      kind,
      url: textOf(url) || undefined,
      hosted: isHosted ? { prefix, suffix, sizes: isList(sizes) ? sizes : [] } : undefined,
      text: typeof raw === 'string' ? raw : undefined,
      info: media[`${kind}_info`],
    },
  ];
}

function decodeTime(text: Json | undefined): number | undefined {
  const ms = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
