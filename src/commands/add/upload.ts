import { valueAt, type Json, type JsonObject } from '../../wire/json.js';
import { addInputs, canResume, type AddJob, type AddRun } from '../../core/add/pipeline.js';
import type { AddRecord, Final } from '../../core/model/steps.js';
import type { FailuresFile } from '../../core/add/failures-file.js';
import { RunControl } from '../../core/model/run-control.js';
import { keepNewSpace } from '../../core/files/heap.js';
import { Progress } from '../../core/add/progress.js';
import { exitCodeOf, Summary } from '../../core/add/summary.js';
import type { ExitCode } from '../../errors.js';
import { failureLine, summaryLines } from '../../render/progress/add-summary.js';
import { failureText } from '../../render/failure.js';
import { RecordWriter, type Column } from '../../render/output/record-writer.js';
import { barReporter, lineReporter, silentReporter, type Reporter } from '../../render/progress/reporter.js';
import { noticeLine } from '../../render/progress/source-notices.js';
import { plain, plainExcerpt, shellWord } from '../../render/text.js';
import { outputForm, type Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';

/** So many ids fit in a hint; for more it tells how to make a list. */
const maxHintIds = 5;

/** Uploads, waits, and tells what became of every source. */
export async function runUpload(job: AddJob, failures: FailuresFile | undefined, session: Session): Promise<ExitCode> {
  keepNewSpace();
  const { context } = session;
  const startedMs = context.clock.now();
  const control = new RunControl(context.stopping);
  const service = await session.service();
  const figures = { summary: new Summary(), progress: new Progress() };
  const run: AddRun = { service, clock: context.clock, control, failures, ...figures };
  const reporter = await reporterFor(job, run, session);
  const report = new AddReport(session, run, reporter);
  try {
    for await (const step of addInputs(job, run)) {
      if (step.at === 'final') await report.final(step);
      else if (step.at === 'notice') report.warn(noticeLine(step));
      else if (step.at === 'skipped' && step.detail !== undefined) {
        report.warn(`skipped: ${plainExcerpt(step.source)}: ${plain(step.detail)}`);
      }
    }
  } finally {
    reporter.stop();
    await report.end();
  }
  report.summary(context.clock.now() - startedMs, hintsFor(job, run, { session, pendingIds: report.pendingIds }));
  return exitCodeOf(run.summary, control, { awaited: job.waitMs !== undefined, failEmpty: job.failEmpty });
}

async function reporterFor(job: AddJob, run: AddRun, session: Session): Promise<Reporter> {
  const { context, options } = session;
  if (options.quiet || !options.progress) return silentReporter(context.stderr);
  const watched = { summary: run.summary, progress: run.progress, awaited: job.waitMs !== undefined };
  // the lines of -v would stand between the bars
  const drawsBars = context.stderr.isTTY === true && context.env['TERM'] !== 'dumb' && !options.verbose;
  return drawsBars ? await barReporter(context.stderr, watched) : lineReporter(context.stderr, watched);
}

/** Tells a person and a program what became of each source. */
class AddReport {
  readonly #session: Session;
  readonly #run: AddRun;
  readonly #reporter: Reporter;
  readonly #writer: RecordWriter | undefined;
  /** Kept for the hint alone, so only as many as it shows. */
  readonly pendingIds: string[] = [];

  constructor(session: Session, run: AddRun, reporter: Reporter) {
    this.#session = session;
    this.#run = run;
    this.#reporter = reporter;
    this.#writer = writerFor(session);
  }

  async final({ record, inApp, annotationsIgnored }: Final): Promise<void> {
    this.#run.summary.add(record);
    const colours = stderrColours(this.#session);
    if (record.outcome === 'failed') this.#reporter.line(failureLine(record, colours));
    if (record.outcome === 'pending' && record.id !== null && this.pendingIds.length <= maxHintIds) {
      this.pendingIds.push(record.id);
    }
    if (annotationsIgnored === true) {
      this.warn(`duplicate: ${plainExcerpt(record.source)}: ${plain(record.status.description)}`);
    }
    const wanted = outputForm(this.#session) !== 'ids' || inApp;
    if (wanted) await this.#writer?.write([asJson(record)]);
  }

  warn(text: string): void {
    if (!this.#session.options.quiet) this.#reporter.line(text);
  }

  async end(): Promise<void> {
    await this.#writer?.end();
  }

  summary(elapsedMs: number, hints: readonly string[]): void {
    const { context, options } = this.#session;
    const { control, summary, progress } = this.#run;
    const colours = stderrColours(this.#session);
    if (control.reason !== undefined) {
      const json = options.output === 'json' || options.output === 'ndjson';
      context.stderr.write(failureText(control.reason, { json, verbose: options.verbose }));
    }
    if (options.quiet) return;
    const lines = summaryLines(summary, progress, { elapsedMs, hints, colours });
    context.stderr.write(lines.map((line) => `${line}\n`).join(''));
  }
}

/** On a terminal and without `-o`, bars, failures and summary say it all. */
function writerFor(session: Session): RecordWriter | undefined {
  if (session.options.output === undefined && session.out.isTTY) return undefined;
  return new RecordWriter(session.out, { form: outputForm(session), fields: session.options.fields, columns });
}

const columns: readonly Column[] = [
  { name: 'outcome', value: (record) => record['outcome'] },
  { name: 'id', value: (record) => record['id'] },
  { name: 'source', value: (record) => record['source'] },
  { name: 'code', value: (record) => statusPart(record, 'code') },
  { name: 'description', value: (record) => statusPart(record, 'description') },
];

function statusPart(record: JsonObject, part: string): Json | undefined {
  return valueAt(record, ['status', part]);
}

function asJson({ id, source, status, outcome }: AddRecord): JsonObject {
  return { id, source, status: { ...status }, outcome };
}

/** What to type next, where there is something left to do. */
function hintsFor(
  job: AddJob,
  { summary, progress, control }: AddRun,
  { session, pendingIds }: { readonly session: Session; readonly pendingIds: readonly string[] },
): readonly string[] {
  const { pending, unsent } = summary.outcomes;
  const isUnfinished = unsent > 0 || control.isStopped;
  const next =
    pending === 0 && !isUnfinished
      ? []
      : [nextHint({ isUnfinished, waits: job.waitMs !== undefined, resumes: canResume(job) }, { session, pendingIds })];
  if (progress.sourcesKnown) return next;
  return ['the run stopped before all sources were read: there may be more sources than these', ...next];
}

/** The command that goes on: the same one where it finds again what it sent, unless all that is left is to wait. */
function nextHint(
  run: { readonly isUnfinished: boolean; readonly waits: boolean; readonly resumes: boolean },
  { session, pendingIds }: { readonly session: Session; readonly pendingIds: readonly string[] },
): string {
  if (!run.resumes) return waitHint(pendingIds);
  if (run.waits || run.isUnfinished) return `go on with the same command: ${session.commandLine}`;
  return 'to wait for them: clarifai-inputs status --wait';
}

function waitHint(ids: readonly string[]): string {
  if (ids.length > maxHintIds) return 'go on waiting with: clarifai-inputs status --wait - (ids on stdin, from -o ids)';
  return `go on waiting with: clarifai-inputs status --wait ${ids.map(shellWord).join(' ')}`;
}
