import { setTimeout as sleep } from 'node:timers/promises';
import { statusCodes } from '../../src/wire/status.js';
import { valueAt } from '../../src/wire/json.js';
import type { Caller } from './operations.js';
import { pollDelays, type Pace } from './pace.js';
import { familyPrefix, idsOf } from './wording.js';

const idsPerRequest = 128;

/** Deletes the inputs with these ids and waits until they are gone. The ids that are left. */
export async function deleteInputs(
  caller: Pick<Caller, 'call'>,
  given: readonly string[],
  pace: Pick<Pace, 'pollMs' | 'waitMs'>,
): Promise<readonly string[]> {
  const own = given.filter((id) => id.startsWith(familyPrefix));
  const endMs = Date.now() + pace.waitMs;
  let left = await findInputs(caller, own);
  for (const ids of chunks(left)) await caller.call('deleteMany', { ids });
  for (const delayMs of pollDelays(pace.pollMs)) {
    if (left.length === 0 || Date.now() > endMs) return left;
    await sleep(delayMs);
    left = await findInputs(caller, left);
  }
  return left;
}

/** Those of the ids that the app has; all of them where it does not tell. */
async function findInputs(caller: Pick<Caller, 'call'>, wanted: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const ids of chunks(wanted)) {
    const answer = await caller.call('list', { ids, per_page: idsPerRequest });
    const code = valueAt(answer.body, ['status', 'code']);
    const isTold = code === statusCodes.ok || code === statusCodes.mixed;
    const there = new Set(idsOf(answer));
    found.push(...ids.filter((id) => !isTold || there.has(id)));
  }
  return found;
}

function chunks(ids: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(ids.length / idsPerRequest);
  return Array.from({ length: count }, (_, index) => ids.slice(index * idsPerRequest, (index + 1) * idsPerRequest));
}
