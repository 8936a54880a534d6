import { valueAt } from '../../wire/json.js';
import type { LocalStatus } from '../../core/model/status-catalog.js';
import type { RecordStatus } from '../../core/model/steps.js';
import { adviceFor } from '../../render/advice.js';
import type { Column } from '../../render/output/record-format.js';
import { countText, tallyText } from '../../render/plural.js';
import { RecordWriter } from '../../render/output/record-writer.js';
import { outputForm, type Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';

/** The outcome of one input; printed as it stands. */
interface OutcomeRecord<O extends string> {
  /** Null for a row that names no input. */
  readonly id: string | null;
  readonly status: RecordStatus;
  readonly outcome: O | 'failed';
}

const notSent: LocalStatus = 'NOT_SENT';

const columns: readonly Column[] = [
  { name: 'outcome', value: (record) => record['outcome'] },
  { name: 'id', value: (record) => record['id'] },
  { name: 'code', value: (record) => valueAt(record, ['status', 'code']) },
  { name: 'description', value: (record) => valueAt(record, ['status', 'description']) },
];

/** Reports to a person and to a program what became of each input that was changed or deleted. Every figure is counted. */
export class OutcomeReport<O extends string> {
  readonly #session: Session;
  readonly #writer: RecordWriter | undefined;
  /** Hints by kind of failure. */
  readonly #advice = new Map<string, { count: number; readonly advice: string }>();
  readonly #counts = new Map<O | 'failed' | 'unsent', number>();

  /** @param outcomes - good ones, in the order in which they are summed up */
  constructor(session: Session, outcomes: readonly O[]) {
    this.#session = session;
    for (const outcome of [...outcomes, 'failed', 'unsent'] as const) this.#counts.set(outcome, 0);
    const { options, out } = session;
    // on a terminal and without -o, failures and the summary say it all
    const shown = options.output !== undefined || !out.isTTY;
    if (shown) this.#writer = new RecordWriter(out, { form: outputForm(session), fields: options.fields, columns });
  }

  count(outcome: O | 'failed' | 'unsent'): number {
    return this.#counts.get(outcome) ?? 0;
  }

  /** Inputs reported so far. */
  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  async add({ id, status, outcome: given }: OutcomeRecord<O>): Promise<void> {
    // why the run stopped is told once, and not for each input that it did not get to
    const outcome = given === 'failed' && status.name === notSent ? 'unsent' : given;
    this.#counts.set(outcome, this.count(outcome) + 1);
    if (outcome === 'failed') this.#name(id, status);
    if (outputForm(this.#session) === 'ids' && (outcome === 'failed' || outcome === 'unsent')) return;
    await this.#writer?.write([{ id, status: { ...status }, outcome }]);
  }

  #name(id: string | null, status: RecordStatus): void {
    this.#session.messages.echoFailure(id, status, stderrColours(this.#session));
    const { code, name } = status;
    const key = code === null ? name : `${code} ${name}`;
    const group = this.#advice.get(key) ?? { count: 0, advice: adviceFor({ code, name }) };
    group.count += 1;
    this.#advice.set(key, group);
  }

  /** Closes what was opened, and sums up. */
  async end(): Promise<void> {
    await this.#writer?.end();
    this.#session.messages.info(tallyText(countText(this.total, 'input'), this.#counts));
    for (const [what, { count, advice }] of this.#advice) {
      if (advice !== '') this.#session.messages.info(`failed: ${count} with ${what}; hint: ${advice}`);
    }
  }
}
