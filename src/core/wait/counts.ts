import type { Client } from '../../api/policy/delivery.js';
import type { Counts } from '../../api/answers.js';
import { countInputs } from '../../api/rest/inputs.js';
import type { Clock } from '../../context.js';

const firstPauseMs = 500;
const longestPauseMs = 10_000;

export interface Following {
  readonly client: Client;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
  readonly timeoutMs: number;
}

/** Inputs that the service is still at work on. */
export function pendingCount(counts: Counts): number {
  return counts.to_process + counts.processing + counts.to_reindex + counts.reindexing;
}

/** The app's counts, again and again until nothing is pending or the time is up; slower while nothing moves. */
export async function* countsUntilDone(following: Following): AsyncGenerator<Counts> {
  const { client, clock, stopping } = following;
  const deadlineMs = clock.now() + following.timeoutMs;
  let pauseMs = firstPauseMs;
  for (let before = -1; ;) {
    const counts = await countInputs(client, true);
    yield counts;
    const pending = pendingCount(counts);
    if (pending === 0 || clock.now() >= deadlineMs) return;
    pauseMs = pending === before ? Math.min(longestPauseMs, pauseMs * 1.5) : firstPauseMs;
    before = pending;
    await clock.sleep(Math.min(pauseMs, deadlineMs - clock.now()), stopping);
  }
}
