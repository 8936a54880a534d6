// What both floors share. The floor of an upload does the same work as the tool and takes no care: each file is read and
// hashed by one worker thread, read again and sent by the main thread over four bare connections. Nothing is looked up,
// checked, tried again or reported, so what the tool takes beyond it is the price of its care.
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { URL } from 'node:url';
import { Worker } from 'node:worker_threads';

const lanes = 4;
/** Of one request, in inputs and in raw bytes. */
const maxInputs = 128;
const maxBytes = 75_000_000;

/** @typedef {{ path: string, size: number }} File */

/** Cuts the files of a folder into batches, in the order of their names. @returns {File[][]} */
function cutBatches(folder) {
  const batches = [];
  let bytes = Infinity;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const { size } = statSync(path);
    if (bytes + size > maxBytes || batches.at(-1).length === maxInputs) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1).push({ path, size });
    bytes += size;
  }
  return batches;
}

/**
 * Sends all files of a folder; each lane takes the next batch whose files are hashed.
 *
 * @param {string} folder
 * @param {() => Promise<{ send(batch: File[], ids: string[]): Promise<void>, close(): void }>} openLane
 */
export async function sendAll(folder, openLane) {
  const batches = cutBatches(folder);
  const paths = batches.map((batch) => batch.map(({ path }) => path));
  const worker = new Worker(new URL('hash-thread.mjs', import.meta.url), { workerData: paths });
  const hashed = new Map();
  worker.on('message', ({ index, ids }) => hashed.set(index, ids));
  const idsOf = async (index) => {
    while (!hashed.has(index)) await once(worker, 'message');
    return hashed.get(index);
  };
  let next = 0;
  const run = async () => {
    const lane = await openLane();
    for (let index = next++; index < batches.length; index = next++) {
      await lane.send(batches[index], await idsOf(index));
    }
    lane.close();
  };
  await Promise.all(Array.from({ length: lanes }, run));
}

/** Reads a file piece by piece into one buffer. @yields {number} the bytes that the buffer holds */
export function* readPieces(path, buffer) {
  const fd = openSync(path, 'r');
  try {
    for (let length = readSync(fd, buffer); length > 0; length = readSync(fd, buffer)) yield length;
  } finally {
    closeSync(fd);
  }
}

/** Two buffers in turn, each filled while the other is written. */
export class OutBuffers {
  #write;
  #spare;
  #taken = Promise.resolve();
  bytes;
  used = 0;

  /** @param {(bytes: Buffer, taken: () => void) => void} write */
  constructor(size, allocate, write) {
    this.#write = write;
    this.bytes = allocate(size);
    this.#spare = allocate(size);
  }

  /** Resolves once `length` more bytes fit. */
  async reserve(length) {
    if (this.used + length > this.bytes.length) await this.flush();
  }

  /** Hands over what is filled, and goes on with the other buffer once that was taken. */
  async flush() {
    if (this.used === 0) return;
    const filled = this.bytes.subarray(0, this.used);
    const before = this.#taken;
    this.#taken = new Promise((resolve) => this.#write(filled, resolve));
    await before;
    [this.bytes, this.#spare] = [this.#spare, this.bytes];
    this.used = 0;
  }
}
