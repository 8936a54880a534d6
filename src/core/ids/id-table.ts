import { createHash } from 'node:crypto';
import { TextArena } from './text-arena.js';

/** 32-bit words of a key: 128 bits, the 32 hex digits of an id made by hash. */
const keyWords = 4;
/** Words of a row: its key, then the two halves of the place of its text. */
const rowWords = keyWords + 2;
const rowsPerPage = 1 << 14;
const firstSlots = 1 << 10;
/** Marks, in the upper half of a place, an id that is kept as text: it is not 32 hex digits. */
const textIdFlag = 0x8000_0000;

interface Key {
  readonly words: readonly [number, number, number, number];
  readonly flag: number;
}

/**
 * Ids, each with its source, numbered from 0 in the order in which they came. Each takes 32 bytes and those of its
 * source: a million of them a fifth of what a Map of strings takes, and nothing for the garbage collector to walk.
 */
export class IdTable {
  readonly #pages: Uint32Array[] = [];
  readonly #texts = new TextArena();
  /** Numbers plus one, found by a hash of the key and the next free one after it; 0 is free. */
  #slots = new Uint32Array(firstSlots);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number of an id; undefined if it was never added. */
  find(id: string): number | undefined {
    const taken = this.#slots[this.#slotOf(keyOf(id))] ?? 0;
    return taken === 0 ? undefined : taken - 1;
  }

  /** The number of an id. One that is there already keeps the source that it came with. */
  add(id: string, source: string): number {
    const key = keyOf(id);
    const slot = this.#slotOf(key);
    const taken = this.#slots[slot] ?? 0;
    if (taken !== 0) return taken - 1;
    this.#append(key, this.#texts.add(key.flag === 0 ? source : `${id.length}:${id}${source}`));
    this.#slots[slot] = this.#size;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return this.#size - 1;
  }

  idAt(number: number): string {
    const { page, from } = this.#row(number);
    if (this.#isTextId(number)) {
      const text = this.#textAt(number);
      const begin = text.indexOf(':') + 1;
      return text.slice(begin, begin + Number(text.slice(0, begin - 1)));
    }
    const digits = Array.from(page.subarray(from, from + keyWords), (word) => word.toString(16).padStart(8, '0'));
    return digits.join('');
  }

  sourceAt(number: number): string {
    const text = this.#textAt(number);
    if (!this.#isTextId(number)) return text;
    const begin = text.indexOf(':') + 1;
    return text.slice(begin + Number(text.slice(0, begin - 1)));
  }

  #append({ words, flag }: Key, place: number): void {
    if (this.#size === this.#pages.length * rowsPerPage) this.#pages.push(new Uint32Array(rowsPerPage * rowWords));
    const { page, from } = this.#row(this.#size);
    page.set(words, from);
    page[from + keyWords] = place >>> 0;
    page[from + keyWords + 1] = Math.floor(place / 2 ** 32) | flag;
    this.#size += 1;
  }

  #row(number: number): { readonly page: Uint32Array; readonly from: number } {
    const page = this.#pages[Math.floor(number / rowsPerPage)];
    if (page === undefined) throw new RangeError(`no id has the number ${number}`);
    return { page, from: (number % rowsPerPage) * rowWords };
  }

  #isTextId(number: number): boolean {
    const { page, from } = this.#row(number);
    return (page[from + keyWords + 1] ?? 0) >= textIdFlag;
  }

  #textAt(number: number): string {
    const { page, from } = this.#row(number);
    const upper = (page[from + keyWords + 1] ?? 0) % textIdFlag;
    return this.#texts.at(upper * 2 ** 32 + (page[from + keyWords] ?? 0));
  }

  /** Where the key's number stands, or where it would. */
  #slotOf(key: Key): number {
    const last = this.#slots.length - 1;
    for (let slot = hashToWords(key.words) & last; ; slot = (slot + 1) & last) {
      const taken = this.#slots[slot] ?? 0;
      if (taken === 0 || this.#has(taken - 1, key)) return slot;
    }
  }

  #has(number: number, { words, flag }: Key): boolean {
    const { page, from } = this.#row(number);
    for (let word = 0; word < keyWords; word += 1) if (page[from + word] !== words[word]) return false;
    return this.#isTextId(number) === (flag !== 0);
  }

  #grow(): void {
    const last = this.#slots.length * 2 - 1;
    this.#slots = new Uint32Array(last + 1);
    for (let number = 0; number < this.#size; number += 1) {
      const { page, from } = this.#row(number);
      let slot = hashToWords(page.subarray(from, from + keyWords)) & last;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & last;
      this.#slots[slot] = number + 1;
    }
  }
}

/** Hex digits are the key themselves; any other id has 128 bits of its SHA-256, which no two ids share. */
function keyOf(id: string): Key {
  const isHex = /^[0-9a-f]{32}$/.test(id);
  const digits = isHex ? id : createHash('sha256').update(id).digest('hex');
  const word = (index: number): number => parseInt(digits.slice(index * 8, index * 8 + 8), 16);
  return { words: [word(0), word(1), word(2), word(3)], flag: isHex ? 0 : textIdFlag };
}

/** Spreads keys that count up, as ids made elsewhere may do, over all slots. */
function hashToWords(words: ArrayLike<number>): number {
  let hash = 0;
  for (let word = 0; word < keyWords; word += 1) {
    hash = Math.imul(hash ^ (words[word] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}
