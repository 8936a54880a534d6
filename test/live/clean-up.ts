import { setTimeout as sleep } from 'node:timers/promises';
import { statusCodes } from '../../src/wire/status.js';
import { valueAt } from '../../src/wire/json.js';
import { UntoldError } from './assumption.js';
import type { Caller } from './operations.js';
import { pollDelays, type Pace } from './pace.js';
import { familyPrefix, idsOf } from './wording.js';

const idsPerRequest = 128;

/** Deletes the inputs with these ids and waits until they are gone, over all that fails meanwhile. The ids that are left. */
export async function deleteInputs(
  caller: Pick<Caller, 'call'>,
  given: readonly string[],
  pace: Pick<Pace, 'pollMs' | 'waitMs'>,
): Promise<readonly string[]> {
  const endMs = Date.now() + pace.waitMs;
  const accepted = new Set<string>();
  let left: readonly string[] = given.filter((id) => id.startsWith(familyPrefix));
  for (const delayMs of pollDelays(pace.pollMs)) {
    const isLast = Date.now() > endMs;
    try {
      left = await findInputs(caller, left);
      const pending = left.filter((id) => !accepted.has(id));
      for (const id of await requestDeletion(caller, pending)) accepted.add(id);
    } catch (error) {
      if (isLast || error instanceof UntoldError) throw error;
    }
    if (left.length === 0 || isLast) return left;
    await sleep(delayMs);
  }
  return left;
}

/** The ids whose deletion the service has agreed to. */
async function requestDeletion(caller: Pick<Caller, 'call'>, wanted: readonly string[]): Promise<readonly string[]> {
  const accepted: string[] = [];
  for (const ids of chunks(wanted)) {
    const { body } = await caller.call('deleteMany', { ids });
    if (valueAt(body, ['status', 'code']) === statusCodes.ok) accepted.push(...ids);
  }
  return accepted;
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
