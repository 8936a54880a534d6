/** Bytes of a page; a longer text gets a page of its own. */
const pageBytes = 1 << 20;
/** Before each text stands its length in bytes. */
const lengthBytes = 4;

/**
 * Texts in a few large buffers: a million of them cost their bytes and 4 more each, where strings cost some 50 more
 * and the time of the garbage collector, which looks at each of them again and again.
 */
export class TextArena {
  readonly #pages: Buffer[] = [];
  #used = pageBytes;

  /** Keeps a text, and tells the place to ask for it. */
  add(text: string): number {
    const needed = lengthBytes + Buffer.byteLength(text);
    if (this.#used + needed > pageBytes) {
      this.#pages.push(Buffer.allocUnsafeSlow(Math.max(needed, pageBytes)));
      this.#used = 0;
    }
    const index = this.#pages.length - 1;
    const place = index * pageBytes + this.#used;
    const page = this.#pages[index];
    page?.writeUInt32LE(needed - lengthBytes, this.#used);
    page?.write(text, this.#used + lengthBytes);
    this.#used += needed;
    return place;
  }

  /** The text at a place that `add` told. */
  at(place: number): string {
    const page = this.#pages[Math.floor(place / pageBytes)];
    const begin = place % pageBytes;
    if (page === undefined) return '';
    return page.toString('utf8', begin + lengthBytes, begin + lengthBytes + page.readUInt32LE(begin));
  }
}
