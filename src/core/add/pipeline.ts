import type { InputsService, RequestSizes } from '../../api/service.js';
import type { Clock } from '../../context.js';
import { IdRegistry } from '../ids/id-registry.js';
import { isRepeatable, type IdSource } from '../ids/id-rules.js';
import type { RunControl } from '../model/run-control.js';
import type { Step } from '../model/steps.js';
import type { Spool } from '../read/spool.js';
import { skipWaiting, waitForInputs } from '../wait/settle.js';
import { batchInputs, type BatchStep } from './batches.js';
import type { FailuresFile } from './failures-file.js';
import { inspectFiles, type Identification } from './identify.js';
import { lookUpIds } from './lookup.js';
import { mergeDuplicates } from './merge-duplicates.js';
import { noticeEmpty } from './notice-empty.js';
import type { Progress } from './progress.js';
import { refuseOversized } from './refuse-oversized.js';
import { RequestLimits, type RequestSize } from './request-limits.js';
import { planConflicts, resolveBy, resolveConflicts, type ConflictRules } from './conflicts/resolve.js';
import { markRetried, RetryQueue } from './retry-failed.js';
import { countAccepted, countPresent, countSources, type Summary } from './summary.js';
import { releaseSpooled, spoolMedia } from './spool-media.js';
import { uploadBatches } from './upload.js';

/** All that an `add` does, settled before it starts. */
export interface AddJob {
  /** The sources one by one, lazily, until the run stops. */
  readonly drafts: (control: RunControl) => AsyncIterable<Step>;
  /** True if the sources come with ids of their own. */
  readonly hasFixedIds: boolean;
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
  /** The sources are watched: new ones come until the run is stopped. */
  readonly isEndless: boolean;
}

export interface AddRun {
  /** Where media of another service is kept until it is sent. */
  readonly spool?: Spool | undefined;
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
  const { identification, rules } = job;
  const { control, failures } = run;
  const claims = new IdRegistry();
  const drafts = job.drafts(control);
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
  const merges = rules.onConflict === 'update' && !job.isEndless;
  const steps = merges ? mergeDuplicates(sent, context) : sent;
  return failures?.recordFailures(steps) ?? steps;
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
  const { identification, width, rules, waitMs } = job;
  const options = { ...deps, width, onConflict: rules.onConflict, identification };
  const { spool } = deps;
  const { skipUnsupported } = identification;
  const ready = spool === undefined ? missing : spoolMedia(missing, { ...options, spool });
  const sendable = refuseOversized(ready, { sizes: deps.service, summary: deps.summary, skipUnsupported });
  const sent = uploadBatches(batchInputs(sendable, deps.limits), options);
  const accepted = countAccepted(spool === undefined ? sent : releaseSpooled(sent, spool), deps);
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
  const drafts = job.drafts(control);
  const inspected = countSources(noticeEmpty(inspectFiles(drafts, identification, { signal: control.signal })), run);
  const missing =
    service === undefined
      ? inspected
      : planConflicts(lookUpIds(inspected, { service, control, idFrom }), rules, { idFrom, summary: run.summary });
  const { skipUnsupported } = identification;
  const sendable = refuseOversized(missing, { sizes: run.sizes, summary: run.summary, skipUnsupported });
  return batchInputs(sendable, new RequestLimits(job.maxRequest, run.sizes));
}

/** True if the same command finds in a second run what it sent in the first. */
export function canResume(job: AddJob): boolean {
  return job.hasFixedIds || isRepeatable(job.identification.idFrom);
}
