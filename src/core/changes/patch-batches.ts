import type { RequestSizes } from '../../api/service.js';
import { maxInputsPerRequest, type PatchAction } from '../../wire/messages.js';
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
  readonly #sizes: RequestSizes;
  #bytes = 0;

  constructor(action: PatchAction, sizes: RequestSizes) {
    this.action = action;
    this.#sizes = sizes;
  }

  add(change: Change): void {
    this.changes.push(change);
    this.#ids.add(change.id);
    this.#bytes += this.#sizes.sizeOfPatch(change);
  }

  has({ id }: Change): boolean {
    return this.#ids.has(id);
  }

  hasRoomFor(change: Change): boolean {
    const bytes = this.#bytes + this.#sizes.sizeOfPatch(change);
    return this.changes.length < maxInputsPerRequest && bytes <= this.#sizes.maxRequestBytes;
  }
}

/** Gathers changes by action, up to 128 a request; changes of one input keep their order. */
export class PatchBatches {
  /** In the order in which they have to go. */
  readonly #open: OpenBatch[] = [];
  readonly #sizes: RequestSizes;

  constructor(sizes: RequestSizes) {
    this.#sizes = sizes;
  }

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
    const fresh = new OpenBatch(change.action, this.#sizes);
    fresh.add(change);
    this.#open.push(fresh);
    return due;
  }

  /** All that is left. */
  rest(): readonly PatchBatch[] {
    return this.#open.splice(0);
  }
}
