import { Readable } from 'node:stream';
import { CliError, LocalError, messageOf } from '../../errors.js';
import type { RowFile } from '../rows/row-writer.js';
import { changesOf, dataOf, type Change, type Edit } from '../changes/edits.js';
import { sendChanges, type PatchRecord, type SendOptions } from '../changes/send.js';
import { saveBeforeChange } from '../changes/undo.js';
import { recordStatus } from '../model/status-catalog.js';
import type { JsonObject } from '../../wire/json.js';
import type { Marks, TagChange } from './state.js';

/** Called once the service has answered, or can't be asked. */
export type OnAnswer = (record: PatchRecord, change: TagChange) => void;

export interface TagSaverOptions extends Omit<SendOptions, 'width'> {
  /** Where the state that an input has before its first change is saved. */
  readonly undoFile?: RowFile | undefined;
}

/** Sends what was tagged, in the background: one request at a time, and all that piled up meanwhile goes with the next. */
export class TagSaver {
  readonly #options: TagSaverOptions;
  readonly #onAnswer: OnAnswer;
  readonly #inUndoFile = new Set<string>();
  #queue: TagChange[] = [];
  #waiting = 0;
  #sending: Promise<void> | undefined;

  constructor(options: TagSaverOptions, onAnswer: OnAnswer) {
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
    let status = recordStatus('NOT_SENT');
    try {
      for await (const record of sendChanges(this.#stepsOf([...due]), { ...this.#options, width: 1 })) {
        // the changes of one input are answered in their order
        const place = due.findIndex(({ id }) => id === record.id);
        for (const change of due.splice(place, 1)) this.#answer(record, change);
      }
    } catch (error) {
      // the former state can't be had or kept: nothing is changed without it, and what was marked is not lost
      if (!(error instanceof CliError)) throw error;
      if (error instanceof LocalError) this.#options.control.stop(error);
      status = recordStatus('NOT_SENT', messageOf(error));
    }
    // of a run that stopped, the rest is not even read
    for (const change of due) this.#answer({ id: change.id, status, outcome: 'failed' }, change);
  }

  #stepsOf(changes: readonly TagChange[]): AsyncIterable<Change> | ReturnType<typeof saveBeforeChange> {
    const { service, undoFile } = this.#options;
    const steps = stepsOf(changes);
    return undoFile === undefined ? steps : saveBeforeChange(steps, service, undoFile, this.#inUndoFile);
  }

  #answer(record: PatchRecord, change: TagChange): void {
    this.#waiting -= 1;
    this.#onAnswer(record, change);
  }
}

/** Rows that `patch --from` reads, for what could not be saved. */
export function changeRows(change: TagChange): readonly JsonObject[] {
  return editsOf(change).map(({ action, data }) => ({ id: change.id, action, concepts: data['concepts'] ?? [] }));
}

function stepsOf(changes: readonly TagChange[]): AsyncIterable<Change> {
  return Readable.from(changes.flatMap((change) => changesOf(change.id, editsOf(change))));
}

/** Removals go first, as a request of their own. */
function editsOf({ set, off }: Marks): readonly Edit[] {
  const removed = dataOf({ concepts: off.map((id) => ({ id })) }, 'remove');
  const given = dataOf({ concepts: [...set].map(([id, value]) => ({ id, value })) }, 'merge');
  return [
    ...(off.length > 0 ? [{ action: 'remove', data: removed } as const] : []),
    ...(set.size > 0 ? [{ action: 'merge', data: given } as const] : []),
  ];
}
