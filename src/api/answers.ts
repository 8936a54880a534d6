import { isList, isObject, type JsonObject } from '../wire/json.js';
import type { CountName } from '../wire/messages.js';
import { codesByName } from '../wire/status.js';

/** A status of a request or of one input. */
export interface Status {
  /** 0 where none was given. */
  readonly code: number;
  readonly description: string;
  readonly details: string;
}

/** One input of an answer: the fields this tool judges by, and all that the service sent. */
export interface AppInput {
  readonly id: string;
  readonly status: Status;
  readonly raw: JsonObject;
}

/** A concept of the app. */
export interface Concept {
  readonly id: string;
  /** The id where the service gives no name. */
  readonly name: string;
}

export type Counts = Readonly<Record<CountName, number>>;

/** The answer's own `status`, however old the gateway that wrote it. Early builds sent `{"status": "NOT_FOUND"}`. */
export function statusOf(value: unknown): Status & { readonly reqId: string | undefined } {
  const status = isObject(value) ? value['status'] : undefined;
  if (typeof status === 'string') {
    const said = isObject(value) ? value['status_msg'] : undefined;
    return { code: codeOf(status), description: status, details: textOf(said), reqId: undefined };
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
  return Array.isArray(inputs) ? inputs.map((input: unknown) => appInput(input)) : undefined;
}

/** The one input of an answer, or undefined if it has none. */
export function inputOf(body: JsonObject): AppInput | undefined {
  return isObject(body['input']) ? appInput(body['input']) : undefined;
}

/** The concepts of an answer; proto3's JSON leaves an empty list out. Undefined for what is no list. */
export function conceptsOf(body: JsonObject): readonly Concept[] | undefined {
  const concepts = body['concepts'] ?? [];
  if (!isList(concepts)) return undefined;
  return concepts.filter(isObject).map(({ id, name }) => ({ id: textOf(id), name: textOf(name) || textOf(id) }));
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

function appInput(value: unknown): AppInput {
  const raw = isObject(value) ? value : {};
  return { id: textOf(raw['id']), status: statusOf(raw), raw };
}

function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
