import { pMapIterable } from 'p-map';
import { isQuotaCode, type AppInput } from '../../api/answers.js';
import {
  FileChangedError,
  quotaError,
  SplitRequestError,
  TooLargeError,
  UnknownOutcomeError,
} from '../../api/errors.js';
import type { InputsService } from '../../api/service.js';
import type { CliError } from '../../errors.js';
import { InterruptedError } from '../../errors.js';
import { statusCodes } from '../../wire/status.js';
import { batchOf, splitBatch, type Batch, type BatchStep } from './batches.js';
import type { IdRegistry } from '../ids/id-registry.js';
import type { Candidate, Step } from '../model/steps.js';
import { stopsRun, type RunControl } from '../model/run-control.js';
import { identify, rejectDuplicateId, type Identification } from './identify.js';
import type { ConflictRule } from './conflicts/rules.js';
import { unsentStep } from './lookup.js';
import {
  finalStep,
  interruptedDetail,
  phaseOf,
  recordStatus,
  statusOfError,
  type LocalStatus,
} from '../model/status-catalog.js';
import type { Progress } from './progress.js';
import type { RequestLimits } from './request-limits.js';
import { stepForExisting } from './conflicts/resolve.js';

export interface UploadOptions {
  readonly service: InputsService;
  readonly control: RunControl;
  /** Batches in flight at most. */
  readonly width: number;
  readonly limits: RequestLimits;
  readonly onConflict: ConflictRule;
  readonly identification: Identification;
  /** Which source has which id. */
  readonly claims: IdRegistry;
  readonly progress: Progress;
}

/** How often a file that keeps changing is looked at anew. */
const maxLooks = 3;

/** Sends the batches, some at a time. A refused input is a step like any other; nothing is thrown for one batch. */
export async function* uploadBatches(steps: AsyncIterable<BatchStep>, options: UploadOptions): AsyncGenerator<Step> {
  const send = async (step: BatchStep): Promise<readonly Step[]> =>
    step.at === 'batch' ? await new BatchUpload(options).send(step) : [step];
  const width = { concurrency: options.width, backpressure: options.width * 4 };
  for await (const done of pMapIterable(steps, send, width)) yield* done;
}

/** One batch on its way, which may fall into smaller ones. */
class BatchUpload {
  readonly #options: UploadOptions;
  readonly #looks = new Map<string, number>();
  /** True once time ran out over a try that the service may have gone on with. */
  #maybeDone = false;

  constructor(options: UploadOptions) {
    this.#options = options;
  }

  async send(batch: Batch): Promise<readonly Step[]> {
    const { service, control, limits, progress } = this.#options;
    const { candidates, size } = batch;
    if (candidates.length === 0) return [];
    if (control.isStopped) return candidates.map((candidate) => unsentStep(candidate));
    // another batch has learnt meanwhile that this one will not pass
    if (!limits.allow(size)) return await this.#sendAll(splitBatch(batch, limits));
    const inputs = candidates.map((candidate) => candidate.input);
    const sending = progress.start();
    try {
      const { inputs: answers, repeated } = await service.addInputs(inputs, sending);
      progress.answered(candidates);
      limits.took(size);
      return await this.#outcomes(candidates, answers, repeated || this.#maybeDone);
    } catch (error) {
      return await this.#failedStep(batch, error);
    } finally {
      progress.end(sending);
    }
  }

