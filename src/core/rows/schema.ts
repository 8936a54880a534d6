import { UsageError } from '../../errors.js';
import type { Json } from '../../wire/json.js';

/** A row may be so long: larger ones are not held in memory. */
export const maxRowChars = 8_000_000;

/** A field that rows may have, read into (a part of) what the caller makes of a row. Both throw UsageError. */
export interface Field<F> {
  /** From a cell of CSV, which is not empty. */
  readonly cell: (text: string) => Partial<F>;
  /** From NDJSON; never null. */
  readonly json: (value: Json) => Partial<F>;
  /** True if the blanks around a cell belong to it. */
  readonly verbatim?: boolean;
}

/** What rows may look like. A map, so that no key of a row is special. */
export interface RowForm<F> {
  /** The file, as errors name it. */
  readonly name: string;
  readonly known: ReadonlyMap<string, Field<F>>;
  /** Fields that every row has. */
  readonly required: readonly string[];
  /** Fields by the name of their CSV column, where it is another one. */
  readonly columns?: ReadonlyMap<string, string>;
}

/** A row that was read. With a problem, `fields` holds what is good of it. */
export interface Row<F> {
  readonly line: number;
  readonly fields: Partial<F>;
  readonly problem: string | undefined;
}

/** A field as it stands in a row, and how it is read. */
export interface GivenField<F> {
  readonly name: string;
  readonly read: (field: Field<F>) => Partial<F>;
}

/** Reads each field; of several problems the first is told. */
export function rowOf<F>(line: number, given: readonly GivenField<F>[], form: RowForm<F>): Row<F> {
  const unknown = given.map(({ name }) => name).filter((name) => !form.known.has(name));
  const missing = form.required.filter((name) => !given.some((one) => one.name === name));
  const problems = [
    ...(unknown.length > 0 ? [`has ${unknownText('field', unknown, form)}`] : []),
    ...missing.map((name) => `has no ${name}`),
  ];
  let fields: Partial<F> = {};
  for (const { name, read } of given) {
    const field = form.known.get(name);
    if (field === undefined) continue;
    try {
      fields = { ...fields, ...read(field) };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(`${name}: ${error.message}`);
    }
  }
  return { line, fields, problem: problems[0] };
}

/** A row of which nothing could be read. */
export function badRow<F>(line: number, problem: string): Row<F> {
  return { line, fields: {}, problem };
}

/** Names that are not known, and those that are. */
export function unknownText<F>(what: string, names: readonly string[], form: RowForm<F>): string {
  const quoted = names.map((name) => `'${name}'`).join(', ');
  return `unknown ${what} ${quoted}; known are ${[...form.known.keys()].join(', ')}`;
}

/** What the decoder puts for bytes that are no UTF-8: sending it would spoil a name for good. */
export function isMangled(text: string): boolean {
  return text.includes('\ufffd');
}

export const mangled = 'is not UTF-8';
