import type { JsonObject } from '../../wire/json.js';
import type { DataOutput } from './data-output.js';
import { loadFormat, type OutputForm } from './output-forms.js';
import { fieldColumn, type Column, type RecordFormat, type RecordLayout } from './record-format.js';

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
  readonly #form: OutputForm;
  readonly #layout: Omit<RecordLayout, 'width'>;
  #format: Promise<RecordFormat> | undefined;
  #isEmpty = true;

  constructor(out: DataOutput, { form, fields, columns }: RecordsOptions) {
    this.#out = out;
    this.#form = form;
    this.#layout = { columns: fields?.map(fieldColumn) ?? columns, fields, isTTY: out.isTTY };
  }

  /** True once nobody reads: a reading command may stop. */
  get closed(): boolean {
    return this.#out.closed;
  }

  async write(records: readonly JsonObject[]): Promise<void> {
    if (records.length === 0) return;
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