  async #sendAll(batches: readonly Batch[]): Promise<readonly Step[]> {
    const steps: Step[] = [];
    for (const batch of batches) steps.push(...(await this.send(batch)));
    return steps;
  }

  async #failedStep(batch: Batch, error: unknown): Promise<readonly Step[]> {
    const { candidates, size } = batch;
    if (error instanceof FileChangedError) return await this.#lookAgain(candidates, error);
    if (error instanceof TooLargeError) {
      this.#options.limits.tooLarge(size);
      return await this.#divide(batch, error);
    }
    if (error instanceof SplitRequestError) {
      this.#options.limits.tooSlow(size);
      this.#maybeDone = true;
      return await this.#divide(batch, error);
    }
    if (stopsRun(error)) this.#options.control.stop(error);
    return candidates.map((candidate) => unanswered(candidate, error));
  }

  /** Finds the one that is too large; the others land. */
  async #divide(batch: Batch, error: CliError): Promise<readonly Step[]> {
    if (batch.candidates.length > 1) return await this.#sendAll(splitBatch(batch, this.#options.limits));
    return batch.candidates.map((candidate) => failed(candidate, statusCodes.inputOverLimit, error.message));
  }

  /** A file changed since it was looked at: look at it anew, and send the rest with what it is now. */
  async #lookAgain(candidates: readonly Candidate[], error: FileChangedError): Promise<readonly Step[]> {
    const changed = candidates[error.index];
    if (changed === undefined) throw error;
    const others = candidates.filter((candidate) => candidate !== changed);
    const { watch } = this.#options.identification;
    if (watch !== undefined && changed.draft.fingerprint !== undefined) {
      // it may be half written: whoever watches it takes it again once it is whole
      watch.files.release(changed.draft);
      this.#options.claims.release(changed.input.id);
      return [{ at: 'withdrawn' }, ...(await this.#sendThese(others))];
    }
    const looks = (this.#looks.get(changed.source) ?? 0) + 1;
    this.#looks.set(changed.source, looks);
    if (looks > maxLooks) {
      return [failed(changed, 'UNREADABLE', 'changes while it is read'), ...(await this.#sendThese(others))];
    }
    const step = await this.#anew(changed);
    if (step.at !== 'candidate') {
      // it was counted as a source: it can't be passed over any more like what else lies in a folder
      const end =
        step.at === 'skipped' ? failed(changed, 'UNREADABLE', 'changed into something that cannot be added') : step;
      return [end, ...(await this.#sendThese(others))];
    }
    const now = step.candidate;
    const steps = await this.#sendThese(candidates.map((candidate) => (candidate === changed ? now : candidate)));
    return [{ at: 'changed', before: changed, now }, ...steps];
  }

  async #sendThese(candidates: readonly Candidate[]): Promise<readonly Step[]> {
    return await this.send(batchOf(candidates, this.#options.service));
  }

  /** A source as it is by now; what it has become may be another source's content. */
  async #anew(changed: Candidate): Promise<Step> {
    const { identification, claims } = this.#options;
    const step = await identify(changed.draft, identification);
    const id = step.at === 'candidate' ? step.candidate.input.id : undefined;
    // it may have become what it was before
    const isOwn = id !== undefined && claims.isOwnedBy(id, changed.source);
    return isOwn ? step : (rejectDuplicateId(step, identification, claims) ?? step);
  }

  async #outcomes(
    candidates: readonly Candidate[],
    answers: readonly AppInput[],
    repeated: boolean,
  ): Promise<readonly Step[]> {
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    const refused = answers.find(({ status }) => isQuotaCode(status.code));
    if (refused !== undefined) this.#options.control.stop(quotaError('POST /inputs', refused.status));
    const pairs = candidates.map((candidate, index) => ({
      candidate,
      answer: candidate.input.id === undefined ? answers[index] : byId.get(candidate.input.id),
    }));
    const there = await this.#there(pairs.filter(isMaybeTaken).map(({ candidate }) => candidate));
    return pairs.map((pair) => {
      const { candidate, answer } = pair;
      // the run ended before it could be asked whether it is there: the next one finds it, or sends it
      if (there === undefined && isMaybeTaken(pair)) return unsentStep(candidate, interruptedDetail);
      const found = there?.get(candidate.input.id ?? '');
      if (found === undefined) return addedStep(candidate, answer);
      // nobody had it when we looked, and an earlier try of ours lost its answer: it is ours
      return repeated ? addedStep(candidate, found) : stepForExisting(candidate, found, this.#options.onConflict);
    });
  }

  /** Which of the refused the app has: being there is what was wanted. Undefined where the end of the run left it open. */
  async #there(refused: readonly Candidate[]): Promise<ReadonlyMap<string, AppInput> | undefined> {
    const ids = refused.flatMap((candidate) => candidate.input.id ?? []);
    if (ids.length === 0) return new Map();
    try {
      const found = await this.#options.service.getInputs(ids);
      return new Map(found.map((input) => [input.id, input]));
    } catch (error) {
      if (!stopsRun(error)) return new Map();
      this.#options.control.stop(error);
      return undefined;
    }
  }
}

function unanswered(candidate: Candidate, error: unknown): Step {
  if (error instanceof InterruptedError) return unsentStep(candidate, interruptedDetail);
  if (stopsRun(error)) return unsentStep(candidate);
  const isUnconfirmed = candidate.input.id === undefined && error instanceof UnknownOutcomeError;
  const status = isUnconfirmed ? recordStatus('UNCONFIRMED', error.message) : statusOfError(error);
  return finalStep(sourceOf(candidate), 'failed', status);
}

function isMaybeTaken({ answer }: { readonly answer: AppInput | undefined }): boolean {
  return answer !== undefined && mayBeTaken.has(answer.status.code);
}

/** Codes of an input whose id or URL the app may have already. */
const mayBeTaken = new Set<number>([
  statusCodes.inputInvalidArgument,
  statusCodes.inputDuplicateUrl,
  statusCodes.duplicateKey,
]);

function addedStep(candidate: Candidate, answer: AppInput | undefined): Step {
  if (answer === undefined) return failed(candidate, 'NO_ANSWER', 'the service did not report its status');
  const { id, status } = answer;
  if (isQuotaCode(status.code)) return unsentStep(candidate);
  switch (phaseOf(status.code)) {
    case 'waiting':
      return { at: 'accepted', id, source: candidate.source, was: 'added' };
    case 'ok':
      return finalStep({ id, source: candidate.source }, 'added', recordStatus(status.code));
    case 'failed':
      return failed(candidate, status.code, status.details || status.description);
  }
}

function failed(candidate: Candidate, code: number | LocalStatus, reason: string): Step {
  return finalStep(sourceOf(candidate), 'failed', recordStatus(code, reason));
}

function sourceOf({ input, source }: Candidate): { readonly id: string | null; readonly source: string } {
  return { id: input.id ?? null, source };
}
