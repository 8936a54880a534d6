import type { PatchAction } from '../../wire/messages.js';
import { fieldsFor } from '../rows/row-fields.js';
import { rowMetadata, type ColumnOptions, type Row } from '../rows/schema.js';
import { rows } from '../rows/rows.js';
import { dataOf, type Change } from './edits.js';

/** A row that was read, or what is wrong with it. */
export type PatchRow =
  | { readonly line: number; readonly id: string | null; readonly problem: string }
  | { readonly line: number; readonly problem: undefined; readonly change: Change };

/** The fields that rows of `patch --from` may have. */
export const patchFields = fieldsFor(['id', 'concepts', 'metadata', 'geo', 'regions', 'action', 'data']);

/** How the rows of a file are read. */
export interface PatchRowOptions {
  /** The file, as errors name it. */
  readonly name: string;
  /** The action of rows that name none. */
  readonly action: PatchAction;
  readonly columns: ColumnOptions;
}

/**
 * The rows of a file, each as a change; a bad one does not stop the next.
 *
 * @throws UsageError for a CSV header that can't be right
 */
export async function* patchRows(
  stream: AsyncIterable<string | Uint8Array>,
  { name, action, columns }: PatchRowOptions,
): AsyncGenerator<PatchRow> {
  const schema = { name, known: patchFields, required: ['id'], columns };
  for await (const row of rows(stream, schema)) yield patchRow(row, action);
}

function patchRow({ line, fields, problem }: Row, defaultAction: PatchAction): PatchRow {
  const { id = '', action = defaultAction, concepts, geo, regions } = fields;
  if (problem !== undefined) return { line, id: fields.id ?? null, problem };
  const data = dataOf({ concepts, metadata: rowMetadata(fields), geo, regions }, action);
  if (action !== 'overwrite' && Object.keys(data).length === 0) return { line, id, problem: 'changes nothing' };
  return { line, problem: undefined, change: { id, action, data, last: true, restores: action === 'overwrite' } };
}
