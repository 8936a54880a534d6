import type { InputsService, RequestSizes } from '../../api/service.js';
import type { Clock } from '../../context.js';
import { IdRegistry } from '../ids/id-registry.js';
import { isRepeatable, type IdSource } from '../ids/id-rules.js';
import type { RunControl } from '../model/run-control.js';
import type { Step } from '../model/steps.js';
import { expandSources, type SourceRequest } from '../sources/sources.js';
import { FileTracker } from '../sources/file-tracker.js';
import { watchSources } from '../sources/watch.js';
import { skipWaiting, waitForInputs } from '../wait/settle.js';
import { batchInputs, type BatchStep } from './batches.js';
import type { FailuresFile } from './failures-file.js';
import { inspectFiles, type Identification } from './identify.js';
import { lookUpIds } from './lookup.js';
import { mergeDuplicates } from './merge-duplicates.js';
import { noticeEmpty } from './notice-empty.js';
import type { Progress } from './progress.js';
import { RequestLimits, type RequestSize } from './request-limits.js';
import { planConflicts, resolveBy, resolveConflicts, type ConflictRules } from './resolve-conflicts.js';
import { markRetried, RetryQueue } from './retry-failed.js';
import { countAccepted, countPresent, countSources, type Summary } from './summary.js';
import { uploadBatches } from './upload.js';

/** All that an `add` does, settled before it starts. */
export interface AddJob {
  readonly sources: SourceRequest;
  readonly identification: Identification;
  /** Limits of a single request. */
  readonly maxRequest: RequestSize;
  /** Batches in flight at most. */
  readonly width: number;
  readonly rules: ConflictRules;
  /** A folder or list that holds nothing to add counts as failed. */
  readonly failEmpty: boolean;
  /** How long to wait after the last batch; undefined not to wait at all. */
  readonly waitMs: number | undefined;
  /** The folders and patterns to watch once all sources are read, with exclusions; undefined to end there. */
  readonly watched: readonly string[] | undefined;
}

export interface AddRun {
  /** Where failed sources are written, if they are. */
  readonly failures?: FailuresFile | undefined;
  readonly service: InputsService;
  readonly clock: Clock;
  readonly control: RunControl;
  readonly summary: Summary;
  readonly progress: Progress;
}

/** From sources to final records, each stage pulling from the one before. */
export function addInputs(job: AddJob, run: AddRun): AsyncGenerator<Step> {
  const { rules } = job;
  const { control, failures, clock } = run;
  const files = trackerOf(job, clock);
  const identification = { ...job.identification, files };
  const claims = new IdRegistry();
  const drafts = draftSteps(job, run, files);
  const inspected = countSources(
    noticeEmpty(inspectFiles(drafts, identification, { claims, signal: control.signal })),
    run,
  );
  const tracked = failures?.track(inspected) ?? inspected;
  const lookedUp = lookUpIds(tracked, { ...run, idFrom: identification.idFrom });
  const compared = rules.onConflict === 'replace' ? lookedUp : countPresent(lookedUp, run);
  const context = { ...run, idFrom: identification.idFrom };
  const missing = resolveConflicts(compared, rules, context);
  const deps = { ...context, identification, claims, limits: new RequestLimits(job.maxRequest, run.service) };
  const sent = rules.onFailed === 'keep' ? uploadAndWait(missing, job, deps) : uploadWithRetry(missing, job, deps);
  // duplicates are merged once all is sent, which a run that watches never is
  const merges = rules.onConflict === 'update' && job.watched === undefined;
  const steps = merges ? mergeDuplicates(sent, context) : sent;
  return failures?.recordFailures(steps) ?? steps;
}

function trackerOf({ watched, identification }: AddJob, clock: Clock): FileTracker | undefined {
  const byPath = identification.idFrom === 'name' || identification.idFrom === 'path';
  return watched && new FileTracker({ clock, byPath });
}

function draftSteps(
  { sources, watched }: AddJob,
  { clock, control }: AddRun,
  files: FileTracker | undefined,
): AsyncGenerator<Step> {
  const { signal } = control;
  if (watched === undefined || files === undefined) return expandSources(sources, signal);
  return watchSources(sources, { watched, files, clock, signal });
}

/** Dependencies of the stages behind the look-up. */
interface UploadDeps extends AddRun {
  readonly claims: IdRegistry;
  readonly limits: RequestLimits;
  readonly idFrom: IdSource;
  readonly identification: Identification;
}

/** Sends what is missing, and waits for it. */
function uploadAndWait(missing: AsyncIterable<Step>, job: AddJob, deps: UploadDeps): AsyncGenerator<Step> {
  const { width, rules, waitMs } = job;
  const options = { ...deps, width, onConflict: rules.onConflict };
  const sent = uploadBatches(batchInputs(missing, deps.limits), options);
  const accepted = countAccepted(sent, deps);
  if (waitMs === undefined) return skipWaiting(accepted);
  return waitForInputs(accepted, { ...deps, ids: deps.claims.ids, timeoutMs: waitMs });
}

/** Deletes inputs that failed for a reason that may pass, and adds them once more after all others. */
async function* uploadWithRetry(missing: AsyncIterable<Step>, job: AddJob, deps: UploadDeps): AsyncGenerator<Step> {
  const queue = new RetryQueue();
  yield* queue.holdBackTransient(uploadAndWait(queue.track(missing), job, deps));
  const freed = queue.release(resolveBy({ onConflict: 'replace', onFailed: 'retry' }, deps), deps.control);
  yield* markRetried(uploadAndWait(freed, job, deps));
}

export interface PlanRun extends Pick<AddRun, 'control' | 'summary' | 'progress'> {
  /** Undefined without a key: then the app can't be asked for its ids. */
  readonly service: InputsService | undefined;
  readonly sizes: RequestSizes;
}

/** Plans an upload without sending it. */
export function planAdd(job: AddJob, run: PlanRun): AsyncGenerator<BatchStep> {
  const { identification, rules } = job;
  const { service, control } = run;
  const { idFrom } = identification;
  const drafts = expandSources(job.sources, control.signal);
  const inspected = countSources(noticeEmpty(inspectFiles(drafts, identification, { signal: control.signal })), run);
  const missing =
    service === undefined
      ? inspected
      : planConflicts(lookUpIds(inspected, { service, control, idFrom }), rules, { idFrom, summary: run.summary });
  return batchInputs(missing, new RequestLimits(job.maxRequest, run.sizes));
}

/** True if the same command finds in a second run what it sent in the first. */
export function canResume(job: AddJob): boolean {
  return job.sources.id !== undefined || isRepeatable(job.identification.idFrom);
}
