import type { Json, JsonObject } from '../../wire/json.js';
import { UsageError } from '../../errors.js';
import { findRoundedNumbers } from '../model/rounded-numbers.js';
import type { MediaKind, PatchAction, WireConcept, WireGeo } from '../../wire/messages.js';

/** Longest row in characters: larger ones are not held in memory. */
export const maxRowChars = 8_000_000;

/** The media of an input as the API prints it. */
export interface PrintedMedia {
  readonly kind: MediaKind;
  readonly url?: string;
  /** A text that stands in the input itself. */
  readonly text?: string;
  /** Where the service keeps its own copy, if it has one. */
  readonly hostedPrefix?: string;
  /** The text that an image has beside it; null where only the service's copy holds it. */
  readonly textBeside?: string | null;
}

/** All that a row may say, whichever command reads it. */
export interface RowFields {
  readonly id?: string;
  readonly kind?: MediaKind;
  readonly path?: string;
  readonly url?: string;
  readonly text?: string;
  /** A path, folder or pattern, read as an argument of `add` is. */
  readonly pattern?: string;
  /** The vendor's column `input`: a URL, else an existing path, else a text. */
  readonly input?: string;
  readonly media?: PrintedMedia;
  /** The source as it was shown when it failed. */
  readonly source?: string;
  readonly concepts?: readonly WireConcept[];
  readonly metadata?: JsonObject;
  /** Top-level keys of the metadata that have a column each. */
  readonly metadataKeys?: JsonObject;
  readonly geo?: WireGeo;
  readonly datasetIds?: readonly string[];
  readonly allowDuplicateUrl?: boolean;
  /** Of the input when it was printed. */
  readonly statusCode?: number;
  /** Regions as the API spells them. */
  readonly regions?: readonly JsonObject[];
  readonly action?: RowAction;
  readonly transient?: boolean;
  readonly tries?: number;
}

/** How a row's values meet those that an input has; `set` replaces what the row speaks of, and only that. */
export type RowAction = PatchAction | 'set';

/** How a field is read, into its part of a row. Both throw UsageError. */
export interface RowField {
  /** From a cell of CSV, which is not empty. */
  readonly cell: (text: string) => RowFields;
  /** From JSON; never null. */
  readonly json: (value: Json) => RowFields;
  /** True if the blanks around a cell belong to it. */
  readonly verbatim?: boolean;
  /** True for a field that the command knows and does not read. */
  readonly isPassedOver?: boolean;
  /** True for a field that programs write and nobody types. */
  readonly isPrinted?: boolean;
}

/** Options for the columns of a table whose names are not fields. */
export interface ColumnOptions {
  /** Fields by the name of their column. */
  readonly map: ReadonlyMap<string, string>;
  /** How to treat columns that are neither known nor mapped; undefined refuses them. */
  readonly other: OtherColumns | undefined;
}

export const otherColumnsChoices = ['ignore', 'metadata'] as const;

export type OtherColumns = (typeof otherColumnsChoices)[number];

export const plainColumns: ColumnOptions = { map: new Map(), other: undefined };

/** The fields that rows may have. `known` is a map, so that no key of a row is special. */
export interface RowSchema {
  /** The file, as errors name it. */
  readonly name: string;
  readonly known: ReadonlyMap<string, RowField>;
  /** Fields that every row has. */
  readonly required: readonly string[];
  readonly columns?: ColumnOptions;
}

/** A row that was read. With a problem, `fields` holds what is good of it. */
export interface Row {
  readonly line: number;
  readonly fields: RowFields;
  /** Fields that are there and hold nothing: empty cells, null in JSON. */
  readonly cleared: ReadonlySet<string>;
  /** Numbers in it that the service can't keep as they are written. */
  readonly inexactNumbers: readonly string[];
  readonly problem: string | undefined;
  /** What could not be read, by its name, as it stood: with it, the row fails again until it is corrected. */
  readonly rejected: JsonObject;
}

/** Is told of numbers that the service can't keep as they are written, and where they stand. */
export type OnInexactNumbers = (numbers: readonly string[], place: string) => void;

/** A field as it stands in a row. */
export interface GivenField {
  readonly name: string;
  /** As it stands: a cell is a text. */
  readonly value: Json;
  readonly read: () => RowFields;
}

/** The parts of a row before its fields are read. */
export interface RawRow {
  readonly line: number;
  readonly given: readonly GivenField[];
  readonly cleared: readonly string[];
  /** The text of the row, or of its cells that hold JSON, one a line: for numbers that are not kept as written. */
  readonly json: string;
}

/** Reads each field; of several problems the first is told. */
export function parseRow({ line, given, cleared, json }: RawRow, { required }: RowSchema): Row {
  const missing = required.filter((name) => !given.some((field) => field.name === name));
  const problems = missing.map((name) => `has no ${name}`);
  let fields: RowFields = {};
  const rejected: Record<string, Json> = {};
  for (const { name, value, read } of given) {
    try {
      fields = mergeFields(fields, read());
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      rejected[name] = value;
      problems.push(`${name}: ${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`);
    }
  }
  const inexactNumbers = findRoundedNumbers(json);
  return { line, fields, cleared: new Set(cleared), inexactNumbers, problem: problems[0], rejected };
}

function mergeFields(fields: RowFields, more: RowFields): RowFields {
  if (more.metadataKeys === undefined || fields.metadataKeys === undefined) return { ...fields, ...more };
  return { ...fields, ...more, metadataKeys: { ...fields.metadataKeys, ...more.metadataKeys } };
}

/** A row of which nothing could be read. */
export function badRow(line: number, problem: string, rejected: JsonObject = {}): Row {
  return { line, fields: {}, cleared: new Set(), inexactNumbers: [], problem, rejected };
}

/** The metadata that a row gives, from its own field and from columns for single keys. */
export function rowMetadata({ metadata, metadataKeys }: RowFields): JsonObject | undefined {
  return metadata === undefined || metadataKeys === undefined
    ? (metadata ?? metadataKeys)
    : { ...metadata, ...metadataKeys };
}

/** The names of the fields that a command reads, as an error lists them. */
export function listFields(known: ReadonlyMap<string, RowField>): string {
  return [...known]
    .filter(([, { isPassedOver, isPrinted }]) => isPassedOver !== true && isPrinted !== true)
    .map(([name]) => name)
    .join(', ');
}

/** Names that are not known, quoted. */
export function quoteNames(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
