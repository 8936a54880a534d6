import { valueAt } from '../../wire/json.js';
import { canResume, type AddJob, type AddRun } from '../../core/add/pipeline.js';
import type { AddRecord, Final } from '../../core/model/steps.js';
import type { Colours } from '../../render/colour.js';
import type { Column } from '../../render/output/record-format.js';
import { RecordWriter } from '../../render/output/record-writer.js';
import { summaryLines } from '../../render/progress/add-summary.js';
import { sanitizeForTerminal, sanitizedExcerpt } from '../../render/text.js';
import { relatedCommand } from '../../session/related-command.js';
import { outputForm, type Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';
import type { Json, JsonObject } from '../../wire/json.js';

/** So many ids fit in a hint; for more it tells how to make a list. */
const maxHintIds = 5;

/** Reports to a person and to a program what became of each source. */
export class AddReport {
  readonly #job: AddJob;
  readonly #run: AddRun;
  readonly #session: Session;
  readonly #colours: Colours;
  readonly #writer: RecordWriter | undefined;
  /** Kept for the hint alone, so only as many as it shows. */
  readonly #pendingIds: string[] = [];

  constructor(job: AddJob, run: AddRun, session: Session) {
    this.#job = job;
    this.#run = run;
    this.#session = session;
    this.#colours = stderrColours(session);
    this.#writer = openWriter(session);
  }

  async add({ record, inApp, annotationsIgnored }: Final): Promise<void> {
    const { messages } = this.#session;
    this.#run.summary.add(record);
    if (record.outcome === 'failed') messages.echoFailure(record.source, record.status, this.#colours);
    if (record.outcome === 'pending' && record.id !== null && this.#pendingIds.length <= maxHintIds) {
      this.#pendingIds.push(record.id);
    }
    if (annotationsIgnored === true) {
      messages.info(`duplicate: ${sanitizedExcerpt(record.source)}: ${sanitizeForTerminal(record.status.description)}`);
    }
    const isPrinted = outputForm(this.#session) !== 'ids' || inApp;
    if (isPrinted) await this.#writer?.write([recordObject(record)]);
  }

  async end(): Promise<void> {
    await this.#writer?.end();
  }

  /** Why the run stopped, if it did, and figures that add up. */
  sumUp(elapsedMs: number): void {
    const { messages } = this.#session;
    const { control, summary, progress } = this.#run;
    if (control.reason !== undefined) messages.fail(control.reason);
    if (!progress.sourcesKnown && !this.#isEndless) messages.info('the run stopped early: not all sources were read');
    const end = { elapsedMs, hints: this.#hints(), colours: this.#colours };
    for (const line of summaryLines(summary, progress, end)) messages.info(line);
  }

  /** True for a run that knows no last source. */
  get #isEndless(): boolean {
    return this.#job.isEndless;
  }

  /** The next command to type, if anything is left to do. */
  #hints(): readonly string[] {
    const { pending, unsent } = this.#run.summary.outcomes;
    const isUnfinished = unsent > 0 || (this.#run.control.isStopped && !this.#isEndless);
    return pending > 0 || isUnfinished ? [this.#nextHint(isUnfinished)] : [];
  }

  /** The command that goes on: the same one where it finds again what it sent, unless all that is left is to wait. */
  #nextHint(isUnfinished: boolean): string {
    if (!canResume(this.#job)) return this.#waitHint(this.#pendingIds);
    const waits = this.#job.waitMs !== undefined;
    if (waits || isUnfinished) return `resume with: ${this.#session.commandLine}`;
    return `wait for indexing with: ${relatedCommand(['status', '--wait'], this.#session)}`;
  }

  #waitHint(ids: readonly string[]): string {
    if (ids.length === 0) return 'check what the app has before you run it again';
    const words = ids.length > maxHintIds ? ['-'] : ids;
    const from = ids.length > maxHintIds ? ' (IDs on stdin, from -o ids)' : '';
    return `keep waiting with: ${relatedCommand(['status', '--wait', ...words], this.#session)}${from}`;
  }
}

/** On a terminal and without `-o`, bars, failures and summary say it all. */
function openWriter(session: Session): RecordWriter | undefined {
  if (session.options.output === undefined && session.out.isTTY) return undefined;
  return new RecordWriter(session.out, { form: outputForm(session), fields: session.options.fields, columns });
}

const columns: readonly Column[] = [
  { name: 'outcome', value: (record) => record['outcome'] },
  { name: 'id', value: (record) => record['id'] },
  { name: 'source', value: (record) => record['source'] },
  { name: 'code', value: (record) => statusField(record, 'code') },
  { name: 'description', value: (record) => statusField(record, 'description') },
];

function statusField(record: JsonObject, part: string): Json | undefined {
  return valueAt(record, ['status', part]);
}

function recordObject({ id, source, status, outcome }: AddRecord): JsonObject {
  return { id, source, status: { ...status }, outcome };
}
