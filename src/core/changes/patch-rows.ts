import type { Json } from '../../wire/json.js';
import { metadataKeyOf } from '../rows/header.js';
import { fieldsFor } from '../rows/row-fields.js';
import type { ColumnOptions, OnInexactNumbers, Row, RowAction } from '../rows/schema.js';
import { rows } from '../rows/rows.js';
import type { RowChange } from './input-state.js';

/** A row that was read, or what is wrong with it. */
export type PatchRow =
  | { readonly line: number; readonly id: string | null; readonly problem: string }
  | {
      readonly line: number;
      readonly problem: undefined;
      readonly change: RowChange;
    };

/** The fields that rows of `patch --from` may have. */
export const patchFields = fieldsFor(['id', 'concepts', 'metadata', 'geo', 'regions', 'action', 'data']);

/** How the rows of a file are read. */
export interface PatchRowOptions {
  /** The file, as errors name it. */
  readonly name: string;
  /** The action of rows that name none. */
  readonly action: RowAction;
  readonly columns: ColumnOptions;
  readonly onInexactNumbers: OnInexactNumbers;
}

/**
 * The rows of a file, each as a change; a bad one does not stop the next.
 *
 * @throws UsageError for a CSV header that can't be right
 */
export async function* patchRows(
  stream: AsyncIterable<string | Uint8Array>,
  { name, action, columns, onInexactNumbers }: PatchRowOptions,
): AsyncGenerator<PatchRow> {
  const schema = { name, known: patchFields, required: ['id'], columns };
  for await (const row of rows(stream, schema)) {
    onInexactNumbers(row.inexactNumbers, `${name} line ${row.line}`);
    yield patchRow(row, action);
  }
}

function patchRow(row: Row, defaultAction: RowAction): PatchRow {
  const { line, fields, cleared, problem } = row;
  const { id = '', action = defaultAction, concepts, metadata, geo, regions, metadataKeys = {}, media } = fields;
  if (problem !== undefined) return { line, id: fields.id ?? null, problem };
  const emptyKeys = [...cleared].flatMap((name) => metadataKeyOf(name) ?? []);
  const keys = new Map<string, Json | undefined>([
    ...emptyKeys.map((key) => [key, undefined] as const),
    ...Object.entries(metadataKeys),
  ]);
  const annotations = { concepts, metadata, geo, regions };
  const saysNothing =
    Object.values(annotations).every((value) => value === undefined) && keys.size + cleared.size === 0;
  // an input as it is printed may have nothing that could be changed
  if (saysNothing && media === undefined && action !== 'overwrite') return { line, id, problem: 'changes nothing' };
  return { line, problem: undefined, change: { id, action, annotations, metadataKeys: keys, cleared } };
}
