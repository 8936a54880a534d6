import { type Json, type JsonObject, isList, isObject, valueAt } from '../../wire/json.js';
import { statusOf } from '../../api/answers.js';
import { conceptText } from '../../core/model/payload.js';
import { conceptsCell, geoCell } from '../../core/rows/write-cells.js';
import { mediaKinds } from '../../wire/messages.js';
import type { Column } from './record-format.js';

/** The default columns of tables and CSV. */
export const inputColumns: readonly Column[] = [
  { name: 'id', value: (input) => input['id'] },
  { name: 'type', value: typeText },
  { name: 'status', value: statusText },
  {
    name: 'concepts',
    value: conceptNames,
    csv: (input) => conceptsCell(valueAt(input, ['data', 'concepts'])),
    json: (input) => valueAt(input, ['data', 'concepts']),
  },
  { name: 'url', value: urlOf },
  { name: 'created_at', value: (input) => input['created_at'] },
  { name: 'metadata', value: metadataOf, isForTables: false },
  {
    name: 'geo',
    value: (input) => geoCell(valueAt(input, ['data', 'geo'])),
    json: (input) => valueAt(input, ['data', 'geo']),
    isForTables: false,
  },
];

function kindsOf(input: JsonObject): readonly string[] {
  const data = input['data'];
  return isObject(data) ? mediaKinds.filter((kind) => Object.hasOwn(data, kind)) : [];
}

function typeText(input: JsonObject): string {
  return kindsOf(input).join('+');
}

function urlOf(input: JsonObject): Json | undefined {
  const urls = kindsOf(input).map((kind) => valueAt(input, ['data', kind, 'url']));
  return urls.find((url) => url !== undefined && url !== '');
}

function statusText(input: JsonObject): string {
  const { code, description } = statusOf(input);
  return code === 0 ? '' : `${code} ${description}`.trimEnd();
}

/** Separated by `;`, each as it is spelled everywhere, by its name where it has one. */
function conceptNames(input: JsonObject): string {
  const concepts = valueAt(input, ['data', 'concepts']);
  return isList(concepts) ? concepts.flatMap(conceptName).join(';') : '';
}

function conceptName(concept: Json): readonly string[] {
  const [id, name, value = 1] = ['id', 'name', 'value'].map((key) => valueAt(concept, [key]));
  if (typeof id !== 'string' || typeof value !== 'number') return [];
  const shown = typeof name === 'string' && name !== '' ? name : id;
  return [value === 0 || value === 1 ? conceptText(shown, value) : `${shown}=${value}`];
}

function metadataOf(input: JsonObject): Json | undefined {
  const metadata = valueAt(input, ['data', 'metadata']);
  return isObject(metadata) && Object.keys(metadata).length === 0 ? undefined : metadata;
}
