import { UsageError } from '../../errors.js';
import { quoteNames } from './schema.js';

interface UnknownColumns {
  /** Their titles. */
  readonly unknown: readonly string[];
  /** What a column may fill. */
  readonly fields: string;
  /** True for a table of one column: what stands above it may be a title. */
  readonly isSingle: boolean;
}

/** A table has columns that match no field. */
export class UnknownColumnsError extends UsageError {
  readonly fields: string;
  readonly isSingle: boolean;

  constructor(table: string, { unknown, fields, isSingle }: UnknownColumns) {
    super(`${table}: unknown ${unknown.length === 1 ? 'column' : 'columns'} ${quoteNames(unknown)}`);
    this.fields = fields;
    this.isSingle = isSingle;
  }
}
