import type { InferOptions } from '@commander-js/extra-typings';

/** An option as commander's `option` takes it: flags, description and, for a value that is checked, its parser. */
type OptionRow = readonly [flags: string, description: string, parse?: (value: string, previous: never) => unknown];

type ValueOf<Row> = Row extends readonly [infer Flags extends string, string, (...args: never) => infer Value]
  ? InferOptions<object, Flags, undefined, Value, false>
  : Row extends readonly [infer Flags extends string, string]
    ? InferOptions<object, Flags, undefined, undefined, false>
    : never;

/** Turns a union into an intersection: all options together, in place of any one of them. */
type AllOf<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** The values of options as commander keeps them, typed by their rows: a misspelt key does not compile. */
export type RowValues<Row extends OptionRow> = Readonly<AllOf<Row extends unknown ? ValueOf<Row> : never>>;
