import { isList, isObject, valueAt, type Json, type JsonObject } from '../../src/wire/json.js';
import type { Answer } from './operations.js';

/** What all ids of this command begin with, so that none is taken for somebody else's. */
export const familyPrefix = 'clarifai-inputs-live-';

/** `400 11102`; over gRPC the code alone, or `gRPC 12` where the call failed. */
export function statusText({ http, grpc, body }: Answer): string {
  const code = valueAt(body, ['status', 'code']);
  const codeText = typeof code === 'number' || typeof code === 'string' ? String(code) : 'no status code';
  if (grpc === 0) return codeText;
  if (grpc !== undefined) return `gRPC ${grpc}`;
  return `${http} ${codeText}`;
}

/** The status, then the codes of the inputs in the order of the answer: `207 10010: 30001, 30104`. */
export function outcomeText(answer: Answer): string {
  const codes = inputsOf(answer).map((input) => codeOf(input));
  return codes.length === 0 ? statusText(answer) : `${statusText(answer)}: ${codes.join(', ')}`;
}

/** The inputs of an answer. */
export function inputsOf({ body }: Pick<Answer, 'body'>, list = 'inputs'): readonly JsonObject[] {
  const inputs = body[list];
  return isList(inputs) ? inputs.filter(isObject) : [];
}

/** The ids of the inputs of an answer, in its order. */
export function idsOf(answer: Pick<Answer, 'body'>): readonly string[] {
  return inputsOf(answer).map(({ id }) => (typeof id === 'string' ? id : ''));
}

/** The code of an input, as it came. */
export function codeOf(input: JsonObject | undefined): string {
  const code = valueAt(input, ['status', 'code']);
  return code === undefined ? 'none' : text(code);
}

/** The one input of an answer. */
export function inputOf({ body }: Pick<Answer, 'body'>): JsonObject | undefined {
  return isObject(body['input']) ? body['input'] : undefined;
}

/** A part of an input's data. */
export function dataOf(input: JsonObject | undefined, ...path: readonly string[]): Json | undefined {
  return valueAt(input, ['data', ...path]);
}

/** `cat=1 dog=0`, in the order of the answer. */
export function conceptsText(concepts: Json | undefined): string {
  if (!isList(concepts) || concepts.length === 0) return 'no concepts';
  return concepts
    .filter(isObject)
    .map(({ id, value }) => `${text(id).replace(familyPrefix, '')}=${text(value)}`)
    .join(' ');
}

/** `r1 0.1` for each region: its id and its top edge. */
export function regionsText(regions: Json | undefined): string {
  if (!isList(regions) || regions.length === 0) return 'no regions';
  return regions
    .filter(isObject)
    .map((region) => `${text(region['id'])} ${text(valueAt(region, ['region_info', 'bounding_box', 'top_row']))}`)
    .join(', ');
}

/** JSON with its keys in order, so that the same data is the same text. */
export function jsonText(value: Json | undefined): string {
  return value === undefined ? 'none' : JSON.stringify(sorted(value));
}

/** A value as it reads in a sentence. */
export function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : value === undefined ? 'none' : JSON.stringify(value);
}

function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
