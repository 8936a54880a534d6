import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isServiceCopy } from '../../api/media.js';
import { statusCodes } from '../../wire/status.js';
import { draftStep, failedStep, type SourceDefaults } from './draft-steps.js';
import { isUrl, readUrl } from './urls.js';
import { phaseOf, type LocalStatus } from '../model/status-catalog.js';
import type { Draft, Media, Payload, Step } from '../model/steps.js';
import { fieldsFor } from '../rows/row-fields.js';
import { rowMetadata, type ColumnOptions, type OnInexactNumbers, type Row, type RowFields } from '../rows/schema.js';
import { rows } from '../rows/rows.js';
import { writeRow } from '../rows/write-row.js';

/** Rows that name a source each, with what is to be sent with it. */
export interface Manifest {
  readonly at: 'rows';
  /** Its name in errors. */
  readonly name: string;
  /** Where its relative paths start. */
  readonly folder: string;
  readonly rows: AsyncIterable<Row>;
  /** True to pass over rows that are not worth another try. */
  readonly transientOnly: boolean;
  /** True to take rows of inputs that had failed as well. */
  readonly includeFailed: boolean;
  readonly onInexactNumbers: OnInexactNumbers;
}

/** The fields that a manifest's rows may have. */
export const manifestFields = fieldsFor([
  'id',
  'type',
  'path',
  'url',
  'text',
  'pattern',
  'concepts',
  'metadata',
  'geo',
  'dataset_ids',
  'allow_duplicate_url',
  'regions',
  'status',
  'source',
  'transient',
  'tries',
  'data',
]);

/**
 * The rows of a manifest, one by one; what is wrong with one does not stop the next.
 *
 * @param name - of the file, as errors name it
 * @throws UsageError for a CSV header that can't be right
 */
export function manifestRows(
  stream: AsyncIterable<string | Uint8Array>,
  name: string,
  columns: ColumnOptions,
): AsyncGenerator<Row> {
  return rows(stream, { name, known: manifestFields, required: [], columns });
}

/** Finds what a row's pattern names, with the payload of the row. */
export type ExpandPattern = (pattern: string, folder: string, known: RowDefaults) => AsyncIterable<Step>;

/** What a row says of each file that its pattern finds. */
export type RowDefaults = Pick<Draft, 'kind' | 'own' | 'location'>;

/** The sources of a manifest, one by one. */
export async function* rowSteps(
  manifest: Manifest,
  drafting: SourceDefaults,
  expand: ExpandPattern,
): AsyncGenerator<Step> {
  let rowsWithRegions = 0;
  for await (const row of manifest.rows) {
    if (isPassedOver(row, manifest)) continue;
    if (isSkipped(row, manifest)) {
      yield {
        at: 'skipped',
        source: nameOf(row.fields) ?? row.fields.id ?? locationOf(row, manifest),
        reason: 'had failed',
      };
      continue;
    }
    if (hasRegions(row)) rowsWithRegions += 1;
    yield* stepsOfRow(row, manifest, { drafting, expand });
  }
  if (rowsWithRegions > 0) yield { at: 'notice', notice: 'regions', source: manifest.name, count: rowsWithRegions };
}

function isPassedOver({ problem, fields }: Row, { transientOnly }: Manifest): boolean {
  return transientOnly && problem === undefined && fields.transient !== true;
}

/** True for an input that had failed when it was printed. */
function isSkipped({ fields: { statusCode } }: Row, { includeFailed }: Manifest): boolean {
  return !includeFailed && statusCode !== undefined && phaseOf(statusCode) === 'failed';
}

function hasRegions({ fields: { regions = [] } }: Row): boolean {
  return regions.length > 0;
}

async function* stepsOfRow(
  row: Row,
  manifest: Manifest,
  { drafting, expand }: { readonly drafting: SourceDefaults; readonly expand: ExpandPattern },
): AsyncGenerator<Step> {
  const location = locationOf(row, manifest);
  manifest.onInexactNumbers(row.inexactNumbers, location);
  const { pattern, kind = drafting.kind } = row.fields;
  if (pattern === undefined || problemOf(row, row.fields) !== undefined) yield rowStep(row, manifest, drafting);
  else yield* expand(pattern, manifest.folder, { kind, own: rowPayload(row.fields), location });
}

function locationOf({ line }: Row, { name }: Manifest): string {
  return `${name} line ${line}`;
}

function nameOf({ source, path, url, pattern }: RowFields): string | undefined {
  const place = path ?? url ?? pattern;
  // in a row whose place was corrected, the source is still the old one
  const isStale = source !== undefined && place !== undefined && !place.endsWith(source);
  return (isStale ? undefined : source) ?? place;
}

