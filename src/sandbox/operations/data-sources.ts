import { statusCodes } from '../../wire/status.js';
import { checkDataSources, type DataSource, placeOf } from '../requests/data-source-requests.js';
import { checkIds } from '../requests/input-requests.js';
import { type PageRequest, sliceOf } from '../requests/list-requests.js';
import { notFound } from '../requests/refusals.js';
import { newId } from '../state/ids.js';
import type { End, StoredExtraction } from '../state/records.js';
import { joinAddJob, showStartedJob } from './add-jobs.js';
import { type Answer, showExtraction } from './answers.js';
import { type Bucket, filesOf } from './bucket-files.js';
import { extractionStatusAt } from '../state/lifecycle.js';
import type { Scope, Service } from './service.js';

/** Reading a bucket takes as long as indexing an input, and this much more for each file. */
const msPerFile = 2;

/** Begins to read buckets; each is an extraction job that adds under the name of an add job. */
export async function startDataSources(
  service: Service,
  sources: readonly DataSource[],
  scope: Scope,
): Promise<Answer> {
  checkDataSources(sources);
  const planned = await Promise.all(sources.map((source) => planExtraction(service, source, scope)));
  return service.store.write(() => {
    const jobs = planned.map((job) => {
      joinAddJob(service.store, job.addJobId, scope);
      return service.store.extractions.begin(job);
    });
    const addJobs = [...new Set(jobs.map(({ addJobId }) => addJobId))];
    return {
      status: { code: statusCodes.ok },
      addJobs: addJobs.map((id) => showStartedJob(service.store, id, scope)),
    };
  });
}

/** One extraction job. */
export function getExtraction(service: Service, id: string, scope: Scope): Answer {
  const job = service.store.extractions.find(scope.app, id);
  if (job === undefined) throw notFound();
  return { status: { code: statusCodes.ok }, extraction: showExtraction(job, extractionStatusAt(job, scope.now)) };
}

/** A page of the extraction jobs, newest first. */
export function listExtractions(service: Service, request: PageRequest, scope: Scope): Answer {
  const jobs = service.store.extractions.newest(scope.app, sliceOf(request));
  return answerExtractions(jobs, scope);
}

/** Cancels jobs that are not done; what they have added stays. */
export function cancelExtractions(service: Service, ids: readonly string[], scope: Scope): Answer {
  checkIds(ids, 'ids');
  const { extractions } = service.store;
  return service.store.write(() => {
    const jobs = ids.map((id) => {
      const job = extractions.find(scope.app, id);
      if (job === undefined) throw notFound();
      const { code } = extractionStatusAt(job, scope.now);
      const isOpen = code === statusCodes.jobQueued || code === statusCodes.jobRunning;
      return isOpen ? extractions.put({ ...job, isCancelled: true, modifiedMs: scope.now }) : job;
    });
    return answerExtractions(jobs, scope);
  });
}

function answerExtractions(jobs: readonly StoredExtraction[], { now }: Scope): Answer {
  return {
    status: { code: statusCodes.ok },
    extractions: jobs.map((job) => showExtraction(job, extractionStatusAt(job, now))),
  };
}

async function planExtraction(
  service: Service,
  source: DataSource,
  { app, now }: Scope,
): Promise<Omit<StoredExtraction, 'seq'>> {
  const { bucket: name, prefix } = placeOf(source.url);
  const bucket = service.buckets.find(name);
  const failure = problemOf(source, bucket, name);
  const total = bucket === undefined || failure !== undefined ? 0 : (await filesOf(bucket, prefix)).length;
  const runningMs = now + service.indexMs / 2;
  return {
    app,
    id: newId(),
    addJobId: source.addJobId ?? newId(),
    url: source.url,
    template: source.template,
    conflictResolution: source.conflictResolution,
    runningMs,
    doneMs: runningMs + service.indexMs / 2 + total * msPerFile,
    total,
    taken: 0,
    found: {},
    failedArchives: 0,
    failure,
    isCancelled: false,
    createdMs: now,
    modifiedMs: now,
  };
}

function problemOf({ credentials }: DataSource, bucket: Bucket | undefined, name: string): End | undefined {
  const code = statusCodes.jobFailed;
  if (bucket === undefined)
    return { code, details: `The bucket ${name} does not exist; the sandbox takes --bucket ${name}=DIR` };
  const wanted = bucket.credentials;
  if (wanted === undefined) return undefined;
  if (credentials === undefined) return { code, details: `Access to the bucket ${name} is denied` };
  const isRight = credentials.id === wanted.id && credentials.secret === wanted.secret;
  return isRight ? undefined : { code, details: `The credentials for the bucket ${name} are not valid` };
}
