import { valueAt } from '../../wire/json.js';
import type { RecordStatus } from '../../core/model/steps.js';
import { adviceFor } from '../../core/model/status-catalog.js';
import { RecordWriter, type Column } from '../../render/output/record-writer.js';
import { plain } from '../../render/text.js';
import { outputForm, type Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';

/** What became of one input; printed as it stands. */
interface OutcomeRecord<O extends string> {
  /** Null for a row that names no input. */
  readonly id: string | null;
  readonly status: RecordStatus;
  readonly outcome: O | 'failed';
}

const columns: readonly Column[] = [
  { name: 'outcome', value: (record) => record['outcome'] },
  { name: 'id', value: (record) => record['id'] },
  { name: 'code', value: (record) => valueAt(record, ['status', 'code']) },
  { name: 'description', value: (record) => valueAt(record, ['status', 'description']) },
];

/** Tells a person and a program what became of each input that was changed or deleted. Every figure is counted. */
export class OutcomeReport<O extends string> {
  readonly #session: Session;
  readonly #writer: RecordWriter | undefined;
  /** What to do, by failures of one kind. */
  readonly #advice = new Map<string, { count: number; readonly advice: string }>();
  readonly #counts = new Map<O | 'failed', number>();

  /** @param outcomes - good ones, in the order in which they are summed up */
  constructor(session: Session, outcomes: readonly O[]) {
    this.#session = session;
    for (const outcome of [...outcomes, 'failed'] as const) this.#counts.set(outcome, 0);
    const { options, out } = session;
    // on a terminal and without -o, failures and the summary say it all
    const shown = options.output !== undefined || !out.isTTY;
    if (shown) this.#writer = new RecordWriter(out, { form: outputForm(session), fields: options.fields, columns });
  }

  count(outcome: O | 'failed'): number {
    return this.#counts.get(outcome) ?? 0;
  }

  /** Inputs told of so far. */
  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  async add({ id, status, outcome }: OutcomeRecord<O>): Promise<void> {
    this.#counts.set(outcome, this.count(outcome) + 1);
    if (outcome === 'failed') this.#name(id, status);
    if (outputForm(this.#session) === 'ids' && outcome === 'failed') return;
    await this.#writer?.write([{ id, status: { ...status }, outcome }]);
  }

  #name(id: string | null, { code, name, description }: RecordStatus): void {
    const what = code === null ? '' : `${code} ${name}: `;
    const who = id === null ? '' : `${plain(id)}: `;
    const colours = stderrColours(this.#session);
    this.#session.context.stderr.write(`${colours.red('failed:')} ${who}${what}${plain(description)}\n`);
    const key = code === null ? name : `${code} ${name}`;
    const group = this.#advice.get(key) ?? { count: 0, advice: adviceFor({ code, name }) };
    group.count += 1;
    this.#advice.set(key, group);
  }

  /** Closes what was opened, and sums up. */
  async end(): Promise<void> {
    await this.#writer?.end();
    this.note([...this.#counts].map(([outcome, count]) => `${outcome}: ${count}`).join(', '));
    for (const [what, { count, advice }] of this.#advice) {
      if (advice !== '') this.note(`failed: ${count} with ${what}; hint: ${advice}`);
    }
  }

  /** A line that `--quiet` leaves out. */
  note(text: string): void {
    if (!this.#session.options.quiet) this.#session.context.stderr.write(`${text}\n`);
  }
}
