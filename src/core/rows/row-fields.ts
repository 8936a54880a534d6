import { type Json, isObject, valueAt } from '../../wire/json.js';
import { UsageError } from '../../errors.js';
import { mediaKinds, patchActions, type MediaKind } from '../../wire/messages.js';
import { parseGeo } from '../model/payload.js';
import {
  parseChoice,
  parseConcepts,
  parseConceptsCell,
  parseCount,
  parseGeoJson,
  parseIdCell,
  parseJsonCell,
  parseJsonText,
  parseJsonTexts,
  parseMetadataCell,
  parseMetadataJson,
  parseObjects,
  splitCell,
} from './fields.js';
import type { PrintedMedia, RowField, RowFields } from './schema.js';

export const rowActions = [...patchActions, 'set'] as const;

const passedOver: RowField = { cell: () => ({}), json: () => ({}), isPassedOver: true };

/** Read-only fields: information for people from the service, and from the tool about its own work. */
const readOnlyNames = [
  'created_at',
  'modified_at',
  'app_id',
  'user_id',
  'visibility',
  'outcome',
  'code',
  'reason',
] as const;

/** Every field that a row may have, by its name. */
const rowFields = new Map<string, RowField>([
  ['id', { cell: (text) => ({ id: parseIdCell(text) }), json: (value) => ({ id: parseJsonText(value) }) }],
  [
    'type',
    { cell: (text) => ({ kind: parseKind(text) }), json: (value) => ({ kind: parseKind(parseJsonText(value)) }) },
  ],
  ['path', { cell: (path) => ({ path }), json: (value) => ({ path: parseJsonText(value) }) }],
  ['url', { cell: (url) => ({ url }), json: (value) => ({ url: parseJsonText(value) }) }],
  ['text', { cell: (text) => ({ text }), json: (value) => ({ text: parseJsonText(value) }), verbatim: true }],
  ['pattern', { cell: (pattern) => ({ pattern }), json: (value) => ({ pattern: parseJsonText(value) }) }],
  [
    'concepts',
    {
      cell: (text) => ({ concepts: parseConceptsCell(text) }),
      json: (value) => ({ concepts: parseConcepts(value) }),
    },
  ],
  [
    'metadata',
    {
      cell: (text) => ({ metadata: parseMetadataCell(text) }),
      json: (value) => ({ metadata: parseMetadataJson(value) }),
    },
  ],
  ['geo', { cell: (text) => ({ geo: parseGeo(text) }), json: (value) => ({ geo: parseGeoJson(value) }) }],
  [
    'dataset_ids',
    {
      cell: (text) => ({ datasetIds: splitCell(text) }),
      json: (value) => ({ datasetIds: parseJsonTexts(value) }),
    },
  ],
  [
    'regions',
    {
      cell: (text) => ({ regions: parseObjects(parseJsonCell(text)) }),
      json: (value) => ({ regions: parseObjects(value) }),
    },
  ],
  [
    'action',
    {
      cell: (text) => ({ action: parseChoice(text, rowActions) }),
      json: (value) => ({ action: parseChoice(parseJsonText(value), rowActions) }),
    },
  ],
  ['source', { cell: (source) => ({ source }), json: (value) => ({ source: parseJsonText(value) }), isPrinted: true }],
  [
    'allow_duplicate_url',
    {
      cell: (text) => ({ allowDuplicateUrl: /^true$/i.test(text) }),
      json: (value) => ({ allowDuplicateUrl: value === true }),
    },
  ],
  [
    'status',
    { cell: (text) => parsePrintedStatus(Number(/^\d{5}\b/.exec(text)?.[0])), json: readStatus, isPrinted: true },
  ],
  [
    'transient',
    {
      cell: (text) => ({ transient: /^true$/i.test(text) }),
      json: (value) => ({ transient: value === true }),
      isPrinted: true,
    },
  ],
  [
    'tries',
    {
      cell: (text) => ({ tries: parseCount(Number(text)) }),
      json: (value) => ({ tries: parseCount(value) }),
      isPrinted: true,
    },
  ],
  ['data', { cell: (text) => parsePrintedData(parseJsonCell(text)), json: parsePrintedData, isPrinted: true }],
]);

/** The names of fields that a command may read. */
export type RowFieldName =
  | 'id'
  | 'type'
  | 'path'
  | 'url'
  | 'text'
  | 'pattern'
  | 'concepts'
  | 'metadata'
  | 'geo'
  | 'dataset_ids'
  | 'allow_duplicate_url'
  | 'status'
  | 'regions'
  | 'action'
  | 'source'
  | 'transient'
  | 'tries'
  | 'data';

/** The fields that a command reads; all others that rows may have are known, and passed over. */
export function fieldsFor(names: readonly RowFieldName[]): ReadonlyMap<string, RowField> {
  const wanted = new Set<string>(names);
  return new Map([
    ...[...rowFields].map(([name, field]) => [name, wanted.has(name) ? field : passedOver] as const),
    ...readOnlyNames.map((name) => [name, passedOver] as const),
  ]);
}

/** These fields, and no others. */
export function onlyFields(names: readonly RowFieldName[]): ReadonlyMap<string, RowField> {
  const wanted = new Set<string>(names);
  return new Map([...rowFields].filter(([name]) => wanted.has(name)));
}

/** The status of an input as it was printed; nothing where it lacks a code. */
function readStatus(status: Json): RowFields {
  return parsePrintedStatus(valueAt(status, ['code']));
}

function parsePrintedStatus(code: Json | undefined): RowFields {
  return typeof code === 'number' && Number.isInteger(code) ? { statusCode: code } : {};
}

/** A kind of media; an input that has two is printed as `image+text`. */
function parseKind(text: string): MediaKind {
  return parseChoice(text.split('+')[0] ?? '', mediaKinds);
}

/** The `data` of an input as the API prints it. */
function parsePrintedData(data: Json | readonly Json[]): RowFields {
  if (!isObject(data)) throw new UsageError('is not an object');
  const { concepts, metadata, geo, regions } = data;
  const media = printedMedia(data);
  return {
    ...(isGiven(concepts) && { concepts: parseConcepts(concepts) }),
    ...(isGiven(metadata) && { metadata: parseMetadataJson(metadata) }),
    ...(isGiven(geo) && { geo: parseGeoJson(geo) }),
    ...(isGiven(regions) && { regions: parseObjects(regions) }),
    ...(media !== undefined && { media }),
  };
}

function isGiven(value: Json | undefined): value is Exclude<Json, null> {
  return value !== undefined && value !== null;
}

/** The text of an input that has an image as well. */
function printedTextBeside(kind: MediaKind, data: Json): Pick<PrintedMedia, 'textBeside'> {
  const text = valueAt(data, ['text']);
  if (kind !== 'image' || !isObject(text)) return {};
  const { raw } = text;
  return { textBeside: typeof raw === 'string' && raw !== '' ? raw : null };
}

function printedMedia(data: Json): PrintedMedia | undefined {
  for (const kind of mediaKinds) {
    const url = valueAt(data, [kind, 'url']);
    const raw = valueAt(data, [kind, 'raw']);
    const prefix = valueAt(data, [kind, 'hosted', 'prefix']);
    if (url === undefined && raw === undefined && prefix === undefined) continue;
    return {
      kind,
      ...(typeof url === 'string' && url !== '' && { url }),
      ...(typeof raw === 'string' && raw !== '' && { text: raw }),
      ...(typeof prefix === 'string' && { hostedPrefix: prefix }),
      ...printedTextBeside(kind, data),
    };
  }
  return undefined;
}
