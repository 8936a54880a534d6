import { isObject, valueAt, type Json, type JsonObject } from '../../wire/json.js';
import type { DataOutput } from './data-output.js';
import type { OutputForm } from './output-forms.js';
import { plain, safeJson } from '../text.js';
import { tableLines } from './table.js';
import { jsonText } from '../../core/model/json-text.js';

/** A column of a table or CSV. */
export interface Column {
  readonly name: string;
  readonly value: (record: JsonObject) => Json | undefined;
}

export interface RecordsOptions {
  readonly form: OutputForm;
  /** Paths in the JSON, such as `status.code`: the columns, or what is left of each object. */
  readonly fields: readonly string[] | undefined;
  /** The columns where no fields are asked for. */
  readonly columns: readonly Column[];
}

/** Writes records in one of the output forms, page by page, as they come. */
export class RecordWriter {
  readonly #out: DataOutput;
  readonly #options: RecordsOptions;
  readonly #columns: readonly Column[];
  #begun = false;

  constructor(out: DataOutput, options: RecordsOptions) {
    this.#out = out;
    this.#options = options;
    this.#columns = options.fields?.map(fieldColumn) ?? options.columns;
  }

  /** True once nobody reads: a reading command may stop. */
  get closed(): boolean {
    return this.#out.closed;
  }

  async write(records: readonly JsonObject[]): Promise<void> {
    if (records.length === 0) return;
    await this.#out.write(this.#page(records));
    this.#begun = true;
  }

  /** Closes what was opened: even with no record, `json` is an array and a table has its head. */
  async end(): Promise<void> {
    if (this.#options.form === 'json') await this.#out.write(this.#begun ? '\n]\n' : '[]\n');
    else if (!this.#begun && this.#options.form === 'csv') await this.#out.write(this.#csvHead());
  }

  #page(records: readonly JsonObject[]): string {
    switch (this.#options.form) {
      case 'json':
        return (this.#begun ? ',\n' : '[\n') + records.map((record) => this.#json(record)).join(',\n');
      case 'ndjson':
        return records.map((record) => `${this.#json(record)}\n`).join('');
      case 'ids':
        return records.map((record) => this.#id(record)).join('');
      case 'csv':
        return (this.#begun ? '' : this.#csvHead()) + records.map((record) => this.#csvRow(record)).join('');
      case 'table':
        return this.#table(records);
    }
  }

  #json(record: JsonObject): string {
    return safeJson(this.#options.fields === undefined ? record : picked(record, this.#options.fields));
  }

  #id(record: JsonObject): string {
    const id = record['id'];
    if (typeof id !== 'string') return '';
    return `${this.#out.isTTY ? plain(id) : id}\n`;
  }

  #csvHead(): string {
    return csvLine(this.#columns.map(({ name }) => name));
  }

  #csvRow(record: JsonObject): string {
    const cells = this.#columns.map(({ value }) => cellText(value(record)));
    return csvLine(this.#out.isTTY ? cells.map(plain) : cells);
  }

  #table(records: readonly JsonObject[]): string {
    const rows = records.map((record) => this.#columns.map(({ value }) => plain(cellText(value(record)))));
    if (!this.#out.isTTY) return rows.map((row) => `${row.join('\t')}\n`).join('');
    const head = this.#begun ? [] : [this.#columns.map(({ name }) => name.toUpperCase())];
    return tableLines([...head, ...rows], this.#out.columns ?? 80);
  }
}

function fieldColumn(field: string): Column {
  const path = field.split('.');
  return { name: field, value: (record) => valueAt(record, path) };
}

/** The parts of an object that the paths name, where they stood. */
function picked(record: JsonObject, fields: readonly string[]): JsonObject {
  const result: Record<string, Json> = {};
  for (const field of fields) {
    const value = valueAt(record, field.split('.'));
    if (value !== undefined) put(result, field.split('.'), value);
  }
  return result;
}

function put(into: Record<string, Json>, [key, ...rest]: readonly string[], value: Json): void {
  if (key === undefined) return;
  const below: Record<string, Json> = isObject(into[key]) ? { ...into[key] } : {};
  if (rest.length > 0) put(below, rest, value);
  Object.defineProperty(into, key, {
    value: rest.length > 0 ? below : value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** A value as a cell: text as it is, nothing as nothing, the rest as JSON. */
function cellText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : jsonText(value);
}

/** One line of CSV. Source: RFC 4180; lines end in LF, as the shell's tools want. */
export function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(',')}\n`;
}
