import { randomUUID } from 'node:crypto';
import { UnknownOutcomeError } from '../../api/errors.js';
import { secretsOf, type AddJob, type AwsCredentials, type DataSource } from '../../api/jobs.js';
import { readAwsCredentials } from '../../core/buckets/credentials.js';
import { stateOf } from '../../core/buckets/job-state.js';
import { startJobs } from '../../core/buckets/start.js';
import { InterruptedError, type ExitCode } from '../../errors.js';
import { relatedCommand } from '../../session/related-command.js';
import { serviceUrl } from '../../session/service-url.js';
import type { Session } from '../../session/session.js';
import { readPayload } from '../options/payload.js';
import { readOption } from '../options/values.js';
import { warnOfInexactNumbers } from '../output/inexact-numbers.js';
import { runJobs } from '../output/job-report.js';
import type { AddRequest } from './command.js';

/** Has the service read buckets on its own machines, and follows the jobs to their ends. */
export async function runBuckets(request: AddRequest, session: Session): Promise<ExitCode> {
  const { context, messages } = session;
  const credentials = request.sendCredentials
    ? readOption('--send-credentials', () => readAwsCredentials(context.env))
    : undefined;
  const payload = await readPayload(request.payload, context, warnOfInexactNumbers(messages));
  const template = { ...payload, datasetIds: request.datasetIds };
  const sources = request.buckets.map(({ url }): DataSource => ({ jobId: randomUUID(), url, credentials, template }));
  const service = await session.service();
  if (credentials !== undefined) tellWhereCredentialsGo(credentials, session);
  const startedMs = context.clock.now();
  let jobs: readonly AddJob[];
  try {
    jobs = await startJobs(service, sources);
  } catch (error) {
    if (!mayHaveStarted(error)) throw error;
    messages.fail(error);
    const words = ['status', ...sources.flatMap(({ jobId }) => ['--job', jobId])];
    messages.hint(`see whether the service has started to read with: ${relatedCommand(words, session)}`);
    return error.exitCode;
  }
  return await runJobs(
    {
      jobs: jobs.map((job, index) => stateOf(job, request.buckets[index]?.source)),
      waitMs: request.waitMs,
      printsRecords: session.options.output !== undefined || !session.out.isTTY,
      failEmpty: request.failEmpty,
      secrets: secretsOf(sources),
      startedMs,
    },
    session,
  );
}

/** True where the request may have arrived and nothing tells. */
function mayHaveStarted(error: unknown): error is InterruptedError | UnknownOutcomeError {
  return error instanceof InterruptedError || error instanceof UnknownOutcomeError;
}

function tellWhereCredentialsGo({ token }: AwsCredentials, session: Session): void {
  const { host } = serviceUrl(session);
  session.messages.info(`sending the AWS credentials of the environment to ${host}, which reads the bucket with them`);
  if (token !== undefined) return;
  session.messages.hint('these keys do not expire; the credentials of a session (AWS_SESSION_TOKEN) would');
}
