import type { JsonObject } from '../../wire/json.js';
import { maxBodyBytes, maxInputsPerRequest, type PatchAction } from '../../wire/messages.js';
import type { NewInput } from '../new-input.js';
import { isIdempotentPatch } from '../policy/repeatable.js';
import type { InputPatch, ListPage, PageNumber, RequestSizes, StreamPage, UploadProgress } from '../service.js';
import type { RestCall } from './attempt.js';
import { emptyBodyBytes, encodedBytes, postInputsBody, type EncodeBuffers } from './body.js';
import type { RequestBody } from './exchange.js';

/** Sizes of the JSON bodies that this transport sends. */
export const restSizes: RequestSizes = {
  maxRequestBytes: maxBodyBytes,
  emptyRequestBytes: emptyBodyBytes,
  sizeOf: encodedBytes,
  sizeOfPatch: ({ id, data }) => Buffer.byteLength(JSON.stringify({ id, data })) + 1,
};

/** POST /inputs */
export function addCall(inputs: readonly NewInput[], buffers: EncodeBuffers, upload: UploadProgress): RestCall {
  return {
    method: 'POST',
    path: '/inputs',
    body: postInputsBody(inputs, buffers, upload),
    repeatable: inputs.every((input) => input.id !== undefined),
    divisible: inputs.length > 1,
  };
}

/** PATCH /inputs */
export function patchCall(action: PatchAction, patches: readonly InputPatch[]): RestCall {
  const body = jsonBody(patchBody(action, patches));
  const repeatable = patches.every(({ data }) => isIdempotentPatch(action, data));
  return { method: 'PATCH', path: '/inputs', body, repeatable };
}

/** DELETE /inputs */
export function deleteManyCall(selection: JsonObject): RestCall {
  return { method: 'DELETE', path: '/inputs', body: jsonBody(selection) };
}

/** GET /inputs/status */
export function countCall(background: boolean): RestCall {
  return { method: 'GET', path: '/inputs/status', background };
}

/** The body of PATCH /inputs. */
export function patchBody(action: PatchAction, patches: readonly InputPatch[]): JsonObject {
  return { inputs: patches.map(({ id, data }) => ({ id, data })), action };
}

/** GET /inputs, one page. */
export function listCall({ page, perPage, statusCode }: ListPage): RestCall {
  const query = new URLSearchParams({ page: String(page), per_page: String(perPage) });
  if (statusCode !== undefined) query.set('status.code', String(statusCode));
  return { method: 'GET', path: `/inputs?${query.toString()}` };
}

/** GET /inputs?ids= */
export function lookUpCall(ids: readonly string[], background: boolean): RestCall {
  const query = new URLSearchParams(ids.map((id): [string, string] => ['ids', id]));
  query.set('per_page', String(maxInputsPerRequest));
  return { method: 'GET', path: `/inputs?${query.toString()}`, background };
}

/** GET /inputs/stream */
export function streamCall({ lastId, perPage, descending, background = false }: StreamPage): RestCall {
  const query = new URLSearchParams({ per_page: String(perPage) });
  if (lastId !== undefined) query.set('last_id', lastId);
  if (descending) query.set('descending', 'true');
  return { method: 'GET', path: `/inputs/stream?${query.toString()}`, namesInput: lastId !== undefined, background };
}

/** GET /concepts. Source: the proto's ListConcepts. */
export function conceptsCall({ page, perPage }: PageNumber): RestCall {
  const query = new URLSearchParams({ page: String(page), per_page: String(perPage) });
  return { method: 'GET', path: `/concepts?${query.toString()}`, optional: true };
}

/** GET /datasets. Source: the proto's ListDatasets. */
export function datasetsCall({ page, perPage }: PageNumber): RestCall {
  const query = new URLSearchParams({ page: String(page), per_page: String(perPage) });
  return { method: 'GET', path: `/datasets?${query.toString()}`, optional: true };
}

/** GET /datasets/{id}/inputs */
export function datasetInputsCall(dataset: string, { page, perPage }: PageNumber): RestCall {
  const query = new URLSearchParams({ page: String(page), per_page: String(perPage) });
  return { method: 'GET', path: `${datasetPath(dataset)}?${query.toString()}`, namesInput: true };
}

/** POST or DELETE /datasets/{id}/inputs */
export function membershipCall(method: 'POST' | 'DELETE', dataset: string, ids: readonly string[]): RestCall {
  return { method, path: datasetPath(dataset), body: jsonBody(membershipBody(method, ids)), namesInput: true };
}

/** The body of POST or DELETE /datasets/{id}/inputs. */
export function membershipBody(method: 'POST' | 'DELETE', ids: readonly string[]): JsonObject {
  return method === 'POST' ? { dataset_inputs: ids.map((id) => ({ input: { id } })) } : { input_ids: [...ids] };
}

/** The path of a dataset's inputs, after the app. */
export function datasetPath(dataset: string): string {
  return `/datasets/${encodeURIComponent(dataset)}/inputs`;
}

/** GET or DELETE /inputs/{id} */
export function inputCall(method: 'GET' | 'DELETE', id: string): RestCall {
  return { method, path: `/inputs/${encodeURIComponent(id)}`, namesInput: true };
}

/** A small body, made at once. */
export function jsonBody(value: JsonObject): RequestBody {
  const bytes = Buffer.from(JSON.stringify(value));
  return { lengthBytes: bytes.length, chunks: () => [bytes] };
}

/** Words that routes of their own stand behind. Source: the proto's paths. */
const pathWords = new Set(['status', 'stream', 'searches', 'uploads', 'data_sources', 'jobs', '.', '..']);

/** True for an id that can't be asked for by a path of its own. */
export function isPathWord(id: string): boolean {
  return pathWords.has(id);
}
