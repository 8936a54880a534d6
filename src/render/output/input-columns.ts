import { statusOf } from '../../api/answers.js';
import { isObject, valueAt, type Json, type JsonObject } from '../../wire/json.js';
import { conceptText } from '../../core/model/payload.js';
import type { Column } from './record-format.js';

const mediaKinds = ['image', 'video', 'audio', 'text'] as const;

/** What a table or CSV shows of an input unless fields are asked for. */
export const inputColumns: readonly Column[] = [
  { name: 'id', value: (input) => input['id'] },
  { name: 'type', value: typesOf },
  { name: 'status', value: statusText },
  { name: 'concepts', value: conceptsOf },
  { name: 'created_at', value: (input) => input['created_at'] },
];

function typesOf(input: JsonObject): string {
  const data = input['data'];
  return isObject(data) ? mediaKinds.filter((kind) => Object.hasOwn(data, kind)).join('+') : '';
}

function statusText(input: JsonObject): string {
  const { code, description } = statusOf(input);
  return code === 0 ? '' : `${code} ${description}`.trimEnd();
}

/** Separated by `;`, each as it is spelled everywhere. */
function conceptsOf(input: JsonObject): string {
  const concepts = valueAt(input, ['data', 'concepts']);
  return Array.isArray(concepts) ? concepts.map(conceptOf).join(';') : '';
}

function conceptOf(concept: Json): string {
  const id = valueAt(concept, ['id']);
  const value = valueAt(concept, ['value']);
  return typeof id === 'string' ? conceptText(id, value === 0 ? 0 : 1) : '';
}
