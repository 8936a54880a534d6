import { hideSecrets } from '../../api/errors.js';
import type { AddJob, ExtractionJob } from '../../api/jobs.js';
import type { JsonObject } from '../../wire/json.js';
import { mediaKinds, type MediaKind } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import { recordStatus } from '../model/status-catalog.js';
import type { RecordStatus } from '../model/steps.js';

/** A job, and what it is shown as. */
export interface JobState {
  /** The bucket's address as typed, else as the service has it; null for a job that reads none. */
  readonly source: string | null;
  readonly job: AddJob;
  /** True once nothing more is to come. */
  readonly isDone: boolean;
}

/** What is told of a job. */
export interface JobRecord extends JsonObject {
  readonly id: string;
  readonly source: string | null;
  readonly status: JsonObject & RecordStatus;
  readonly outcome: 'done' | 'failed' | 'pending';
  /** Files that were found, by kind. */
  readonly found: JsonObject & Readonly<Record<MediaKind, number>>;
  readonly failed_archives: number;
  /** Inputs as the service counts them. */
  readonly pending: number;
  readonly in_progress: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly created_at: string;
}

/** A job as it was answered once: it is done where nothing is open, which a moment later may be otherwise. */
export function stateOf(job: AddJob, source?: string): JobState {
  const isOpen = job.extractions.some(isExtractionOpen) || openInputs(job) > 0;
  const [extraction] = job.extractions;
  return { source: source ?? extraction?.url ?? null, job, isDone: !isOpen };
}

/** @param secrets - what no output may show, though a service repeats it */
export function recordOf({ source, job, isDone }: JobState, secrets: readonly string[]): JobRecord {
  const { progress, extractions } = job;
  const status = statusOfJob(job, isDone);
  return {
    id: job.id,
    source: source === null ? null : hideSecrets(source, secrets),
    status: { ...status, description: hideSecrets(status.description, secrets) },
    outcome: isDone ? (hasFailures(job) ? 'failed' : 'done') : 'pending',
    found: foundByKind(extractions),
    failed_archives: sum(extractions, ({ failedArchives }) => failedArchives),
    pending: progress.pending,
    in_progress: progress.inProgress,
    succeeded: progress.succeeded,
    failed: progress.failed,
    created_at: job.createdAt,
  };
}

/** Files that were found so far. */
export function foundFiles({ extractions }: AddJob): number {
  return sum(extractions, ({ found }) => countFound(found));
}

/** Files of all kinds. */
export function countFound(found: Readonly<Record<MediaKind, number>>): number {
  return sum(mediaKinds, (kind) => found[kind]);
}

/** Inputs that the service is still at work on. */
export function openInputs({ progress }: AddJob): number {
  return progress.pending + progress.inProgress;
}

const openCodes = new Set<number>([statusCodes.jobQueued, statusCodes.jobRunning, statusCodes.jobPaused]);

/** True while a bucket is being read, or is still to be. Any code this tool does not know is final. */
export function isExtractionOpen({ status }: ExtractionJob): boolean {
  return openCodes.has(status.code);
}

function hasFailures({ extractions, progress }: AddJob): boolean {
  const isBroken = (extraction: ExtractionJob): boolean =>
    extraction.status.code !== statusCodes.jobDone || extraction.failedArchives > 0;
  return progress.failed > 0 || extractions.some(isBroken);
}

/** The status of the reading that needs most attention; the job's own says "done" before it has begun. */
function statusOfJob(job: AddJob, isDone: boolean): RecordStatus {
  const failed = job.extractions.find(
    (extraction) => !isExtractionOpen(extraction) && extraction.status.code !== statusCodes.jobDone,
  );
  const open = job.extractions.find(isExtractionOpen);
  if (failed !== undefined) return recordStatus(failed.status.code, failed.status.details || failed.status.description);
  if (open !== undefined) return recordStatus(open.status.code);
  return recordStatus(isDone ? statusCodes.jobDone : statusCodes.jobRunning);
}

function foundByKind(extractions: readonly ExtractionJob[]): JobRecord['found'] {
  const count = (kind: MediaKind): number => sum(extractions, ({ found }) => found[kind]);
  return { image: count('image'), video: count('video'), audio: count('audio'), text: count('text') };
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}
