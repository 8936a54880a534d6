import type { Candidate, Final, Step } from '../model/steps.js';
import type { Halt } from '../model/run-control.js';
import { foundStep, isWorthRetry, type Found, type Resolve } from './resolve-conflicts.js';
import { maxInputsPerRequest } from '../../wire/messages.js';

const perGroup = maxInputsPerRequest;

/** Remembers what is on its way, so that it can be sent once more; what is done is forgotten. */
export class SecondTries {
  readonly #open = new Map<string, Candidate>();
  readonly #held: Found[] = [];

  /** Lets all pass. */
  async *remembered(steps: AsyncIterable<Step>): AsyncGenerator<Step> {
    for await (const step of steps) {
      if (step.at === 'candidate') this.#remember(step.candidate);
      yield step;
    }
  }

  /** Goes on to remember a file that changed on its way. */
  changed(before: Candidate, now: Candidate): void {
    this.#open.delete(before.input.id ?? '');
    this.#remember(now);
  }

  #remember(candidate: Candidate): void {
    if (candidate.input.id !== undefined) this.#open.set(candidate.input.id, candidate);
  }

  /** Holds back what failed for a reason that may pass, and lets all else through. */
  async *withoutHeld(steps: AsyncIterable<Step>): AsyncGenerator<Step> {
    for await (const step of steps) {
      const found = step.at === 'final' ? this.#take(step) : undefined;
      if (found === undefined) yield step;
      else this.#held.push(found);
    }
  }

  #take({ record, input }: Final): Found | undefined {
    const candidate = this.#open.get(record.id ?? '');
    this.#open.delete(record.id ?? '');
    const isHeld = record.outcome === 'failed' && isWorthRetry(record.status.code ?? 0);
    return isHeld && candidate !== undefined && input !== undefined ? { candidate, input } : undefined;
  }

  /** Of the second round. */
  async *counted(steps: AsyncIterable<Step>): AsyncGenerator<Step> {
    for await (const step of steps) yield step.at === 'final' ? { ...step, tries: 2 } : step;
  }

  /** What was held back, freed to be added again; as it failed, where the run stops before that. */
  async *freed(resolve: Resolve, halt: Halt): AsyncGenerator<Step> {
    for (let group = this.#held.splice(0, perGroup); group.length > 0; group = this.#held.splice(0, perGroup)) {
      if (halt.stopped) yield* group.map(failedStep);
      else yield* await resolve(group).catch((error: unknown) => stoppedBy(error, group, halt));
    }
  }
}

function stoppedBy(error: unknown, group: readonly Found[], halt: Halt): readonly Step[] {
  halt.stop(error);
  return group.map(failedStep);
}

function failedStep({ candidate, input }: Found): Step {
  return foundStep(candidate, input, 'skip');
}
