const chunkSize = 512;

/** Strings in order, in chunks so that an insertion moves few of them. */
export class SortedKeys {
  #chunks: string[][] = [];

  /** Adds a key that is not there yet. */
  add(key: string): void {
    const at = this.#chunkOf(key);
    const chunk = this.#chunks[at];
    if (chunk === undefined) {
      this.#chunks.push([key]);
      return;
    }
    chunk.splice(position(chunk, key), 0, key);
    if (chunk.length > 2 * chunkSize) this.#chunks.splice(at + 1, 0, chunk.splice(chunkSize));
  }

  /** Takes off a key that is there. */
  remove(key: string): void {
    const at = this.#chunkOf(key);
    const chunk = this.#chunks[at];
    if (chunk === undefined) return;
    chunk.splice(position(chunk, key), 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
  }

  /** How many keys come before `key`. */
  rank(key: string): number {
    const at = this.#chunkOf(key);
    const before = this.#chunks.slice(0, at).reduce((sum, chunk) => sum + chunk.length, 0);
    return before + position(this.#chunks[at] ?? [], key);
  }

  /** The keys whose ranks are in `start` (inclusive) to `end` (exclusive). */
  slice(start: number, end: number): readonly string[] {
    const found: string[] = [];
    let rank = 0;
    for (const chunk of this.#chunks) {
      if (rank >= end) break;
      if (rank + chunk.length > start) found.push(...chunk.slice(Math.max(0, start - rank), end - rank));
      rank += chunk.length;
    }
    return found;
  }

  /** The chunk that holds `key` or would take it: the last one that does not start after it. */
  #chunkOf(key: string): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#chunks[middle]?.[0] ?? '') <= key) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

function position(chunk: readonly string[], key: string): number {
  let low = 0;
  let high = chunk.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((chunk[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
