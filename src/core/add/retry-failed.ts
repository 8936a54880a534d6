import { maxInputsPerRequest } from '../../wire/messages.js';
import type { RunControl } from '../model/run-control.js';
import type { Candidate, Final, Found, Step } from '../model/steps.js';
import { isWorthRetry, stepForExisting, type Resolve } from './conflicts/resolve.js';

/** Keeps what is on its way, so that it can be sent once more; what is done is let go. */
export class RetryQueue {
  readonly #open = new Map<string, Candidate>();
  readonly #held: Found[] = [];

  /** Lets all pass. */
  async *track(steps: AsyncIterable<Step>): AsyncGenerator<Step> {
    for await (const step of steps) {
      if (step.at === 'candidate') this.#track(step.candidate);
      yield step;
    }
  }

  #track(candidate: Candidate): void {
    if (candidate.input.id !== undefined) this.#open.set(candidate.input.id, candidate);
  }

  /** Holds back what failed for a reason that may pass, and lets all else through. */
  async *holdBackTransient(steps: AsyncIterable<Step>): AsyncGenerator<Step> {
    for await (const step of steps) {
      if (step.at === 'changed') this.#replace(step.before, step.now);
      const found = step.at === 'final' ? this.#take(step) : undefined;
      if (found === undefined) yield step;
      else this.#held.push(found);
    }
  }

  #replace(before: Candidate, now: Candidate): void {
    this.#open.delete(before.input.id ?? '');
    this.#track(now);
  }

  #take({ record, input }: Final): Found | undefined {
    // the second of two with one id is not the one that is on its way
    if (record.outcome === 'duplicate') return undefined;
    const candidate = this.#open.get(record.id ?? '');
    this.#open.delete(record.id ?? '');
    const isHeld = record.outcome === 'failed' && isWorthRetry(record.status.code ?? 0);
    return isHeld && candidate !== undefined && input !== undefined ? { candidate, input } : undefined;
  }

  /** Releases the inputs held back to be added again; if the run stops before that, as they failed. */
  async *release(resolve: Resolve, control: RunControl): AsyncGenerator<Step> {
    for (let found = this.#next(); found.length > 0; found = this.#next())
      yield* await resolveOrSkip(found, resolve, control);
  }

  #next(): readonly Found[] {
    return this.#held.splice(0, maxInputsPerRequest);
  }
}

async function resolveOrSkip(found: readonly Found[], resolve: Resolve, control: RunControl): Promise<readonly Step[]> {
  try {
    if (!control.isStopped) return await resolve(found);
  } catch (error) {
    control.stop(error);
  }
  return found.map(({ candidate, input }) => stepForExisting(candidate, input, 'skip'));
}

/** Marks what was sent twice. */
export async function* markRetried(steps: AsyncIterable<Step>): AsyncGenerator<Step> {
  for await (const step of steps) yield step.at === 'final' ? { ...step, tries: 2 } : step;
}
