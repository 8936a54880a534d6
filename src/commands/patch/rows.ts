import type { AppInput } from '../../api/answers.js';
import { removedAnnotations } from '../../core/changes/edits.js';
import type { RowChange } from '../../core/changes/input-state.js';
import { hasMemberships } from '../../core/changes/memberships.js';
import { patchFields, patchRows, type PatchRow } from '../../core/changes/patch-rows.js';
import { selectInputs } from '../../core/read/select.js';
import { UsageError } from '../../errors.js';
import { fileChunks } from '../../session/file-chunks.js';
import type { Session } from '../../session/session.js';
import { assertMapOption } from '../options/columns.js';
import { idsFrom } from '../options/ids.js';
import { readPayload } from '../options/payload.js';
import { openFilter } from '../options/where.js';
import { warnOfInexactNumbers } from '../output/inexact-numbers.js';
import type { PatchRequest } from './command.js';

/** What the options ask of each input that is named or selected. */
export type OptionChange = Omit<RowChange, 'id'>;

/**
 * Reads what the options change.
 *
 * @throws UsageError if that is nothing
 */
export async function readOptionChange(request: PatchRequest, session: Session): Promise<OptionChange> {
  const annotations = await readPayload(request.payload, session.context, warnOfInexactNumbers(session.messages));
  const removals = removedAnnotations(request.removals);
  const { concepts, metadata, geo } = annotations;
  const isGiven = concepts.length > 0 || metadata !== undefined || geo !== undefined;
  if (!isGiven && removals === undefined && !hasMemberships(request.memberships)) {
    throw new UsageError('patch: nothing to change', { hint: 'for example -c dog, --remove-concept cat, --from FILE' });
  }
  // an overwrite with nothing would erase all
  const action = isGiven ? (request.action ?? 'merge') : 'merge';
  return { action, annotations, removals, metadataKeys: new Map(), cleared: new Set() };
}

/** The rows of a file, which can be read again unless it is stdin or another pipe. */
export function fileRows(from: string, request: PatchRequest, session: Session): AsyncIterable<PatchRow> {
  const stream = from === '-' ? session.stdin.take('--from -') : fileChunks(from, '--from', session.context);
  const { action = 'merge', columns } = request;
  assertMapOption(columns, patchFields);
  const onInexactNumbers = warnOfInexactNumbers(session.messages);
  return patchRows(stream, { name: from === '-' ? 'stdin' : from, action, columns, onInexactNumbers });
}

/**
 * A row for each input that is named or selected.
 *
 * @param onSelected - takes the inputs that `--where` selects, page by page, before their rows
 */
export async function* optionRows(
  change: OptionChange,
  { words, where }: PatchRequest,
  session: Session,
  onSelected: (inputs: readonly AppInput[]) => void,
): AsyncGenerator<PatchRow> {
  let line = 0;
  const row = (id: string): PatchRow => ({ line: (line += 1), problem: undefined, change: { id, ...change } });
  if (where.length === 0) {
    for (const id of await idsFrom(words, session)) yield row(id);
    return;
  }
  const selectors = await openFilter(where, session);
  for await (const page of selectInputs(await session.service(), selectors)) {
    onSelected(page);
    for (const { id } of page) yield row(id);
  }
}
