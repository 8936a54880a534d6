import { hasInvalidUtf8, invalidUtf8 } from './text-decoder.js';
import { type Json, isList } from '../../wire/json.js';
import { UsageError } from '../../errors.js';
import { assertEncodable, geoPoint } from '../model/payload.js';
import { parseNumberCell, parseVendorConcepts } from './fields.js';
import {
  listFields,
  plainColumns,
  type ColumnOptions,
  type RowField,
  type RowFields,
  type RowSchema,
} from './schema.js';
import { UnknownColumnsError } from './unknown-columns.js';
import { isVendorTable, vendorTarget } from './vendor-columns.js';

/** Columns that fill a field together; most are one column. */
export interface ColumnGroup {
  readonly name: string;
  readonly indexes: readonly number[];
  /** True if the blanks around its cells belong to them. */
  readonly verbatim: boolean;
  /** True if its cells are JSON. */
  readonly holdsJson: boolean;
  /** Reads its cells, of which one at least is not blank. Throws UsageError. */
  readonly read: (cells: readonly string[]) => RowFields;
}

/** The columns of a table, ready to read its rows. */
export interface Header {
  readonly width: number;
  readonly groups: readonly ColumnGroup[];
  /** Columns without a name, whose cells must be blank. */
  readonly unnamed: readonly number[];
}

/** The target of a column, beside the fields of the schema. */
type Target = string;

const pointTargets = ['latitude', 'longitude'] as const;
const metadataTarget = /^metadata\.(.+?)(:json)?$/s;
/** Fields that a cell holds as JSON. */
const jsonFields = new Set(['metadata', 'data', 'regions']);
const conceptTarget = /^concepts\[(\d{1,3})\]\.(id|value)$/;

/** How many of these titles name something that rows may have. */
export function countKnownTitles(titles: readonly string[], schema: RowSchema): number {
  return titles.filter((title) => findTarget(title, schema) !== undefined).length;
}

/**
 * Finds out what each column fills.
 *
 * @throws UsageError for unknown, doubled or missing columns
 */
export function readHeader(cells: readonly string[], schema: RowSchema): Header {
  const titles = cells.map((cell) => cell.trim());
  if (titles.some((title) => hasInvalidUtf8(title) || title.includes('\0'))) {
    throw new UsageError(`${schema.name}: the header ${invalidUtf8}`, { hint: 'save it as CSV in UTF-8' });
  }
  const { map, other } = schema.columns ?? plainColumns;
  const unmet = [...map.keys()].find((column) => !titles.some((title) => isSameTitle(title, column)));
  if (unmet !== undefined) throw new UsageError(`${schema.name}: no column '${unmet}' to rename`);
  const targets = titles.map((title) => findTarget(title, schema) ?? otherTarget(title, other));
  const unknown = titles.filter((title, index) => title !== '' && targets[index] === undefined);
  if (unknown.length > 0 && other !== 'ignore') {
    const fields = describeTargets(schema.known);
    throw new UnknownColumnsError(schema.name, { unknown, fields, isSingle: titles.length === 1 });
  }
  assertOnce(targets, schema);
  const named = targets.map((target) => (target === undefined ? '' : groupName(target)));
  const missing = schema.required.find((name) => !named.includes(name));
  if (missing !== undefined) throw new UsageError(`${schema.name}: no column '${missing}'`);
  return {
    width: titles.length,
    groups: groupColumns(targets, schema, isVendorTable(titles)),
    // R and pandas write the number of each row into a first column without a name
    unnamed: titles.flatMap((title, index) => (title === '' && index > 0 ? [index] : [])),
  };
}

/** @throws UsageError for a column that is to be read as something that rows don't have */
export function assertMappable({ map }: ColumnOptions, known: ReadonlyMap<string, RowField>): void {
  for (const [column, field] of map) {
    if (!isTarget(field, known)) {
      throw new UsageError(`column '${column}' cannot be read as '${field}'; fields are ${describeTargets(known)}`);
    }
  }
}

function describeTargets(known: ReadonlyMap<string, RowField>): string {
  return [listFields(known), ...pointTargets, 'metadata.KEY', 'metadata.KEY:json'].join(', ');
}

function isTarget(name: string, known: ReadonlyMap<string, RowField>): boolean {
  return known.has(name) || isPartTarget(name) || metadataTarget.test(name);
}

/** True for a column that is one half of a point. */
function isPartTarget(name: string): boolean {
  return pointTargets.some((target) => target === name);
}

function findTarget(title: string, { known, columns = plainColumns }: RowSchema): Target | undefined {
  for (const [column, field] of columns.map) if (isSameTitle(title, column)) return field;
  const target = targetOf(title.trim(), known);
  if (target === undefined || target === 'input') return target;
  return known.has(metadataTarget.test(target) ? 'metadata' : groupName(target)) ? target : undefined;
}

function targetOf(title: string, known: ReadonlyMap<string, RowField>): Target | undefined {
  const name = normalizeTitle(title);
  if (known.has(name) || isPartTarget(name)) return name;
  return metadataTarget.test(title) ? title : vendorTarget(name);
}

