import { resolve } from 'node:path';
import { isList, type Json } from '../../wire/json.js';
import { UsageError } from '../../errors.js';
import { mediaKinds, type MediaKind } from '../../wire/messages.js';
import { draftStep, failedStep, isUrl, type Drafting } from './draft-steps.js';
import type { Media, Payload, Step } from '../model/steps.js';
import { parseGeo } from '../model/payload.js';
import {
  conceptsOfCell,
  conceptsOfJson,
  geoOfJson,
  itemsOfCell,
  metadataOfCell,
  metadataOfJson,
  textOfJson,
} from '../rows/fields.js';
import type { Field, Row } from '../rows/schema.js';
import { rows } from '../rows/rows.js';

/** What a row of a manifest may say. */
interface SourceFields extends Payload {
  readonly id: string;
  readonly kind: MediaKind;
  readonly path: string;
  readonly url: string;
  readonly text: string;
  /** As it was shown when it failed. */
  readonly source: string;
  readonly transient: boolean;
  readonly tries: number;
}

/** Rows that name a source each, with what is to be sent with it. */
export interface Manifest {
  readonly at: 'rows';
  /** As errors name it. */
  readonly name: string;
  /** Where its relative paths start. */
  readonly folder: string;
  readonly rows: AsyncIterable<Row<SourceFields>>;
  /** True to pass over rows that are not worth another try. */
  readonly transientOnly: boolean;
}

/** What may go with a source besides its media; a sidecar holds nothing else. */
export const payloadFields: readonly (readonly [string, Field<Payload>])[] = [
  [
    'concepts',
    {
      cell: (text) => ({ concepts: conceptsOfCell(text) }),
      json: (value) => ({ concepts: conceptsOfJson(value) }),
    },
  ],
  [
    'metadata',
    {
      cell: (text) => ({ metadata: metadataOfCell(text) }),
      json: (value) => ({ metadata: metadataOfJson(value) }),
    },
  ],
  ['geo', { cell: (text) => ({ geo: parseGeo(text) }), json: (value) => ({ geo: geoOfJson(value) }) }],
  [
    'dataset_ids',
    {
      cell: (text) => ({ datasetIds: itemsOfCell(text) }),
      json: (value) => ({ datasetIds: textsOfJson(value) }),
    },
  ],
];

/** What `--failures` says of a source beside what is to be sent; only for people to read. */
const remark: Field<SourceFields> = { cell: () => ({}), json: () => ({}) };

const known = new Map<string, Field<SourceFields>>([
  ['id', { cell: (id) => ({ id }), json: (value) => ({ id: textOfJson(value) }) }],
  ['type', { cell: (text) => ({ kind: kindOf(text) }), json: (value) => ({ kind: kindOf(textOfJson(value)) }) }],
  ['path', { cell: (path) => ({ path }), json: (value) => ({ path: textOfJson(value) }) }],
  ['url', { cell: (url) => ({ url }), json: (value) => ({ url: textOfJson(value) }) }],
  ['text', { cell: (text) => ({ text }), json: (value) => ({ text: textOfJson(value) }), verbatim: true }],
  ...payloadFields,
  ['source', { cell: (source) => ({ source }), json: (value) => ({ source: textOfJson(value) }) }],
  ['code', remark],
  ['reason', remark],
  ['transient', { cell: (text) => ({ transient: text === 'true' }), json: (value) => ({ transient: value === true }) }],
  ['tries', { cell: (text) => ({ tries: triesOf(Number(text)) }), json: (value) => ({ tries: triesOf(value) }) }],
]);

/** The names that `--map` may give to the columns of CSV. */
export const manifestFields: readonly string[] = [...known.keys()];

/**
 * The rows of a manifest in NDJSON or CSV, one by one; what is wrong with one does not stop the next.
 *
 * @param name - of the file, as errors name it
 * @param columns - fields by the name of their CSV column, where it is another one
 * @throws UsageError for a CSV header that can't be right
 */
export function manifestRows(
  stream: AsyncIterable<string | Uint8Array>,
  name: string,
  columns: ReadonlyMap<string, string>,
): AsyncGenerator<Row<SourceFields>> {
  return rows(stream, { name, known, required: [], columns });
}

/** The sources of a manifest, one by one. */
export async function* rowSteps(manifest: Manifest, drafting: Drafting): AsyncGenerator<Step> {
  for await (const row of manifest.rows) {
    const passedOver = manifest.transientOnly && row.problem === undefined && row.fields.transient !== true;
    if (!passedOver) yield rowStep(row, manifest, drafting);
  }
}

function rowStep({ line, fields, problem }: Row<SourceFields>, manifest: Manifest, drafting: Drafting): Step {
  const place = `${manifest.name} line ${line}`;
  const source = fields.source ?? fields.path ?? fields.url ?? place;
  const wrong = problem ?? problemOf(fields);
  const [media] = mediaOf(fields, manifest.folder);
  if (wrong !== undefined || media === undefined) {
    return failedStep(source, wrong ?? 'names nothing', { place: source === place ? undefined : place });
  }
  const kind = media.at === 'text' ? 'text' : fields.kind;
  return draftStep({ source, media, id: fields.id, kind, own: fields, place, tries: fields.tries }, drafting);
}

function mediaOf({ path, url, text }: Partial<SourceFields>, folder: string): readonly Media[] {
  const media: Media[] = [];
  if (path !== undefined) media.push({ at: 'file', path: resolve(folder, path) });
  if (url !== undefined) media.push({ at: 'url', url: url.trim() });
  if (text !== undefined) media.push({ at: 'text', text });
  return media;
}

function problemOf(fields: Partial<SourceFields>): string | undefined {
  const named = ['path', 'url', 'text'].filter((name) => Object.hasOwn(fields, name));
  const { path, url, text, kind = 'text' } = fields;
  if (named.length === 0) return 'names no path, url or text';
  if (named.length > 1) return `names ${named.join(' and ')}, where one input has one of them`;
  const badPath = pathProblem(path);
  if (badPath !== undefined) return badPath;
  if (url !== undefined && !isUrl(url)) return `url: '${url}' is no http:// or https:// URL`;
  return text !== undefined && kind !== 'text' ? `type: a text is no ${kind}` : undefined;
}

function pathProblem(path = '.'): string | undefined {
  if (path === '') return 'path: is empty';
  return path.includes('\0') ? 'path: holds a NUL' : undefined;
}

function kindOf(text: string): MediaKind {
  const kind = mediaKinds.find((one) => one === text);
  if (kind === undefined) throw new UsageError(`'${text}' is none of ${mediaKinds.join(', ')}`);
  return kind;
}

function textsOfJson(value: Json): readonly string[] {
  if (!isList(value)) throw new UsageError('is not a list');
  return value.map(textOfJson);
}

function triesOf(value: Json): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new UsageError('is no whole number');
  }
  return value;
}
