import { Readable } from 'node:stream';
import type { Client } from '../api/client.js';
import type { AppInput } from '../api/decode.js';
import { UnavailableError } from '../api/failures.js';
import { getInputs } from '../api/inputs.js';
import type { Clock } from '../context.js';
import { maxInputsPerRequest } from '../wire/messages.js';
import { statusCodes } from '../wire/status.js';
import type { Final, Step } from './drafts.js';
import type { Halt } from './halt.js';
import { finalStep, phaseOf, recordStatus } from './meanings.js';

/** First and longest pause between two looks, and how it grows while nothing gets done. */
const firstPauseMs = 500;
const longestPauseMs = 10_000;
const growth = 1.5;
/** An input that so many answers in a row leave out is gone. */
const maxMisses = 2;

export interface Settling {
  readonly client: Client;
  readonly halt: Halt;
  readonly clock: Clock;
  /** From the last batch's answer. */
  readonly timeoutMs: number;
}

/** An input that the service took and is still at work on. */
interface Open {
  readonly source: string;
  readonly was: 'added' | 'exists';
  misses: number;
}

interface Sweep {
  readonly steps: readonly Step[];
}

/**
 * Waits until every accepted input is indexed, failed, gone, or the time is up, while further ones still arrive.
 * Each look asks only for what is open. What is open in the end is pending.
 */
export async function* settle(steps: AsyncIterable<Step>, settling: Settling): AsyncGenerator<Step> {
  const sweeper = new Sweeper(settling);
  const upstream = steps[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<Step>> | undefined = upstream.next();
  try {
    for (;;) {
      const events: readonly (Promise<IteratorResult<Step> | Sweep> | undefined)[] = [next, sweeper.running()];
      const awaited = events.filter((event) => event !== undefined);
      if (awaited.length === 0) break;
      const event = await Promise.race(awaited);
      if ('steps' in event) yield* sweeper.done(event);
      else if (event.done !== true) {
        yield* sweeper.took(event.value);
        next = upstream.next();
      } else {
        next = undefined;
        sweeper.startDeadline();
      }
    }
    yield* sweeper.left();
  } finally {
    sweeper.stop();
    await upstream.return?.();
  }
}

/** Waits for inputs that were added before, by id. */
export async function* settledIds(ids: readonly string[], settling: Settling): AsyncGenerator<Final> {
  const steps = ids.map((id): Step => ({ at: 'accepted', id, source: id, was: 'exists' }));
  for await (const step of settle(Readable.from(steps), settling)) if (step.at === 'final') yield step;
}

/** Without waiting: whatever the service took is pending. */
export async function* unsettled(steps: AsyncIterable<Step>): AsyncGenerator<Step> {
  for await (const step of steps) yield step.at === 'accepted' ? pendingStep(step) : step;
}

function pendingStep(of: { readonly id: string; readonly source: string }): Step {
  return finalStep(of, 'pending', recordStatus(statusCodes.inputPending));
}

class Sweeper {
  readonly #open = new Map<string, Open>();
  readonly #settling: Settling;
  readonly #stopped = new AbortController();
  #pauseMs = firstPauseMs;
  #deadlineMs = Infinity;
  #running: Promise<Sweep> | undefined;

  constructor(settling: Settling) {
    this.#settling = settling;
  }

  /** The sweep under way, if there is anything to wait for. */
  running(): Promise<Sweep> | undefined {
    if (this.#open.size === 0 || !this.#goesOn()) return this.#running;
    this.#running ??= this.#sweep();
    return this.#running;
  }

  *done(sweep: Sweep): Generator<Step> {
    this.#running = undefined;
    yield* sweep.steps;
  }

  /** Keeps what has to be waited for, and lets the rest pass. */
  *took(step: Step): Generator<Step> {
    if (step.at === 'accepted') this.#open.set(step.id, { source: step.source, was: step.was, misses: 0 });
    else yield step;
  }

  *left(): Generator<Step> {
    for (const [id, { source }] of this.#open) yield pendingStep({ id, source });
  }

  #goesOn(): boolean {
    return !this.#settling.halt.stopped && this.#settling.clock.now() < this.#deadlineMs;
  }

  startDeadline(): void {
    this.#deadlineMs = this.#settling.clock.now() + this.#settling.timeoutMs;
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** Pauses, then looks at everything that is open now. */
  async #sweep(): Promise<Sweep> {
    if (!(await this.#pause())) return { steps: [] };
    const ids = [...this.#open.keys()];
    const steps: Step[] = [];
    for (let from = 0; from < ids.length && this.#goesOn(); from += maxInputsPerRequest) {
      steps.push(...(await this.#look(ids.slice(from, from + maxInputsPerRequest))));
    }
    this.#pauseMs = steps.length > 0 ? firstPauseMs : Math.min(longestPauseMs, this.#pauseMs * growth);
    return { steps };
  }

  async #pause(): Promise<boolean> {
    const { clock, halt } = this.#settling;
    const leftMs = Math.max(0, this.#deadlineMs - clock.now());
    try {
      await clock.sleep(Math.min(this.#pauseMs, leftMs), AbortSignal.any([halt.signal, this.#stopped.signal]));
      return true;
    } catch {
      return false;
    }
  }

  async #look(ids: readonly string[]): Promise<readonly Step[]> {
    try {
      const found = new Map((await getInputs(this.#settling.client, ids, true)).map((input) => [input.id, input]));
      return ids.flatMap((id) => this.#judge(id, found.get(id)));
    } catch (error) {
      // a poll that fails leaves its inputs pending; only trouble that lasts ends the run
      if (!(error instanceof UnavailableError) || error.persistent) this.#settling.halt.stop(error);
      return [];
    }
  }

  #judge(id: string, input: AppInput | undefined): readonly Step[] {
    const open = this.#open.get(id);
    if (open === undefined) return [];
    const of = { id, source: open.source };
    if (input === undefined) {
      open.misses += 1;
      if (open.misses < maxMisses) return [];
      this.#open.delete(id);
      return [finalStep(of, 'failed', recordStatus('VANISHED'))];
    }
    open.misses = 0;
    const { code, details, description } = input.status;
    const phase = phaseOf(code);
    if (phase === 'waiting') return [];
    this.#open.delete(id);
    if (phase === 'ok') return [{ ...finalStep(of, open.was, recordStatus(code)), input }];
    return [{ ...finalStep(of, 'failed', recordStatus(code, details || description), true), input }];
  }
}
