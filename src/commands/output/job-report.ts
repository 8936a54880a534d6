import type { Counts } from '../../api/answers.js';
import { followJobs } from '../../core/buckets/follow-jobs.js';
import { countFound, recordOf, type JobRecord, type JobState } from '../../core/buckets/job-state.js';
import { CliError, exitCodes, InterruptedError, worstExitCode, type ExitCode } from '../../errors.js';
import type { Column } from '../../render/output/record-format.js';
import { RecordWriter } from '../../render/output/record-writer.js';
import { countText, tallyText } from '../../render/plural.js';
import { liveCounts } from '../../render/progress/live-counts.js';
import { durationText, sanitizeForTerminal } from '../../render/text.js';
import { relatedCommand } from '../../session/related-command.js';
import { outputForm, type Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';
import { adviceFor } from '../../render/advice.js';
import { statusCodes } from '../../wire/status.js';
import { valueAt } from '../../wire/json.js';

/** Jobs to be followed. */
export interface JobsRun {
  readonly jobs: readonly JobState[];
  /** Undefined: only to be told of. */
  readonly waitMs: number | undefined;
  /** False where bars and summary say it all. */
  readonly printsRecords: boolean;
  /** True to fail where nothing was found. */
  readonly failEmpty: boolean;
  /** Texts that no output may show. */
  readonly secrets: readonly string[];
  readonly startedMs: number;
}

/** Follows jobs to their ends, and reports what became of each. */
export async function runJobs(run: JobsRun, session: Session): Promise<ExitCode> {
  const { states, stopped } = await followToEnd(run, session);
  const records = states.map((state) => recordOf(state, run.secrets));
  if (run.printsRecords) await printJobs(records, session);
  if (stopped !== undefined) session.messages.fail(stopped);
  if (stopped instanceof InterruptedError) session.messages.info('note: the service is still reading');
  for (const record of records) {
    tellFailure(record, session);
    if (run.waitMs !== undefined && wasRead(record)) sumUp(record, run, session);
  }
  tellNext(records, { ...run, isStopped: stopped !== undefined }, session);
  return worstExitCode([...records.map((record) => exitCodeFor(record, run)), stopped?.exitCode ?? exitCodes.ok]);
}

interface Followed {
  readonly states: readonly JobState[];
  /** Why they are followed no longer, if that is not because all are done or the time is up. */
  readonly stopped: CliError | undefined;
}

async function followToEnd(run: JobsRun, session: Session): Promise<Followed> {
  const { jobs, waitMs } = run;
  if (waitMs === undefined) return { states: jobs.map((job) => ({ ...job, isDone: false })), stopped: undefined };
  let states = jobs;
  try {
    await follow(run, waitMs, session, (latest) => (states = latest));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { states, stopped: error };
  }
  return { states, stopped: undefined };
}

export async function printJobs(records: readonly JobRecord[], session: Session): Promise<void> {
  const writer = openJobWriter(session);
  try {
    await writer.write(records);
  } finally {
    await writer.end();
  }
}

/** Where jobs are printed. */
export function openJobWriter(session: Session): RecordWriter {
  const { out, options } = session;
  return new RecordWriter(out, { form: outputForm(session), fields: options.fields, columns });
}

async function follow(
  { jobs, secrets }: JobsRun,
  timeoutMs: number,
  session: Session,
  keep: (states: readonly JobState[]) => void,
): Promise<void> {
  const { context, options } = session;
  const live = liveCounts(context, { ...options, colours: stderrColours(session) });
  const { clock, stopping } = context;
  try {
    for await (const states of followJobs(jobs, { service: await session.service(), clock, stopping, timeoutMs })) {
      keep(states);
      live.show(countsOf(states.map((state) => recordOf(state, secrets))));
    }
  } finally {
    live.stop();
  }
}

/** The counts of jobs as the counts of an app are drawn; a file that was found counts before its input does. */
function countsOf(records: readonly JobRecord[]): Counts {
  const counts = { processed: 0, to_process: 0, errors: 0, processing: 0 };
  for (const record of records) {
    const { succeeded, failed, pending, in_progress: inProgress } = record;
    counts.processed += succeeded;
    counts.errors += failed;
    counts.processing += inProgress;
    counts.to_process += Math.max(pending, countFound(record.found) - succeeded - failed - inProgress);
  }
  return { ...counts, reindexed: 0, to_reindex: 0, reindex_errors: 0, reindexing: 0 };
}

/** True for a bucket that was read to its end and held nothing. */
function isEmpty(record: JobRecord): boolean {
  return (
    record.outcome === 'done' && record.source !== null && countFound(record.found) === 0 && record.succeeded === 0
  );
}

/** What failed, for a person: a script has the record. */
function tellFailure(record: JobRecord, session: Session): void {
  const { id, source, status, outcome, failed_archives: archives } = record;
  const isRead = status.code === statusCodes.jobDone;
  if (outcome !== 'failed' || (isRead && archives === 0)) return;
  const description = isRead ? `${countText(archives, 'archive')} could not be unpacked` : status.description;
  session.messages.echoFailure(source ?? id, { ...status, description }, stderrColours(session));
  const advice = isRead ? '' : adviceFor(status);
  if (advice !== '') session.messages.hint(advice);
}

/** False for a bucket of which nothing could be read: its failure says it all. */
function wasRead(record: JobRecord): boolean {
  const { outcome, status, succeeded, failed } = record;
  return (
    outcome !== 'failed' || status.code === statusCodes.jobDone || countFound(record.found) + succeeded + failed > 0
  );
}

/** Figures for a person. */
function sumUp(record: JobRecord, { startedMs }: JobsRun, { messages, context }: Session): void {
  const { id, source, outcome, succeeded, failed, pending, in_progress: inProgress } = record;
  const name = sanitizeForTerminal(source ?? id);
  const files = countFound(record.found);
  const open = pending + inProgress;
  const others = outcome === 'pending' ? 0 : Math.max(0, files - succeeded - failed - open);
  const figures = Object.entries({ added: succeeded, failed, pending: open, 'not added': others });
  const elapsed = durationText(context.clock.now() - startedMs);
  // a job may not tell what it found
  const isUntold = files === 0 && succeeded + failed > 0;
  const found = outcome === 'pending' ? 'found so far' : 'found';
  const total = isUntold ? countText(succeeded + failed + open, 'input') : `${countText(files, 'file')} ${found}`;
  messages.info(`${name}: ${tallyText(total, figures)} in ${elapsed}`);
  if (others > 0) messages.info('note: the service does not add a file whose ID the app already has');
  if (!isEmpty(record)) return;
  const advice = name.includes('*') ? 'it is a prefix, not a pattern' : 'is the prefix right?';
  messages.info(`note: nothing to add under ${name}; ${advice}`);
}

/** The next command to type, if anything is left to do. */
function tellNext(
  records: readonly JobRecord[],
  { waitMs, startedMs, isStopped }: JobsRun & { readonly isStopped: boolean },
  session: Session,
): void {
  const { messages } = session;
  const open = records.filter(({ outcome }) => outcome === 'pending');
  if (open.length > 0) {
    const words = ['status', ...open.flatMap(({ id }) => ['--job', id]), '--wait'];
    const hint = `${waitMs === undefined ? 'follow' : 'resume'} with: ${relatedCommand(words, session)}`;
    if (waitMs === undefined || isStopped) messages.hint(hint);
    else messages.fail(new PendingJobsError(`${countText(open.length, 'job')} still running`, { hint }));
  }
  if (records.some(({ failed }) => failed > 0)) {
    const since = records.map((record) => record.created_at).sort()[0] ?? '';
    const start = since === '' ? new Date(startedMs).toISOString() : since;
    const words = ['list', '--where', 'status=failed', '--where', `since=${start}`];
    messages.hint(`list the failed inputs with: ${relatedCommand(words, session)}`);
  }
}

class PendingJobsError extends CliError {
  readonly exitCode = exitCodes.deadline;
}

function exitCodeFor(record: JobRecord, { waitMs, failEmpty }: JobsRun): ExitCode {
  const { outcome } = record;
  if (outcome === 'failed') return exitCodes.partial;
  if (outcome === 'pending') return waitMs === undefined ? exitCodes.ok : exitCodes.deadline;
  return failEmpty && isEmpty(record) ? exitCodes.partial : exitCodes.ok;
}

const columns: readonly Column[] = [
  { name: 'id', value: (record) => record['id'] },
  { name: 'source', value: (record) => record['source'] },
  { name: 'outcome', value: (record) => record['outcome'] },
  { name: 'code', value: ({ status }) => valueAt(status, ['code']) },
  { name: 'succeeded', value: (record) => record['succeeded'] },
  { name: 'failed', value: (record) => record['failed'] },
  { name: 'pending', value: (record) => record['pending'] },
  { name: 'in_progress', value: (record) => record['in_progress'] },
  { name: 'description', value: ({ status }) => valueAt(status, ['description']) },
  { name: 'created_at', value: (record) => record['created_at'] },
];
