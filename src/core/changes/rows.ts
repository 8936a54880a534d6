import { UsageError } from '../../errors.js';
import { patchActions, type PatchAction } from '../../wire/messages.js';
import { dataOf, type Change, type Notes } from './edits.js';
import { parseGeo } from '../model/payload.js';
import {
  conceptsOfCell,
  conceptsOfJson,
  geoOfJson,
  metadataOfCell,
  metadataOfJson,
  objectsOfCell,
  objectsOfJson,
  textOfJson,
} from '../rows/fields.js';
import type { Field, Row, RowForm } from '../rows/schema.js';
import { rows } from '../rows/rows.js';

/** What a row of `patch --from` may have. */
interface PatchFields extends Notes {
  readonly id: string;
  readonly action: PatchAction;
}

/** A row that was read, or what is wrong with it. */
export type PatchRow =
  | { readonly line: number; readonly id: string | null; readonly problem: string }
  | { readonly line: number; readonly problem: undefined; readonly change: Change };

const known = new Map<string, Field<PatchFields>>([
  ['id', { cell: (id) => ({ id }), json: (value) => ({ id: textOfJson(value) }) }],
  [
    'concepts',
    {
      cell: (text) => ({ concepts: conceptsOfCell(text) }),
      json: (value) => ({ concepts: conceptsOfJson(value) }),
    },
  ],
  [
    'metadata',
    {
      cell: (text) => ({ metadata: metadataOfCell(text) }),
      json: (value) => ({ metadata: metadataOfJson(value) }),
    },
  ],
  ['geo', { cell: (text) => ({ geo: parseGeo(text) }), json: (value) => ({ geo: geoOfJson(value) }) }],
  [
    'regions',
    { cell: (text) => ({ regions: objectsOfCell(text) }), json: (value) => ({ regions: objectsOfJson(value) }) },
  ],
  [
    'action',
    { cell: (text) => ({ action: actionOf(text) }), json: (value) => ({ action: actionOf(textOfJson(value)) }) },
  ],
]);

function actionOf(text: string): PatchAction {
  const action = patchActions.find((one) => one === text);
  if (action === undefined) throw new UsageError(`'${text}' is none of ${patchActions.join(', ')}`);
  return action;
}

/**
 * The rows of NDJSON or CSV, each as a change; a bad one does not stop the next.
 *
 * @param name - of the file, as errors name it
 * @param action - of rows that name none
 * @throws UsageError for a CSV header that can't be right
 */
export async function* patchRows(
  stream: AsyncIterable<string | Uint8Array>,
  name: string,
  action: PatchAction,
): AsyncGenerator<PatchRow> {
  const form: RowForm<PatchFields> = { name, known, required: ['id'] };
  for await (const row of rows(stream, form)) yield patchRow(row, action);
}

function patchRow({ line, fields, problem }: Row<PatchFields>, defaultAction: PatchAction): PatchRow {
  const { id = '', action = defaultAction, ...notes } = fields;
  if (problem !== undefined) return { line, id: fields.id ?? null, problem };
  const data = dataOf(notes, action);
  if (action !== 'overwrite' && Object.keys(data).length === 0) return { line, id, problem: 'changes nothing' };
  return { line, problem: undefined, change: { id, action, data, last: true, restores: action === 'overwrite' } };
}
