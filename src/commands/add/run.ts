import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AddJob } from '../../core/add/pipeline.js';
import { surveySources, type Survey } from '../../core/add/survey.js';
import { RunControl } from '../../core/model/run-control.js';
import { surveyLine } from '../../render/survey-text.js';
import { FailuresFile } from '../../core/add/failures-file.js';
import { RowFile } from '../../core/rows/row-writer.js';
import { DeclinedError, UsageError, type ExitCode } from '../../errors.js';
import { runPlan } from '../output/add-plan.js';
import { runUpload } from '../output/upload.js';
import type { AddRequest } from './command.js';
import { readPayload } from '../options/payload.js';
import type { Session } from '../../session/session.js';
import { warnOfInexactNumbers } from '../output/inexact-numbers.js';
import { expandSources, sortArguments } from '../../core/sources/sources.js';
import { watchSources } from '../../core/sources/watch.js';
import { openLists } from './open-lists.js';
import { hasLists } from './source-options.js';
import { openWatch } from './open-watch.js';

/** Adds what the request names; with `--interactive` it asks for concepts and metadata first. */
export async function runAdd(request: AddRequest, session: Session): Promise<ExitCode> {
  if (request.buckets.length > 0) return await (await import('./buckets.js')).runBuckets(request, session);
  return request.interactive ? await askAndAdd(request, session) : await addSources(request, session);
}

async function askAndAdd(request: AddRequest, session: Session): Promise<ExitCode> {
  const { assertCanAsk, confirmSending, promptPayload } = await import('./ask.js');
  assertCanAsk(session);
  const survey = await surveyOf(request, session);
  if (survey !== undefined) session.messages.info(surveyLine(survey));
  // the upload says why there is nothing to ask about
  if (survey?.kinds.size === 0) return await addSources(request, session);
  const answered = await promptPayload(request, session);
  try {
    const isSent = !request.dryRun && !request.curl;
    if (isSent && !(await confirmSending(answered.request, survey, session))) throw new DeclinedError('nothing added');
    return await addSources(answered.request, { ...session, commandLine: answered.commandLine });
  } finally {
    session.messages.info(`equivalent command: ${answered.commandLine}`);
  }
}

/** Undefined where the sources never end, or come from what can be read only once. */
async function surveyOf(request: AddRequest, session: Session): Promise<Survey | undefined> {
  const { manifests, urlLists, pathLists } = request.sources;
  if (request.watch) return undefined;
  for (const list of [...manifests, ...urlLists, ...pathLists]) {
    const stats = await stat(resolve(session.context.cwd, list)).catch(() => undefined);
    if (stats !== undefined && !stats.isFile()) return undefined;
  }
  const control = new RunControl(session.context.stopping);
  return await surveySources(await buildAddJob(request, session, () => undefined), control);
}

async function addSources(request: AddRequest, session: Session): Promise<ExitCode> {
  const job = await buildAddJob(request, session);
  const { dryRun, curl, failures: file } = request;
  if (dryRun || curl) return await runPlan(job, { curl }, session);
  if (file === undefined) return await runUpload(job, {}, session);
  await assertNotASource(file, request, session.context.cwd);
  const rows = await RowFile.create(resolve(session.context.cwd, file), {
    option: `--failures ${file}`,
    replace: true,
  });
  try {
    return await runUpload(job, { failures: new FailuresFile(rows, job.identification) }, session);
  } finally {
    await rows.close();
  }
}

/** A file that is read while it is written would be lost. */
async function assertNotASource(file: string, { sources }: AddRequest, cwd: string): Promise<void> {
  const written = await stat(resolve(cwd, file)).catch(() => undefined);
  for (const other of [...sources.manifests, ...sources.urlLists, ...sources.pathLists, ...sources.sources]) {
    const read = await stat(resolve(cwd, other)).catch(() => undefined);
    if (written === undefined || read?.ino !== written.ino || read.dev !== written.dev) continue;
    throw new UsageError(`--failures ${file} is a source of this run`, { hint: 'choose another file' });
  }
}

async function buildAddJob(
  request: AddRequest,
  session: Session,
  onInexactNumbers = warnOfInexactNumbers(session.messages),
): Promise<AddJob> {
  const { cwd, platform } = session.context;
  const { layers, ...sources } = request.sources;
  const { allowDuplicateUrl, skipUnsupported } = request;
  const payload = {
    ...(await readPayload(request.payload, session.context, onInexactNumbers)),
    datasetIds: request.datasetIds,
  };
  sortArguments({ ...request.sources, cwd, hasLists: hasLists(request.sources) });
  const watch = request.watch ? await openWatch(request, session.context) : undefined;
  const lists = await openLists(request.sources, session, onInexactNumbers);
  const sourceRequest = { ...sources, sidecars: layers.sidecars, lists, cwd, platform, payload };
  return {
    drafts: ({ signal }) =>
      watch === undefined ? expandSources(sourceRequest, signal) : watchSources(sourceRequest, { ...watch, signal }),
    hasFixedIds: sources.id !== undefined,
    identification: {
      ...layers,
      cwd,
      onInexactNumbers,
      idFrom: request.idFrom,
      allowDuplicateUrl,
      skipUnsupported,
      watch,
    },
    maxRequest: { inputs: request.batchSize, bytes: request.batchBytes },
    width: Number(session.settings().concurrency?.value),
    rules: { onConflict: request.onConflict, onFailed: request.onFailed },
    failEmpty: request.failEmpty,
    waitMs: request.waitMs,
    isEndless: request.watch,
  };
}
