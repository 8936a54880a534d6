import { Readable } from 'node:stream';
import type { Client } from '../../api/policy/delivery.js';
import type { AppInput } from '../../api/answers.js';
import { UnavailableError } from '../../api/errors.js';
import { getInputs } from '../../api/rest/inputs.js';
import { streamPages } from '../../api/pages.js';
import type { Clock } from '../../context.js';
import { maxInputsPerRequest, maxPerPage } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import type { Final, Step } from '../model/steps.js';
import { FirstOf } from './first-of.js';
import type { Halt } from '../model/run-control.js';
import { IdTable } from '../ids/id-table.js';
import { finalStep, phaseOf, recordStatus } from '../model/status-catalog.js';
import { OpenInputs, type OpenInput } from './open-inputs.js';

/** First and longest pause between two looks, and how it grows while nothing gets done. */
const firstPauseMs = 500;
const longestPauseMs = 10_000;
const growth = 1.5;
/** A sweep in which less than one in so many was done was too early. */
const worthwhile = 10;
/** From so many open inputs on, pages of the newest inputs tell more than answers by ids. */
const manyOpen = 8 * maxInputsPerRequest;
export interface Settling {
  readonly client: Client;
  readonly halt: Halt;
  readonly clock: Clock;
  /** From the last batch's answer. */
  readonly timeoutMs: number;
  /** The ids of the run, with their sources. */
  readonly ids?: IdTable;
}

/** What became final by one answer. */
interface Look {
  readonly steps: readonly Step[];
}

/**
 * Waits until every accepted input is indexed, failed, gone, or the time is up, while further ones still arrive.
 * Each look asks only for what is open. What is open in the end is pending.
 */
export async function* settle(steps: AsyncIterable<Step>, settling: Settling): AsyncGenerator<Step> {
  const sweeper = new Sweeper(settling);
  const upstream = steps[Symbol.asyncIterator]();
  const events = new FirstOf<IteratorResult<Step> | Look>();
  events.add(upstream.next());
  try {
    for (;;) {
      const look = sweeper.next();
      if (look !== undefined) events.add(look);
      if (events.pending === 0) break;
      const event = await events.next();
      if ('steps' in event) yield* sweeper.done(event);
      else if (event.done === true) sweeper.startDeadline();
      else {
        yield* sweeper.took(event.value);
        events.add(upstream.next());
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
  readonly #open: OpenInputs;
  readonly #settling: Settling;
  readonly #stopped = new AbortController();
  /** Ends a pause that began before the deadline was known. */
  readonly #late = new AbortController();
  readonly #sweeps = this.#sweep();
  #pauseMs = firstPauseMs;
  #deadlineMs = Infinity;
  #looking = false;

  constructor(settling: Settling) {
    this.#settling = settling;
    this.#open = new OpenInputs(settling.ids ?? new IdTable());
  }

  /** The next look, if there is anything to wait for and none is under way. */
  next(): Promise<Look> | undefined {
    if (this.#looking || this.#open.size === 0 || !this.#goesOn()) return undefined;
    this.#looking = true;
    return this.#sweeps.next().then(({ value }) => value);
  }

  *done(look: Look): Generator<Step> {
    this.#looking = false;
    yield* look.steps;
  }

  /** Keeps what has to be waited for, and lets the rest pass. */
  *took(step: Step): Generator<Step> {
    if (step.at === 'accepted') this.#open.add(step);
    else yield step;
  }

  *left(): Generator<Step> {
    for (const input of this.#open) yield pendingStep(input);
  }

  #goesOn(): boolean {
    return !this.#settling.halt.stopped && this.#settling.clock.now() < this.#deadlineMs;
  }

  startDeadline(): void {
    this.#deadlineMs = this.#settling.clock.now() + this.#settling.timeoutMs;
    if (this.#settling.timeoutMs < this.#pauseMs) this.#late.abort();
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** Again and again, pauses, then looks at everything that is open then. Always yields, so that its reader can end it. */
  async *#sweep(): AsyncGenerator<Look, never> {
    for (;;) {
      await this.#pause();
      const open = this.#open.size;
      let done = 0;
      for await (const look of this.#looks()) {
        done += look.steps.length;
        yield look;
      }
      const isWorthIt = done > 0 && (open <= maxInputsPerRequest || done * worthwhile >= open);
      this.#pauseMs = isWorthIt ? firstPauseMs : Math.min(longestPauseMs, this.#pauseMs * growth);
      yield { steps: [] };
    }
  }

  async #pause(): Promise<void> {
    const { clock, halt } = this.#settling;
    const leftMs = Math.max(0, this.#deadlineMs - clock.now());
    const late = this.#deadlineMs === Infinity ? [this.#late.signal] : [];
    const signal = AbortSignal.any([halt.signal, this.#stopped.signal, ...late]);
    await clock.sleep(Math.min(this.#pauseMs, leftMs), signal).catch(() => undefined);
  }

  /** Where much is open by pages of the newest, as far as these are ours; the rest by ids. */
  async *#looks(): AsyncGenerator<Look> {
    this.#open.sweep();
    try {
      if (this.#open.size >= manyOpen) yield* this.#newest();
      for (const ids of this.#open.unaskedIds(maxInputsPerRequest)) {
        if (!this.#goesOn()) return;
        const found = new Map((await getInputs(this.#settling.client, ids, true)).map((input) => [input.id, input]));
        yield { steps: ids.flatMap((id) => this.#judge(id, found.get(id))) };
      }
    } catch (error) {
      // a poll that fails leaves its inputs pending; only trouble that lasts ends the run
      if (!(error instanceof UnavailableError) || error.persistent) this.#settling.halt.stop(error);
    }
  }

  /** What was added last comes first, and a cursor does not shift while others write. */
  async *#newest(): AsyncGenerator<Look> {
    if (!this.#goesOn()) return;
    const walk = { lastId: undefined, perPage: maxPerPage, descending: true, background: true };
    for await (const page of streamPages(this.#settling.client, walk)) {
      const ours = page.filter(({ id }) => this.#open.told(id));
      yield { steps: ours.flatMap((input) => this.#judge(input.id, input)) };
      // then an answer by ids tells of as much
      if (ours.length < maxInputsPerRequest || this.#open.unasked <= maxInputsPerRequest || !this.#goesOn()) return;
    }
  }

  #judge(id: string, input: AppInput | undefined): readonly Step[] {
    const open = this.#open.find(id);
    if (open === undefined) return [];
    if (input === undefined) return this.#missed(open);
    this.#open.told(id);
    const { code, details, description } = input.status;
    const phase = phaseOf(code);
    if (phase === 'waiting') return [];
    this.#open.close(id);
    if (phase === 'ok') return [{ ...finalStep(open, open.was, recordStatus(code)), input }];
    return [{ ...finalStep(open, 'failed', recordStatus(code, details || description), true), input }];
  }

  /** An input that two answers in a row leave out is gone. */
  #missed(open: OpenInput): readonly Step[] {
    if (!this.#open.leftOut(open.id)) return [];
    this.#open.close(open.id);
    return [finalStep(open, 'failed', recordStatus('VANISHED'))];
  }
}
