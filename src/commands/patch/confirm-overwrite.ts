import type { PatchRow } from '../../core/changes/patch-rows.js';
import { RowComparison, type CompareOptions } from '../../core/changes/compare.js';
import type { Edit } from '../../core/changes/edits.js';
import { UsageError } from '../../errors.js';
import { confirm } from '../../render/prompts.js';
import { countText } from '../../render/plural.js';
import { sanitizeForTerminal } from '../../render/text.js';
import { isList, isObject } from '../../wire/json.js';
import type { PatchRequest } from './command.js';
import { appText } from '../../session/service-url.js';
import { canPrompt, type Session } from '../../session/session.js';

const fields = ['concepts', 'metadata', 'geo', 'regions'] as const;

/** Describes what edits would erase; undefined if they only add and remove. */
export function describeErasure(edits: readonly Edit[], request: PatchRequest): string | undefined {
  const overwrite = edits.find(({ action }) => action === 'overwrite');
  if (overwrite === undefined) return undefined;
  const what = fields.map((field) => `${Object.hasOwn(overwrite.data, field) ? 'the previous' : 'all'} ${field}`);
  return `overwrite erases ${what.join(', ')} of ${describeTargets(request)}`;
}

function describeTargets({ words: [first = '', ...more], where }: PatchRequest): string {
  if (where.length > 0) return 'the selected inputs';
  return more.length === 0 && first !== '-'
    ? sanitizeForTerminal(first)
    : `the ${countText(1 + more.length, 'input')} named`;
}

/** Describes what the rows of a file would erase; undefined if none overwrites or sets. */
export async function describeRowErasure(
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

/**
 * Asks before anything is erased.
 *
 * @returns false for a no
 * @throws UsageError without a terminal to ask on
 */
export async function confirmOverwrite(erased: string, request: PatchRequest, session: Session): Promise<boolean> {
  if (!canPrompt(session) || request.words.includes('-')) {
    throw new UsageError(`${erased}; --yes required when not running interactively`, { hint: 'pass --yes' });
  }
  session.messages.prompt(erased);
  return await confirm(`Overwrite inputs ${appText(session)}?`, session.context);
}
