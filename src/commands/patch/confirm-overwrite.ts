import type { PatchRow } from '../../core/changes/patch-rows.js';
import { RowComparison, type CompareOptions } from '../../core/changes/compare.js';
import { dataOf } from '../../core/changes/edits.js';
import { idsFrom } from '../options/ids.js';
import { selectIds } from '../options/where.js';
import { previewIds } from '../output/id-preview.js';
import type { OptionChange } from './rows.js';
import { UsageError } from '../../errors.js';
import { confirm } from '../../render/prompts.js';
import { countText } from '../../render/plural.js';
import { sanitizeForTerminal } from '../../render/text.js';
import { isList, isObject } from '../../wire/json.js';
import type { PatchRequest } from './command.js';
import { appText } from '../../session/service-url.js';
import { canPrompt, type Session } from '../../session/session.js';

const fields = ['concepts', 'metadata', 'geo', 'regions'] as const;

/**
 * Asks before options erase what inputs have.
 *
 * @returns false for a no
 * @throws UsageError without a terminal to ask on
 */
export async function confirmOptions(
  { action, annotations }: OptionChange,
  request: PatchRequest,
  session: Session,
): Promise<boolean> {
  if (action !== 'overwrite') return true;
  const data = dataOf(annotations, action);
  const what = fields.map((field) => `${Object.hasOwn(data, field) ? 'the previous' : 'all'} ${field}`);
  const erased = `overwrite erases ${what.join(', ')}`;
  assertCanAsk(erased, request, session);
  const { words, where } = request;
  const ids = where.length > 0 ? await selectIds(where, session) : await idsFrom(words, session);
  if (ids.size === 0) return true;
  session.messages.prompt(`${erased} of ${countText(ids.size, 'input')}:`);
  previewIds(ids, session);
  return await askToOverwrite(session);
}

/**
 * Asks before the rows of a file erase what inputs have.
 *
 * @returns false for a no
 * @throws UsageError without a terminal to ask on
 */
export async function confirmRows(
  rows: () => AsyncIterable<PatchRow>,
  from: FileToCompare,
  request: PatchRequest,
  session: Session,
): Promise<boolean> {
  const erased = await describeRowErasure(rows, from);
  if (erased === undefined) return true;
  assertCanAsk(erased, request, session);
  session.messages.prompt(erased);
  return await askToOverwrite(session);
}

function assertCanAsk(erased: string, { words }: PatchRequest, session: Session): void {
  if (canPrompt(session) && !words.includes('-')) return;
  throw new UsageError(`${erased}; --yes required when not running interactively`);
}

async function askToOverwrite(session: Session): Promise<boolean> {
  return await confirm(`Overwrite inputs ${appText(session)}?`, session.context);
}

/** Describes what the rows of a file would erase; undefined if none overwrites or sets. */
async function describeRowErasure(
  rows: () => AsyncIterable<PatchRow>,
  from: FileToCompare,
): Promise<string | undefined> {
  for await (const row of rows()) {
    if (row.problem !== undefined) continue;
    if (row.change.action === 'overwrite') {
      return `${sanitizeForTerminal(from.name)}: line ${row.line} overwrites, and maybe others: what such a row does not name is erased`;
    }
    if (row.change.action === 'set') return await countRowRemovals(rows(), from);
  }
  return undefined;
}

/** A file of rows, and how the inputs are looked up that they are of. */
export interface FileToCompare {
  readonly name: string;
  readonly lookUp: CompareOptions['lookUp'];
}

/** Compares all rows with their inputs, and counts what would be removed. */
async function countRowRemovals(
  rows: AsyncIterable<PatchRow>,
  { name, lookUp }: FileToCompare,
): Promise<string | undefined> {
  const comparison = new RowComparison({ lookUp, mayErase: true });
  const removed = { input: 0, concept: 0, 'metadata key': 0, point: 0, region: 0 };
  for await (const step of comparison.steps(rows)) {
    if ('outcome' in step) continue;
    if (step.last) comparison.settle(step.id);
    if (step.action === 'merge') continue;
    const { concepts, metadata, geo, regions } = step.data;
    removed.input += 1;
    removed.concept += isList(concepts) ? concepts.length : 0;
    removed['metadata key'] += isObject(metadata) ? Object.keys(metadata).length : 0;
    removed.point += geo === undefined ? 0 : 1;
    removed.region += isList(regions) ? regions.length : 0;
  }
  const { input: inputs, ...kinds } = removed;
  if (inputs === 0) return undefined;
  const what = Object.entries(kinds).flatMap(([kind, count]) => (count === 0 ? [] : [countText(count, kind)]));
  return `${sanitizeForTerminal(name)} removes ${what.join(', ')} from ${countText(inputs, 'input')}`;
}
