import { Readable } from 'node:stream';
import type { InputsService } from '../../api/service.js';
import type { AppInput } from '../../api/answers.js';
import { streamPages } from '../../api/pages.js';
import type { Clock } from '../../context.js';
import { maxInputsPerRequest, maxPerPage } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import type { Final, Step } from '../model/steps.js';
import { PromiseQueue } from './promise-queue.js';
import { Backoff } from '../model/backoff.js';
import { stopsReading, type RunControl } from '../model/run-control.js';
import { IdTable } from '../ids/id-table.js';
import { finalStep, phaseOf, recordStatus } from '../model/status-catalog.js';
import { OpenInputs, type OpenInput } from './open-inputs.js';

/** Between two sweeps. */
const pauses = { firstMs: 500, longestMs: 10_000 };
/** A sweep in which less than one in so many was done was too early. */
const minProgressShare = 10;
/** From so many open inputs on, pages of the newest inputs tell more than answers by ids. */
const manyOpen = 8 * maxInputsPerRequest;
export interface WaitOptions {
  readonly service: InputsService;
  readonly control: RunControl;
  readonly clock: Clock;
  /** From the last batch's answer. */
  readonly timeoutMs: number;
  /** The ids of the run, with their sources. */
  readonly ids?: IdTable;
}

/** The inputs that one answer made final. */
interface PollResult {
  readonly steps: readonly Step[];
}

/**
 * Waits until every accepted input is indexed, failed, gone, or the time is up, while further ones still arrive.
 * Each look asks only for what is open. What is open in the end is pending.
 */
export async function* waitForInputs(steps: AsyncIterable<Step>, options: WaitOptions): AsyncGenerator<Step> {
  const poller = new StatusPoller(options);
  const upstream = steps[Symbol.asyncIterator]();
  const events = new PromiseQueue<IteratorResult<Step> | PollResult>();
  events.add(upstream.next());
  try {
    for (;;) {
      const look = poller.next();
      if (look !== undefined) events.add(look);
      if (events.pending === 0) break;
      const event = await events.next();
      if ('steps' in event) yield* poller.done(event);
      else if (event.done === true) poller.startDeadline();
      else {
        yield* poller.accept(event.value);
        events.add(upstream.next());
      }
    }
    yield* poller.remaining();
  } finally {
    poller.stop();
    await upstream.return?.();
  }
}

/** Waits for inputs that were added before, by id. */
export async function* waitForIds(ids: Iterable<string>, options: WaitOptions): AsyncGenerator<Final> {
  const steps = Readable.from(acceptedSteps(ids));
  for await (const step of waitForInputs(steps, options)) if (step.at === 'final') yield step;
}

function* acceptedSteps(ids: Iterable<string>): Generator<Step> {
  for (const id of ids) yield { at: 'accepted', id, source: id, was: 'exists' };
}

/** Without waiting: whatever the service took is pending. */
export async function* skipWaiting(steps: AsyncIterable<Step>): AsyncGenerator<Step> {
  for await (const step of steps) yield step.at === 'accepted' ? pendingStep(step) : step;
}

function pendingStep(input: { readonly id: string; readonly source: string }): Step {
  return finalStep(input, 'pending', recordStatus(statusCodes.inputPending));
}

