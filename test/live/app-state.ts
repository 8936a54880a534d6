import { isObject } from '../../src/wire/json.js';
import type { Caller } from './operations.js';
import { familyPrefix, idsOf, statusText } from './wording.js';

/** What an app holds before a run. */
export interface AppState {
  /** Inputs of runs that were broken off. */
  readonly leftIds: readonly string[];
  /** How many inputs this command did not make. */
  readonly others: number;
}

const perPage = 128;

/** Looks at an app and changes nothing. Throws where it can't be read. */
export async function readApp(caller: Pick<Caller, 'call'>): Promise<AppState> {
  const page = await caller.call('list', { page: 1, per_page: perPage });
  const ids = idsOf(page);
  // a page that holds failed inputs is mixed
  if (!/\b100[01]0$/.test(statusText(page))) throw new Error(`the app cannot be listed: ${statusText(page)}`);
  const { counts } = (await caller.call('counts', {})).body;
  const numbers = isObject(counts) ? Object.values(counts).filter((count) => typeof count === 'number') : [];
  const total = Math.max(
    ids.length,
    numbers.reduce((sum, count) => sum + count, 0),
  );
  const leftIds = ids.filter((id) => id.startsWith(familyPrefix));
  return { leftIds, others: total - leftIds.length };
}
