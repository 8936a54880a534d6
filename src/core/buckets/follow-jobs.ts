import type { AddJob, ExtractionJob } from '../../api/jobs.js';
import type { JobsService } from '../../api/service.js';
import type { Clock } from '../../context.js';
import { Backoff } from '../model/backoff.js';
import { stopsReading } from '../model/run-control.js';
import { foundFiles, isExtractionOpen, openInputs, type JobState } from './job-state.js';

export interface FollowOptions {
  readonly service: JobsService;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * The service counts inputs apart from the files that it finds, and it is not documented how the two relate: inputs
 * whose ids are taken may be in one count alone. Counts that stand still for this long are taken for the last ones.
 */
const settledMs = 30_000;

/**
 * The jobs again and again, until all are done or the time is up; slower while nothing moves. Rejects with the signal's
 * reason once it is aborted.
 */
export async function* followJobs(
  jobs: readonly JobState[],
  options: FollowOptions,
): AsyncGenerator<readonly JobState[]> {
  const { clock, stopping } = options;
  const deadlineMs = clock.now() + options.timeoutMs;
  const backoff = new Backoff({ firstMs: 1000, longestMs: 10_000 });
  const followers = jobs.map((job) => new JobFollower(job, options));
  for (;;) {
    yield followers.map(({ state }) => state);
    if (followers.every(({ state }) => state.isDone) || clock.now() >= deadlineMs) return;
    await backoff.wait(clock, stopping, deadlineMs);
    const moved = await pollAll(followers);
    if (moved) backoff.reset();
  }
}

/** One after the other: each poll is a request. A poll that fails is passed over; only trouble that lasts is thrown. */
async function pollAll(followers: readonly JobFollower[]): Promise<boolean> {
  let moved = false;
  for (const follower of followers) {
    if (follower.state.isDone) continue;
    try {
      moved = (await follower.poll()) || moved;
    } catch (error) {
      if (stopsReading(error)) throw error;
    }
  }
  return moved;
}

class JobFollower {
  state: JobState;
  readonly #options: FollowOptions;
  #movedMs: number;

  constructor({ source, job }: JobState, options: FollowOptions) {
    this.#options = options;
    this.#movedMs = options.clock.now();
    this.state = { source, job, isDone: this.#isDone(job) };
  }

  /** Asks once; true if anything changed. */
  async poll(): Promise<boolean> {
    const { clock, service } = this.#options;
    const before = this.state.job;
    // a service that knows a job only by what it reads has no answer here
    const answer = (await service.getJob(before.id, { background: true })) ?? before;
    const job = { ...answer, extractions: await this.#readExtractions(before, answer) };
    const moved = figuresOf(job) !== figuresOf(before);
    if (moved) this.#movedMs = clock.now();
    this.state = { ...this.state, job, isDone: this.#isDone(job) };
    return moved;
  }

  /** An answer may list what a job reads; what it does not list is asked for. */
  async #readExtractions(before: AddJob, answer: AddJob): Promise<readonly ExtractionJob[]> {
    const listed = answer === before ? [] : answer.extractions;
    const isListed = (id: string): boolean => listed.some((extraction) => extraction.id === id);
    const others: ExtractionJob[] = [];
    for (const extraction of before.extractions.filter(({ id }) => !isListed(id))) {
      others.push(isExtractionOpen(extraction) ? await this.#readExtraction(extraction) : extraction);
    }
    return [...others, ...listed];
  }

  async #readExtraction(extraction: ExtractionJob): Promise<ExtractionJob> {
    return (await this.#options.service.getExtraction(extraction.id, { background: true })) ?? extraction;
  }

  #isDone(job: AddJob): boolean {
    if (job.extractions.some(isExtractionOpen) || openInputs(job) > 0) return false;
    const { succeeded, failed } = job.progress;
    // nothing is known of what a job reads that lists nothing: something is to come of it
    const expected = job.extractions.length === 0 ? 1 : foundFiles(job);
    return succeeded + failed >= expected || this.#options.clock.now() - this.#movedMs >= settledMs;
  }
}

function figuresOf({ progress, extractions }: AddJob): string {
  return JSON.stringify([progress, extractions.map(({ status, found }) => [status.code, found])]);
}
