import type { AddJob } from '../../api/jobs.js';
import { jobPages } from '../../api/pages.js';
import { secretsIn } from '../../core/buckets/credentials.js';
import { recordOf, stateOf, type JobState } from '../../core/buckets/job-state.js';
import { CliError, exitCodes, worstExitCode, type ExitCode } from '../../errors.js';
import type { Session } from '../../session/session.js';
import { openJobWriter, printJobs, runJobs } from '../output/job-report.js';
import type { StatusRequest } from './command.js';

/** Prints jobs, once or until they are done. */
export async function runJobStatus({ jobs, waitMs }: StatusRequest, session: Session): Promise<ExitCode> {
  if (jobs === undefined || jobs === 'all') return await listJobs(session);
  const { found, missing } = await findJobs([...new Set(jobs)], session);
  const states = found.map((job) => stateOf(job));
  const code = waitMs === undefined ? await printOnce(states, session) : await waitForJobs(states, waitMs, session);
  for (const id of missing) session.messages.fail(new MissingJobError(`no job '${id}' in the app`));
  return worstExitCode([code, missing.length > 0 ? exitCodes.partial : exitCodes.ok]);
}

class MissingJobError extends CliError {
  readonly exitCode = exitCodes.partial;
}

async function listJobs(session: Session): Promise<ExitCode> {
  const writer = openJobWriter(session);
  let isEmpty = true;
  try {
    for await (const page of jobPages(await session.service())) {
      isEmpty = false;
      await writer.write(page.map((job) => recordOf(stateOf(job), secretsIn(session.context.env))));
      if (writer.closed) break;
    }
  } finally {
    await writer.end();
  }
  if (isEmpty && session.out.isTTY) session.messages.info('no jobs');
  return exitCodes.ok;
}

async function findJobs(
  ids: readonly string[],
  session: Session,
): Promise<{ readonly found: readonly AddJob[]; readonly missing: readonly string[] }> {
  const service = await session.service();
  const found: AddJob[] = [];
  const missing: string[] = [];
  for (const id of ids) {
    const job = await service.getJob(id);
    if (job === undefined) missing.push(id);
    else found.push(job);
  }
  return { found, missing };
}

async function printOnce(jobs: readonly JobState[], session: Session): Promise<ExitCode> {
  const secrets = secretsIn(session.context.env);
  await printJobs(
    jobs.map((job) => recordOf(job, secrets)),
    session,
  );
  return exitCodes.ok;
}

async function waitForJobs(jobs: readonly JobState[], waitMs: number, session: Session): Promise<ExitCode> {
  const { clock, env } = session.context;
  const run = { waitMs, printsRecords: true, failEmpty: false, secrets: secretsIn(env), startedMs: clock.now() };
  return await runJobs({ jobs, ...run }, session);
}