/** Spreadsheets are made by people: `Dataset IDs` is `dataset_ids`. */
function normalizeTitle(title: string): string {
  return title.trim().toLowerCase().replaceAll(/\s+/g, '_');
}

function isSameTitle(title: string, column: string): boolean {
  return title === column || normalizeTitle(title) === normalizeTitle(column);
}

function otherTarget(title: string, other: ColumnOptions['other']): Target | undefined {
  return other === 'metadata' && title !== '' ? `metadata.${title}` : undefined;
}

function assertOnce(targets: readonly (Target | undefined)[], { name }: RowSchema): void {
  const doubled = targets.find((target, index) => target !== undefined && targets.indexOf(target) < index);
  if (doubled !== undefined) throw new UsageError(`${name}: two columns are '${doubled}'`);
}

/** The key that a column of its own has in the metadata; undefined for other columns. */
export function metadataKeyOf(name: string): string | undefined {
  return metadataTarget.exec(name)?.[1];
}

/** The field that a target is a part of. */
function groupName(target: Target): string {
  if (conceptTarget.test(target)) return 'concepts';
  return isPartTarget(target) ? 'geo' : target;
}

function groupColumns(
  targets: readonly (Target | undefined)[],
  schema: RowSchema,
  isVendor: boolean,
): readonly ColumnGroup[] {
  const groups = new Map<string, number[]>();
  for (const [index, target] of targets.entries()) {
    if (target === undefined) continue;
    const name = groupName(target);
    groups.set(name, [...(groups.get(name) ?? []), index]);
  }
  return [...groups].map(([name, indexes]) => {
    const parts = indexes.map((index) => targets[index] ?? '');
    const field = schema.known.get(name);
    const read = groupReader(name, { parts, field, isVendor });
    const holdsJson = jsonFields.has(name) || metadataTarget.exec(name)?.[2] !== undefined;
    return { name, indexes, verbatim: field?.verbatim === true, holdsJson, read };
  });
}

interface GroupParts {
  readonly parts: readonly Target[];
  readonly field: RowField | undefined;
  readonly isVendor: boolean;
}

function groupReader(name: string, { parts, field, isVendor }: GroupParts): ColumnGroup['read'] {
  const [, key, json] = metadataTarget.exec(name) ?? [];
  if (key !== undefined)
    return ([cell = '']) => ({ metadataKeys: { [key]: json === undefined ? cell : cellJson(cell) } });
  if (name === 'input') return ([input = '']) => ({ input });
  if (parts.includes('latitude') || parts.includes('longitude')) return (cells) => readPoint(parts, cells);
  if (parts.some((part) => conceptTarget.test(part))) return (cells) => readConcepts(parts, cells);
  if (name === 'concepts' && isVendor) return ([cell = '']) => ({ concepts: parseVendorConcepts(cell) });
  return ([cell = '']) => field?.cell(cell) ?? {};
}

/** The JSON of a cell, of any kind: read as the one item of a list, which is known to be JSON. */
function cellJson(cell: string): Json {
  let list: unknown;
  try {
    list = JSON.parse(`[${cell}]`);
  } catch (error) {
    throw new UsageError('the cell is not JSON', { cause: error });
  }
  const [value, ...rest] = isList(list) ? list : [];
  if (value === undefined || rest.length > 0) throw new UsageError('the cell is not JSON');
  assertEncodable(value, 'the cell');
  return value;
}

function readPoint(parts: readonly Target[], cells: readonly string[]): RowFields {
  if (parts.includes('geo')) throw new UsageError('has a column of its own beside latitude and longitude');
  const [longitude, latitude] = ['longitude', 'latitude'].map((part) => cells[parts.indexOf(part)] ?? '');
  if (!longitude || !latitude) throw new UsageError(`has no ${longitude ? 'latitude' : 'longitude'}`);
  return { geo: geoPoint(parseNumberCell(longitude), parseNumberCell(latitude)) };
}

/** Concepts in columns of their own: `concepts[0].id`, `concepts[0].value`, and so on. */
function readConcepts(parts: readonly Target[], cells: readonly string[]): RowFields {
  const found = new Map<string, { id: string; value: number }>();
  for (const [index, part] of parts.entries()) {
    const [, at = '', what] = conceptTarget.exec(part) ?? [];
    const cell = cells[index] ?? '';
    if (cell === '') continue;
    const concept = found.get(at) ?? { id: '', value: 1 };
    if (what === 'id') concept.id = cell.normalize('NFC');
    else concept.value = conceptValue(cell);
    found.set(at, concept);
  }
  const concepts = [...found.values()];
  if (concepts.some(({ id }) => id === '')) throw new UsageError('holds a value without an id');
  return { concepts };
}

function conceptValue(cell: string): number {
  const value = parseNumberCell(cell);
  if (value < 0 || value > 1) throw new UsageError(`the value ${cell} is not from 0 to 1`);
  return value;
}
