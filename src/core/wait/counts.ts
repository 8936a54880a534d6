import type { InputsService } from '../../api/service.js';
import type { Counts } from '../../api/answers.js';
import type { Clock } from '../../context.js';
import { Backoff } from '../model/backoff.js';

export interface PollCountsOptions {
  readonly service: InputsService;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
  readonly timeoutMs: number;
}

/** Inputs that the service is still at work on. */
export function pendingCount(counts: Counts): number {
  return counts.to_process + counts.processing + counts.to_reindex + counts.reindexing;
}

/** The app's counts, again and again until nothing is pending or the time is up; slower while nothing moves. */
export async function* pollCounts(options: PollCountsOptions): AsyncGenerator<Counts> {
  const { service, clock, stopping } = options;
  const deadlineMs = clock.now() + options.timeoutMs;
  const backoff = new Backoff({ firstMs: 500, longestMs: 10_000 });
  for (let previous = -1; ;) {
    const counts = await service.countInputs({ background: true });
    yield counts;
    const pending = pendingCount(counts);
    if (pending === 0 || clock.now() >= deadlineMs) return;
    if (pending !== previous) backoff.reset();
    previous = pending;
    await backoff.wait(clock, stopping, deadlineMs);
  }
}
