import { exitCodes, worstExitCode, type ExitCode } from '../../errors.js';
import type { SkipReason } from '../files/inspect-file.js';
import type { AddRecord, Outcome, Step } from '../model/steps.js';
import type { RunControl } from '../model/run-control.js';
import type { Progress } from './progress.js';

/** Failures of one code. */
export interface FailureGroup {
  readonly code: number | null;
  readonly name: string;
  readonly count: number;
}

/** The totals of a run. Each figure is counted by itself: none is derived from the others. */
export class Summary {
  /** Sources read, whatever became of them. */
  read = 0;
  /** Files in folders that were passed over, by reason. */
  readonly skipped = new Map<SkipReason, number>();
  /** Folders and lists that held nothing to add. */
  empty = 0;
  /** In the app already, and left as they are although other concepts, metadata or geo were given. */
  annotationsIgnored = 0;
  /** Taken for what the app has since the id is the same, with nothing to tell whether the content is. */
  notCompared = 0;
  /** Sources that failed before anything of them was sent. */
  unsendable = 0;
  /** Accepted by the service, indexed or not. */
  accepted = 0;
  readonly outcomes: Record<Outcome, number> = {
    added: 0,
    updated: 0,
    exists: 0,
    duplicate: 0,
    failed: 0,
    pending: 0,
    unsent: 0,
  };
  readonly #failures = new Map<string, FailureGroup>();

  /** Sources with a final record. */
  get done(): number {
    return Object.values(this.outcomes).reduce((sum, count) => sum + count, 0);
  }

  get failures(): readonly FailureGroup[] {
    return [...this.#failures.values()];
  }

  /** Counts what leaves the look at the sources. */
  count(step: Step): void {
    switch (step.at) {
      case 'skipped':
        this.skipped.set(step.reason, (this.skipped.get(step.reason) ?? 0) + 1);
        return;
      case 'notice':
        if (step.notice === 'empty') this.empty += 1;
        return;
      case 'bound':
      case 'pause':
        return;
      default:
        this.read += 1;
    }
  }

  /** Counts a source as passed over that was counted as read. */
  moveToSkipped(reason: SkipReason): void {
    this.read -= 1;
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
  }

  add(record: AddRecord): void {
    this.outcomes[record.outcome] += 1;
    if (record.outcome !== 'failed') return;
    const { code, name } = record.status;
    const count = (this.#failures.get(name)?.count ?? 0) + 1;
    this.#failures.set(name, { code, name, count });
  }
}

/** Counts what leaves the look at the sources: each is one source read, or skipped. */
export async function* countSources(
  steps: AsyncIterable<Step>,
  {
    summary,
    progress,
    control,
  }: { readonly summary: Summary; readonly progress: Progress; readonly control: RunControl },
): AsyncGenerator<Step> {
  for await (const step of steps) {
    summary.count(step);
    if (step.at === 'final' && step.record.outcome === 'failed') summary.unsendable += 1;
    if (step.at === 'candidate') progress.totalBytes += step.candidate.sizeBytes;
    yield step;
  }
  // a run that stops reads no further
  progress.sourcesKnown = !control.isStopped;
}

/** Counts what need not be sent, as long as it stays in the app. */
export async function* countPresent(
  steps: AsyncIterable<Step>,
  { progress }: { readonly progress: Progress },
): AsyncGenerator<Step> {
  for await (const step of steps) {
    if (step.at === 'found') progress.present(step.found.map(({ candidate }) => candidate));
    yield step;
  }
}

/** Counts what the service took. */
export async function* countAccepted(
  steps: AsyncIterable<Step>,
  { summary }: { readonly summary: Summary },
): AsyncGenerator<Step> {
  for await (const step of steps) {
    if (step.at === 'accepted') summary.accepted += 1;
    yield step;
  }
}

/** The exit code that tells most of a run. Pending inputs count only if they were to be awaited. */
export function exitCodeOf(
  summary: Summary,
  control: RunControl,
  { awaited, failEmpty }: { readonly awaited: boolean; readonly failEmpty: boolean },
): ExitCode {
  const codes: ExitCode[] = [];
  if (control.reason !== undefined) codes.push(control.reason.exitCode);
  if (summary.outcomes.failed > 0 || (failEmpty && summary.empty > 0)) codes.push(exitCodes.partial);
  if (awaited && summary.outcomes.pending > 0 && !control.isStopped) codes.push(exitCodes.deadline);
  return worstExitCode(codes);
}
