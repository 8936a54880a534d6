import type { PatchRow } from '../../core/changes/rows.js';
import type { Edit } from '../../core/changes/edits.js';
import { UsageError } from '../../errors.js';
import { confirmed } from '../../render/prompts.js';
import { plain } from '../../render/text.js';
import type { PatchRequest } from './command.js';
import { canPrompt, type Session } from '../../session/session.js';

const fields = ['concepts', 'metadata', 'geo', 'regions'] as const;

/** What these edits would erase of the inputs; undefined if they only add and take off. */
export function describeErasure(edits: readonly Edit[], request: PatchRequest): string | undefined {
  const overwrite = edits.find(({ action }) => action === 'overwrite');
  if (overwrite === undefined) return undefined;
  const what = fields.map((field) => `${Object.hasOwn(overwrite.data, field) ? 'the former' : 'all'} ${field}`);
  return `overwrite erases ${what.join(', ')} of ${describeTargets(request)}`;
}

function describeTargets({ words: [first = '', ...more], where }: PatchRequest): string {
  if (where.length > 0) return 'the inputs selected';
  return more.length === 0 && first !== '-' ? plain(first) : 'the inputs named';
}

/** What rows of a file would erase; undefined if none overwrites. */
export async function describeRowErasure(rows: AsyncIterable<PatchRow>, file: string): Promise<string | undefined> {
  for await (const row of rows) {
    if (row.problem !== undefined || row.change.action !== 'overwrite') continue;
    return `${plain(file)}: line ${row.line} overwrites, and maybe others: what such a row does not name is erased`;
  }
  return undefined;
}

/**
 * Asks before anything is erased.
 *
 * @returns false for a no
 * @throws UsageError if there is nobody to ask
 */
export async function confirmOverwrite(erased: string, request: PatchRequest, session: Session): Promise<boolean> {
  if (!canPrompt(session) || request.words.includes('-')) {
    throw new UsageError(`${erased}, and there is nobody to ask`, { hint: 'add --yes' });
  }
  session.messages.prompt(erased);
  if (await confirmed('Go on?', session.context)) return true;
  session.messages.prompt('nothing changed');
  return false;
}
