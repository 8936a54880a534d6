import type { JsonObject } from '../../wire/json.js';
import type { DataOutput } from './data-output.js';
import { loadFormat, type OutputForm } from './output-forms.js';
import { fieldColumn, type Column, type RecordFormat, type RecordLayout } from './record-format.js';

export interface RecordsOptions {
  readonly form: OutputForm;
  /** Names of columns, or paths in the JSON such as `status.code`: the columns, or what is left of each object. */
  readonly fields: readonly string[] | undefined;
  /** The columns where no fields are asked for. */
  readonly columns: readonly Column[];
  /** True if no value may be cut. */
  readonly isWhole?: boolean;
}

/** Writes records in one of the output forms, page by page, as they come. */
export class RecordWriter {
  readonly #out: DataOutput;
  readonly #form: OutputForm;
  readonly #layout: Omit<RecordLayout, 'width'>;
  #format: Promise<RecordFormat> | undefined;
  readonly #paths: readonly Column[];
  /** Paths that no record had so far. */
  readonly #unseen: Set<string>;
  #isEmpty = true;

  constructor(out: DataOutput, { form, fields, columns, isWhole = false }: RecordsOptions) {
    this.#out = out;
    this.#form = form;
    const byName = new Map(columns.map((column) => [column.name, column]));
    const usual = columns.filter(({ isForTables }) => isForTables !== false || form === 'csv');
    this.#layout = {
      columns: fields?.map((field) => byName.get(field) ?? fieldColumn(field)) ?? usual,
      isPicked: fields !== undefined,
      isWhole,
      isTTY: out.isTTY,
    };
    this.#paths = (fields ?? []).filter((field) => !byName.has(field)).map(fieldColumn);
    this.#unseen = new Set(this.#paths.map(({ name }) => name));
  }

  /** Paths that were asked for and that none of the records had; empty while there was no record. */
  get unseenFields(): readonly string[] {
    return this.#isEmpty ? [] : [...this.#unseen];
  }

  /** Columns that the terminal had no room for, times excepted: those give way in most tables. */
  async leftOut(): Promise<readonly string[]> {
    const format = await this.#loadFormat();
    return [...(format.leftOut ?? [])];
  }

  /** True once nobody reads: a reading command may stop. */
  get closed(): boolean {
    return this.#out.closed;
  }

  async write(records: readonly JsonObject[]): Promise<void> {
    if (records.length === 0) return;
    for (const { name, value } of this.#paths) {
      if (this.#unseen.has(name) && records.some((record) => value(record) !== undefined)) this.#unseen.delete(name);
    }
    const format = await this.#loadFormat();
    const page = format.page(records, this.#layoutNow(), this.#isEmpty);
    this.#isEmpty = false;
    await this.#out.write(page);
  }

  /** Closes what was opened: even with no record, `json` is an array and CSV has its head. */
  async end(): Promise<void> {
    const format = await this.#loadFormat();
    await this.#out.write(format.end(this.#layoutNow(), this.#isEmpty));
  }

  #loadFormat(): Promise<RecordFormat> {
    return (this.#format ??= loadFormat(this.#form));
  }

  /** A terminal may become wider while it is written to. */
  #layoutNow(): RecordLayout {
    return { ...this.#layout, width: this.#out.columns ?? 80 };
  }
}
