import { valueAt } from '../api/decode.js';
import { adviceFor } from '../core/meanings.js';
import type { PatchRecord } from '../core/patching.js';
import { RecordWriter, type Column } from '../render/records.js';
import { plain } from '../render/text.js';
import { outputForm, type Session } from './session.js';
import { stderrColours } from './stderr-colours.js';

const columns: readonly Column[] = [
  { name: 'outcome', value: (record) => record['outcome'] },
  { name: 'id', value: (record) => record['id'] },
  { name: 'code', value: (record) => valueAt(record, ['status', 'code']) },
  { name: 'description', value: (record) => valueAt(record, ['status', 'description']) },
];

/** Tells a person and a program what became of each input; the figures are counted, not subtracted. */
export class PatchReport {
  readonly #session: Session;
  readonly #writer: RecordWriter | undefined;
  /** What to do, by failures of one kind. */
  readonly #advice = new Map<string, { count: number; readonly advice: string }>();
  patched = 0;
  failed = 0;

  constructor(session: Session) {
    this.#session = session;
    const { options, out } = session;
    // on a terminal and without -o, failures and the summary say it all
    const shown = options.output !== undefined || !out.isTTY;
    if (shown) this.#writer = new RecordWriter(out, { form: outputForm(session), fields: options.fields, columns });
  }

  async add({ id, status, outcome }: PatchRecord): Promise<void> {
    this[outcome] += 1;
    if (outcome === 'failed') this.#name(id, status);
    if (outputForm(this.#session) === 'ids' && outcome === 'failed') return;
    await this.#writer?.write([{ id, status: { ...status }, outcome }]);
  }

  #name(id: string | null, { code, name, description }: PatchRecord['status']): void {
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
    if (this.patched + this.failed === 0) this.note('no inputs: nothing to change');
    else this.note(`patched: ${this.patched}, failed: ${this.failed}`);
    for (const [what, { count, advice }] of this.#advice) {
      if (advice !== '') this.note(`failed: ${count} with ${what}; hint: ${advice}`);
    }
  }

  /** A line that `--quiet` leaves out. */
  note(text: string): void {
    if (!this.#session.options.quiet) this.#session.context.stderr.write(`${text}\n`);
  }
}