function rowStep(row: Row, manifest: Manifest, drafting: SourceDefaults): Step {
  const location = locationOf(row, manifest);
  const fields = withMedia(row.fields, manifest.folder);
  const source = nameOf(fields) ?? location;
  const failed = (problem: string, code: number | LocalStatus): Step =>
    failedStep(source, problem, {
      code,
      location: source === location ? undefined : location,
      id: fields.id ?? null,
      row: writeRow(row, withRootedPath(fields, manifest.folder)),
    });
  const wrong = problemOf(row, fields);
  if (wrong !== undefined) return failed(wrong, 'INVALID_ROW');
  const media = readMedia(fields, manifest.folder);
  if ('problem' in media) return failed(media.problem, statusCodes.inputInvalidUrl);
  const kind = media.at === 'text' ? 'text' : fields.kind;
  return draftStep(
    { source, media, id: fields.id, kind, own: rowPayload(fields), location, tries: fields.tries },
    drafting,
  );
}

/** A relative path would mean another file beside another manifest. */
function withRootedPath(fields: RowFields, folder: string): RowFields {
  const { path } = fields;
  return path === undefined || path === '' ? fields : { ...fields, path: resolve(folder, path) };
}

function problemOf(row: Row, fields: RowFields): string | undefined {
  return row.problem ?? sourceProblem(fields);
}

/** The payload of a row; absent fields are left out, so that they do not override others. */
function rowPayload(fields: RowFields): Partial<Payload> {
  const { concepts, geo, datasetIds } = fields;
  const textBeside = textBesideOf(fields);
  const metadata = rowMetadata(fields);
  return {
    ...(concepts !== undefined && { concepts }),
    ...(metadata !== undefined && { metadata }),
    ...(geo !== undefined && { geo }),
    ...(datasetIds !== undefined && { datasetIds }),
    ...(textBeside !== undefined && { textBeside }),
  };
}

/** A row's text is its source, unless it names a file or a URL: then it is the text beside that. */
function textBesideOf({ path, url, text = '', media }: RowFields): string | undefined {
  const isBeside = path !== undefined || url !== undefined;
  return isBeside && text !== '' ? text : (media?.textBeside ?? undefined);
}

/** Takes the media from an input as the API prints it, or from the vendor's column, where the row names no other. */
function withMedia(fields: RowFields, folder: string): RowFields {
  if (mediaNames.some((name) => fields[name] !== undefined)) return fields;
  return { ...fields, ...mediaFields(fields, folder) };
}

function mediaFields({ input, media }: RowFields, folder: string): RowFields {
  if (media !== undefined) {
    const { kind, url, text } = media;
    if (isServiceCopy(media)) return {};
    return url === undefined ? { kind, ...(text !== undefined && { text }) } : { kind, url };
  }
  if (input === undefined) return {};
  if (isUrl(input)) return { url: input };
  return existsSync(resolve(folder, input)) ? { path: input } : { text: input };
}

/** The media of a row without a {@link sourceProblem}. */
function readMedia(
  { path, url, text = '', allowDuplicateUrl }: RowFields,
  folder: string,
): Media | { readonly problem: string } {
  if (path !== undefined) return { at: 'file', path: resolve(folder, path) };
  if (url === undefined) return { at: 'text', text };
  const reading = readUrl(url, { blanks: 'encode' });
  return 'problem' in reading ? reading : { at: 'url', url: reading.url, allowDuplicate: allowDuplicateUrl };
}

const mediaNames = ['path', 'url', 'text', 'pattern'] as const;

/** The fields that name a source; a row has one of them. A text beside a path or URL does not count. */
function sourceNames(fields: RowFields): readonly string[] {
  const named = mediaNames.filter((name) => fields[name] !== undefined);
  const isTextBeside = named.length === 2 && fields.pattern === undefined;
  return isTextBeside ? named.filter((name) => name !== 'text') : named;
}

const ownCopy = "the service's own copy; save it with 'clarifai-inputs export', or move it with 'clarifai-inputs copy'";

function sourceProblem(fields: RowFields): string | undefined {
  const named = sourceNames(fields);
  if (named.length === 0) return fields.media === undefined ? 'has no path, url or text' : `its media is ${ownCopy}`;
  if (named.length > 1) return `names ${named.join(' and ')}, but an input can have only one of them`;
  return (
    pathProblem('path', fields.path) ??
    pathProblem('pattern', fields.pattern) ??
    patternProblem(fields) ??
    textProblem(fields, named.includes('text'))
  );
}

function textProblem({ text, kind = 'text', media }: RowFields, isSource: boolean): string | undefined {
  if (text === undefined) return media?.textBeside === null ? `its text is ${ownCopy}` : undefined;
  return isSource && kind !== 'text' ? `type: text cannot be ${kind}` : undefined;
}

function pathProblem(name: string, path = '.'): string | undefined {
  if (path === '') return `${name}: is empty`;
  return path.includes('\0') ? `${name}: contains a NUL character` : undefined;
}

function patternProblem({ pattern, id }: RowFields): string | undefined {
  if (pattern === undefined) return undefined;
  if (id !== undefined) return 'names an id and a pattern, but a pattern can find more than one file';
  return isUrl(pattern) ? 'pattern: is a URL, which belongs in url' : undefined;
}
