import { recordStatus } from '../model/status-catalog.js';
import { changesOf, dataOf, type Change, type Edit } from '../changes/edits.js';
import { sendChanges, type SendOptions, type PatchRecord } from '../changes/send.js';
import type { TagChange } from './state.js';

/** Told once the service has answered, or can't be asked. */
export type OnAnswer = (record: PatchRecord, change: TagChange) => void;

/** Sends what was tagged, in the background: one request at a time, and all that piled up meanwhile goes with the next. */
export class TagSaver {
  readonly #options: Omit<SendOptions, 'width'>;
  readonly #onAnswer: OnAnswer;
  #queue: TagChange[] = [];
  #waiting = 0;
  #sending: Promise<void> | undefined;

  constructor(options: Omit<SendOptions, 'width'>, onAnswer: OnAnswer) {
    this.#options = options;
    this.#onAnswer = onAnswer;
  }

  /** Changes that are not answered yet. */
  get waiting(): number {
    return this.#waiting;
  }

  save(change: TagChange): void {
    this.#queue.push(change);
    this.#waiting += 1;
    if (this.#sending !== undefined) return;
    this.#sending = this.#send();
    // what it throws is a bug, and told by `finish`
    this.#sending.catch(() => undefined);
  }

  /** Returns once everything is answered. */
  async finish(): Promise<void> {
    await this.#sending;
  }

  async #send(): Promise<void> {
    while (this.#queue.length > 0) await this.#sendAll(this.#queue.splice(0));
    this.#sending = undefined;
  }

  async #sendAll(due: TagChange[]): Promise<void> {
    for await (const record of sendChanges(stepsOf([...due]), { ...this.#options, width: 1 })) {
      // the changes of one input are answered in their order
      const place = due.findIndex(({ id }) => id === record.id);
      for (const change of due.splice(place, 1)) this.#answered(record, change);
    }
    // of a run that stopped, the rest is not even read
    const status = recordStatus('NOT_SENT');
    for (const change of due) this.#answered({ id: change.id, status, outcome: 'failed' }, change);
  }

  #answered(record: PatchRecord, change: TagChange): void {
    this.#waiting -= 1;
    this.#onAnswer(record, change);
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- changes are sent from an async iterable; these are all there
async function* stepsOf(changes: readonly TagChange[]): AsyncGenerator<Change> {
  for (const change of changes) yield* changesOf(change.id, editsOf(change));
}

/** What is taken off goes first, as a request of its own. */
function editsOf({ set, off }: TagChange): readonly Edit[] {
  const removed = dataOf({ concepts: off.map((id) => ({ id })) }, 'remove');
  const given = dataOf({ concepts: [...set].map(([id, value]) => ({ id, value })) }, 'merge');
  return [
    ...(off.length > 0 ? [{ action: 'remove', data: removed } as const] : []),
    ...(set.size > 0 ? [{ action: 'merge', data: given } as const] : []),
  ];
}
