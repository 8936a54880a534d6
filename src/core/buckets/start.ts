import { ApiError, UnexpectedAnswerError, UnknownOutcomeError } from '../../api/errors.js';
import type { AddJob, DataSource } from '../../api/jobs.js';
import type { JobsService } from '../../api/service.js';
import { statusCodes } from '../../wire/status.js';

/** So often the request is sent where its answer is lost and the jobs are not there. */
const maxTries = 3;

/**
 * Starts a job for each source, in one request. Where its answer is lost, the jobs are looked up before any is started
 * again, since a bucket that is read twice may be added twice.
 *
 * @returns the jobs in the order of the sources
 */
export async function startJobs(service: JobsService, sources: readonly DataSource[]): Promise<readonly AddJob[]> {
  const started = new Map<string, AddJob>();
  for (let tries = 1; started.size < sources.length; tries += 1) {
    const missing = sources.filter(({ jobId }) => !started.has(jobId));
    try {
      const jobs = await service.startJobs(missing);
      for (const [index, { jobId }] of missing.entries()) {
        started.set(jobId, await findJob(service, jobId, jobs, jobs.length === missing.length ? index : undefined));
      }
    } catch (error) {
      if (!mayHaveStarted(error)) throw error;
      for (const job of await findJobs(service, missing)) started.set(job.id, job);
      if (started.size < sources.length && tries === maxTries) throw error;
    }
  }
  return sources.flatMap(({ jobId }) => started.get(jobId) ?? []);
}

/** True for a lost answer, and for a job that is there already, which only an earlier try can have started. */
function mayHaveStarted(error: unknown): boolean {
  if (error instanceof UnknownOutcomeError) return true;
  return error instanceof ApiError && error.response.code === statusCodes.jobConflict;
}

async function findJobs(service: JobsService, sources: readonly DataSource[]): Promise<readonly AddJob[]> {
  const found = await Promise.all(sources.map(async ({ jobId }) => await service.getJob(jobId)));
  return found.filter((job) => job !== undefined);
}

/** @param index - its place in the answer, where that tells: a service may give it another id than was asked for */
async function findJob(
  service: JobsService,
  jobId: string,
  jobs: readonly AddJob[],
  index: number | undefined,
): Promise<AddJob> {
  const placed = index === undefined ? undefined : jobs[index];
  const job = jobs.find(({ id }) => id === jobId) ?? placed ?? (await service.getJob(jobId));
  if (job === undefined) throw new UnexpectedAnswerError('the answer lists no job for a bucket');
  return job.id === '' ? { ...job, id: jobId } : job;
}