class StatusPoller {
  readonly #open: OpenInputs;
  readonly #options: WaitOptions;
  #endPause = (): void => undefined;
  readonly #endPauseOnStop = (): void => {
    this.#endPause();
  };
  #isOver = false;
  readonly #sweeps = this.#sweep();
  readonly #backoff = new Backoff(pauses);
  #deadlineMs = Infinity;
  #looking = false;

  constructor(options: WaitOptions) {
    this.#options = options;
    this.#open = new OpenInputs(options.ids ?? new IdTable());
    options.control.signal.addEventListener('abort', this.#endPauseOnStop, { once: true });
  }

  /** The next look, if there is anything to wait for and none is under way. */
  next(): Promise<PollResult> | undefined {
    if (this.#looking || this.#open.size === 0 || !this.#shouldContinue()) return undefined;
    this.#looking = true;
    return this.#sweeps.next().then(({ value }) => value);
  }

  *done(result: PollResult): Generator<Step> {
    this.#looking = false;
    yield* result.steps;
  }

  /** Keeps what has to be waited for, and lets the rest pass. */
  *accept(step: Step): Generator<Step> {
    if (step.at === 'accepted') this.#open.add(step);
    else yield step;
  }

  *remaining(): Generator<Step> {
    for (const input of this.#open) yield pendingStep(input);
  }

  #shouldContinue(): boolean {
    return !this.#options.control.isStopped && this.#options.clock.now() < this.#deadlineMs;
  }

  startDeadline(): void {
    this.#deadlineMs = this.#options.clock.now() + this.#options.timeoutMs;
    // a pause began before the deadline was known
    if (this.#options.timeoutMs < this.#backoff.pauseMs) this.#endPause();
  }

  stop(): void {
    this.#isOver = true;
    this.#endPause();
    this.#options.control.signal.removeEventListener('abort', this.#endPauseOnStop);
  }

  /** Again and again, pauses, then looks at everything that is open then. Always yields, so that its reader can end it. */
  async *#sweep(): AsyncGenerator<PollResult, never> {
    for (;;) {
      await this.#pause();
      const open = this.#open.size;
      let done = 0;
      for await (const look of this.#looks()) {
        done += look.steps.length;
        yield look;
      }
      const isWorthIt = done > 0 && (open <= maxInputsPerRequest || done * minProgressShare >= open);
      if (isWorthIt) this.#backoff.reset();
      yield { steps: [] };
    }
  }

  async #pause(): Promise<void> {
    // a signal made of others by AbortSignal.any would leave something behind on them each time, for weeks
    const pause = new AbortController();
    this.#endPause = () => {
      pause.abort();
    };
    const { clock, control } = this.#options;
    if (control.isStopped || this.#isOver) return;
    await this.#backoff.wait(clock, pause.signal, this.#deadlineMs).catch(() => undefined);
  }

  /** Where much is open by pages of the newest, as far as these are ours; the rest by ids. */
  async *#looks(): AsyncGenerator<PollResult> {
    this.#open.sweep();
    try {
      if (this.#open.size >= manyOpen) yield* this.#newest();
      for (const ids of this.#open.idsToPoll(maxInputsPerRequest)) {
        if (!this.#shouldContinue()) return;
        const found = new Map(
          (await this.#options.service.getInputs(ids, { background: true })).map((input) => [input.id, input]),
        );
        yield { steps: ids.flatMap((id) => this.#judge(id, found.get(id))) };
      }
    } catch (error) {
      // a poll that fails leaves its inputs pending; only trouble that lasts ends the run
      if (stopsReading(error)) this.#options.control.stop(error);
    }
  }

  /** The newest inputs come first, and a cursor does not shift while others write. */
  async *#newest(): AsyncGenerator<PollResult> {
    if (!this.#shouldContinue()) return;
    const walk = { lastId: undefined, perPage: maxPerPage, descending: true, background: true };
    for await (const page of streamPages(this.#options.service, walk)) {
      const ours = page.filter(({ id }) => this.#open.markSeen(id));
      yield { steps: ours.flatMap((input) => this.#judge(input.id, input)) };
      // then an answer by ids tells of as much
      if (
        ours.length < maxInputsPerRequest ||
        this.#open.notYetPolled <= maxInputsPerRequest ||
        !this.#shouldContinue()
      )
        return;
    }
  }

  #judge(id: string, input: AppInput | undefined): readonly Step[] {
    const open = this.#open.find(id);
    if (open === undefined) return [];
    if (input === undefined) return this.#missed(open);
    this.#open.markSeen(id);
    const { code, details, description } = input.status;
    const phase = phaseOf(code);
    if (phase === 'waiting') return [];
    this.#open.close(id);
    if (phase === 'ok') return [{ ...finalStep(open, open.was, recordStatus(code)), input }];
    return [{ ...finalStep(open, 'failed', recordStatus(code, details || description), true), input }];
  }

  /** An input that two answers in a row leave out is gone. */
  #missed(open: OpenInput): readonly Step[] {
    if (!this.#open.markMissing(open.id)) return [];
    this.#open.close(open.id);
    return [finalStep(open, 'failed', recordStatus('VANISHED'))];
  }
}
