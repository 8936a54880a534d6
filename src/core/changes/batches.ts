import { maxBodyBytes, maxInputsPerRequest, type PatchAction } from '../../wire/messages.js';
import type { Change } from './edits.js';

/** Changes that go in one request: of one action, each of another input. */
export interface PatchBatch {
  readonly action: PatchAction;
  readonly changes: readonly Change[];
}

/** A batch that is not full yet. */
class OpenBatch implements PatchBatch {
  readonly action: PatchAction;
  readonly changes: Change[] = [];
  readonly #ids = new Set<string>();
  #bytes = 0;

  constructor(action: PatchAction) {
    this.action = action;
  }

  add(change: Change): void {
    this.changes.push(change);
    this.#ids.add(change.id);
    this.#bytes += bytesOf(change);
  }

  has({ id }: Change): boolean {
    return this.#ids.has(id);
  }

  hasRoomFor(change: Change): boolean {
    return this.changes.length < maxInputsPerRequest && this.#bytes + bytesOf(change) <= maxBodyBytes;
  }
}

/** Gathers changes by action, up to 128 a request; changes of one input keep their order. */
export class PatchBatches {
  /** In the order in which they have to go. */
  #open: OpenBatch[] = [];

  /** Takes a change; gives back the batches that have to go before it. */
  add(change: Change): readonly PatchBatch[] {
    const place = this.#open.findIndex(({ action }) => action === change.action);
    const batch = this.#open[place];
    // nothing may overtake an earlier change of the same input
    const isFree = batch?.hasRoomFor(change) === true && !this.#open.slice(place).some((later) => later.has(change));
    if (batch !== undefined && isFree) {
      batch.add(change);
      return [];
    }
    const due = batch === undefined ? [] : this.#open.splice(0, place + 1);
    const fresh = new OpenBatch(change.action);
    fresh.add(change);
    this.#open.push(fresh);
    return due;
  }

  /** All that is left. */
  rest(): readonly PatchBatch[] {
    return this.#open.splice(0);
  }
}

function bytesOf({ id, data }: Change): number {
  return Buffer.byteLength(JSON.stringify({ id, data })) + 1;
}
