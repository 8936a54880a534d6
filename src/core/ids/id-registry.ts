import { createHash } from 'node:crypto';
import type { NewInput } from '../../api/new-input.js';
import { IdTable } from './id-table.js';

const firstRoom = 1 << 10;

/** Who had an id first. */
export interface IdOwner {
  readonly source: string;
  /** True if the same concepts, metadata, geo and data sets were to be sent with it. */
  readonly same: boolean;
}

/** Which source of a run has which id, and a hash of what is sent with it: 40 bytes a source and those of its text. */
export class IdRegistry {
  /** The ids with their sources. To whoever else adds to it, ids that are claimed are there already. */
  readonly ids = new IdTable();
  #payloads = new Uint32Array(firstRoom);
  readonly #released = new Set<string>();
  readonly #hash = payloadHashing();

  /** IdRegistry an id for a source; if it is taken already, tells by whom. */
  claim(id: string, source: string, input: NewInput): IdOwner | undefined {
    const payload = this.#hash(input);
    const next = this.ids.size;
    const number = this.ids.add(id, source);
    if (number < next && !this.#released.delete(id))
      return { source: this.ids.sourceAt(number), same: this.#payloads[number] === payload };
    if (number >= this.#payloads.length) this.#grow(number);
    this.#payloads[number] = payload;
    return undefined;
  }

  /** Gives an id back, of a source that came to nothing. */
  release(id: string | undefined): void {
    if (id !== undefined) this.#released.add(id);
  }

  /** True if this very source has claimed the id. */
  isOwnedBy(id: string, source: string): boolean {
    const number = this.ids.find(id);
    return number !== undefined && this.ids.sourceAt(number) === source;
  }

  #grow(number: number): void {
    const grown = new Uint32Array(2 ** Math.ceil(Math.log2(number + 1)));
    grown.set(this.#payloads);
    this.#payloads = grown;
  }
}

/** Most sources of a run are sent with the very same objects: hashed once. */
function payloadHashing(): (input: NewInput) => number {
  let last: NewInput | undefined;
  let hash = 0;
  return (input) => {
    if (last !== undefined && isSameInput(last, input)) return hash;
    last = input;
    const json = JSON.stringify([input.concepts, input.metadata, input.geo, input.datasetIds, input.textBeside]);
    hash = createHash('sha256').update(json).digest().readUInt32BE(0);
    return hash;
  };
}

function isSameInput(a: NewInput, b: NewInput): boolean {
  return (
    a.concepts === b.concepts &&
    a.metadata === b.metadata &&
    a.geo === b.geo &&
    a.datasetIds === b.datasetIds &&
    a.textBeside === b.textBeside
  );
}
