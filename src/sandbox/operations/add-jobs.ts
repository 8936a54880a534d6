import { statusCodes } from '../../wire/status.js';
import { type PageRequest, sliceOf } from '../requests/list-requests.js';
import { notFound } from '../requests/refusals.js';
import { Queries } from '../state/queries.js';
import type { End, StoredAddJob } from '../state/records.js';
import type { Store } from '../state/store.js';
import { type Answer, type ShownAddJob, showExtraction } from './answers.js';
import { extractionStatusAt } from '../state/lifecycle.js';
import type { Scope, Service } from './service.js';

/** One job, with its counts as of now. */
export function getAddJob({ store }: Service, id: string, scope: Scope): Answer {
  return { status: { code: statusCodes.ok }, addJob: showAddJob(store, requireJob(store, id, scope), scope) };
}

/** A page of the jobs, newest first. */
export function listAddJobs({ store }: Service, request: PageRequest, scope: Scope): Answer {
  const jobs = new Queries(store, scope.app, scope.now).addJobs(sliceOf(request));
  return { status: { code: statusCodes.ok }, addJobs: jobs.map((job) => showAddJob(store, job, scope)) };
}

/** Marks a job as cancelled, unless all is done. What it has added stays, and goes on being indexed. */
export function cancelAddJob({ store }: Service, id: string, scope: Scope): Answer {
  return store.write(() => {
    const job = requireJob(store, id, scope);
    const isOpen = showAddJob(store, job, scope).state?.status.code === statusCodes.jobRunning;
    const current = isOpen ? { ...job, isCancelled: true, modifiedMs: scope.now } : job;
    store.putAddJob(current);
    return { status: { code: statusCodes.ok }, addJob: showAddJob(store, current, scope) };
  });
}

/** Begins a job, or has the one of that name go on; inside the write that adds its inputs. */
export function joinAddJob(store: Store, id: string, { app, now }: Scope): void {
  const former = store.addJob(app, id);
  store.putAddJob({ ...(former ?? { app, id, isCancelled: false, createdMs: now }), modifiedMs: now });
}

/** The job as a recording shows it in the answer to reading buckets: done before it has begun. */
export function showStartedJob(store: Store, id: string, scope: Scope): ShownAddJob {
  return showAddJob(store, requireJob(store, id, scope), scope);
}

function showAddJob(store: Store, job: Omit<StoredAddJob, 'seq'>, { app, now }: Scope): ShownAddJob {
  const { id, isCancelled, createdMs, modifiedMs } = job;
  const progress = new Queries(store, app, now).addJobProgress(id);
  const isOpen = progress.pending + progress.inProgress > 0;
  const status: End = {
    code: isCancelled ? statusCodes.jobCancelled : isOpen ? statusCodes.jobRunning : statusCodes.jobDone,
  };
  const extractions = store.extractions.ofAddJob(app, id);
  return {
    id,
    progress,
    state: { createdMs, modifiedMs, status },
    extractions: extractions.map((extraction) => showExtraction(extraction, extractionStatusAt(extraction, now))),
  };
}

function requireJob(store: Store, id: string, { app }: Scope): StoredAddJob {
  const job = store.addJob(app, id);
  if (job === undefined) throw notFound();
  return job;
}
