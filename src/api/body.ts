import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import type { Json, JsonObject, MediaKind, WireConcept, WireGeo } from '../wire/messages.js';
import type { RequestBody } from './exchange.js';
import { FileChangedError } from './failures.js';

/**
 * Raw bytes encoded at once: a multiple of 3, so that pieces join without padding, and small enough that the text
 * (4/3 of it) stays under 128 KiB, where V8's large-object space begins and encoding gets eight times slower.
 */
export const pieceBytes = 48 * 1024;
const pieceTextBytes = (pieceBytes / 3) * 4;
/** A whole number of pieces. */
const readBytes = 8 * pieceBytes;
const outBytes = 1024 * 1024;
/** Reading at once beats reading asynchronously up to about this size. */
const syncReadBytes = 1024 * 1024;

/** A file as it was when its id was made; if it is not that any more, nothing of it may be sent. */
export interface FileContent {
  readonly at: 'file';
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  /** Bytes of its encoded form in the body. */
  readonly encodedBytes: number;
}

export type InputContent =
  | FileContent
  | { readonly at: 'url'; readonly url: string; readonly allowDuplicate: boolean }
  | { readonly at: 'text'; readonly text: string };

/** An input to add, as this tool thinks of it. */
export interface NewInput {
  /** Undefined: the service makes one. */
  readonly id: string | undefined;
  readonly kind: MediaKind;
  readonly content: InputContent;
  readonly concepts: readonly WireConcept[];
  readonly metadata: JsonObject | undefined;
  readonly geo: WireGeo | undefined;
  readonly datasetIds: readonly string[];
}

/** Length of base64 text with padding. */
export function base64Bytes(rawBytes: number): number {
  return Math.ceil(rawBytes / 3) * 4;
}

/** Bytes that an input takes in a request body, its comma included. */
export function encodedBytes(input: NewInput): number {
  const { head, tail } = frame(input);
  const media = input.content.at === 'file' ? input.content.encodedBytes : 0;
  return Buffer.byteLength(head) + media + Buffer.byteLength(tail) + 1;
}

/** Bytes of a request body around its inputs. */
export const envelopeBytes = '{"inputs":[]}'.length;

/** An input as the API spells it, with a stand-in for a file's bytes. */
export function wireInput(input: NewInput, bytes: string): JsonObject {
  const { content, kind } = input;
  const media: Record<string, Json> = {};
  if (content.at === 'url') {
    media['url'] = content.url;
    if (content.allowDuplicate) media['allow_duplicate_url'] = true;
  } else if (content.at === 'text') media['raw'] = content.text;
  else media[kind === 'text' ? 'raw' : 'base64'] = bytes;
  const data: Record<string, Json> = { [kind]: media };
  if (input.concepts.length > 0) data['concepts'] = input.concepts.map((concept) => ({ ...concept }));
  if (input.metadata !== undefined) data['metadata'] = input.metadata;
  if (input.geo !== undefined) data['geo'] = { geo_point: { ...input.geo.geo_point } };
  return {
    ...(input.id !== undefined && { id: input.id }),
    data,
    ...(input.datasetIds.length > 0 && { dataset_ids: [...input.datasetIds] }),
  };
}

/** Buffers that one lane encodes into, request after request. */
export interface EncodeBuffers {
  readonly input: Buffer;
  /** In turn: one is on its way to the socket while the other is filled. */
  readonly outputs: readonly [Buffer, Buffer];
}

/** Slow buffers, so that they are not cut from a pool that others hold. */
export function encodeBuffers(): EncodeBuffers {
  return {
    input: Buffer.allocUnsafeSlow(readBytes),
    outputs: [Buffer.allocUnsafeSlow(outBytes), Buffer.allocUnsafeSlow(outBytes)],
  };
}

/**
 * The body of `POST /inputs`, streamed from the files each time it is asked for, so that memory stays flat.
 * Its chunks throw FileChangedError where a file is not what it was.
 *
 * @param sending - told how many raw bytes went out in the present try
 */
export function postInputsBody(
  inputs: readonly NewInput[],
  buffers: EncodeBuffers,
  sending: { bytes: number },
): RequestBody {
  const lengthBytes = inputs.reduce((sum, input) => sum + encodedBytes(input), envelopeBytes) - 1;
  const begin = async function* (): AsyncGenerator<Buffer> {
    sending.bytes = 0;
    for await (const chunk of chunks(inputs, buffers)) {
      yield chunk;
      sending.bytes += Math.floor((chunk.length / 4) * 3);
    }
  };
  return { lengthBytes, chunks: begin };
}

async function* chunks(inputs: readonly NewInput[], buffers: EncodeBuffers): AsyncGenerator<Buffer> {
  const out = new Output(buffers.outputs);
  yield* out.text('{"inputs":[');
  for (const [index, input] of inputs.entries()) {
    const { head, tail } = frame(input);
    yield* out.text(index === 0 ? head : `,${head}`);
    if (input.content.at === 'file') yield* fileChunks(input, { index, out, buffer: buffers.input });
    yield* out.text(tail);
  }
  yield* out.text(']}');
  yield out.take();
}

/** The JSON of an input before and after its file's bytes. */
function frame(input: NewInput): { readonly head: string; readonly tail: string } {
  const json = JSON.stringify(wireInput(input, ''));
  if (input.content.at !== 'file') return { head: json, tail: '' };
  const empty = input.kind === 'text' ? '{"raw":""}' : '{"base64":""}';
  // the first one is ours: an id can't hold a quote
  const cut = json.indexOf(empty) + empty.length - 2;
  return { head: json.slice(0, cut), tail: json.slice(cut) };
}

/** Fills two buffers in turn. */
class Output {
  readonly #buffers: readonly [Buffer, Buffer];
  #turn: 0 | 1 = 0;
  #used = 0;

  constructor(buffers: readonly [Buffer, Buffer]) {
    this.#buffers = buffers;
  }

  /** What was filled; the next bytes go into the other buffer. */
  take(): Buffer {
    const full = this.#buffers[this.#turn].subarray(0, this.#used);
    this.#turn = this.#turn === 0 ? 1 : 0;
    this.#used = 0;
    return full;
  }

  *text(text: string): Generator<Buffer> {
    const bytes = Buffer.from(text);
    for (let from = 0; from < bytes.length;) {
      if (this.#used === outBytes) yield this.take();
      const taken = bytes.copy(this.#buffers[this.#turn], this.#used, from);
      this.#used += taken;
      from += taken;
    }
  }

  *base64(raw: Buffer, length: number): Generator<Buffer> {
    for (let from = 0; from < length; from += pieceBytes) {
      if (outBytes - this.#used < pieceTextBytes) yield this.take();
      const text = raw.toString('base64', from, Math.min(length, from + pieceBytes));
      this.#used += this.#buffers[this.#turn].write(text, this.#used, 'latin1');
    }
  }
}

interface FilePlace {
  readonly index: number;
  readonly out: Output;
  readonly buffer: Buffer;
}

async function* fileChunks(input: NewInput, place: FilePlace): AsyncGenerator<Buffer> {
  const { content } = input;
  if (content.at !== 'file') return;
  try {
    if (input.kind === 'text') yield* textChunks(content, place);
    else if (content.sizeBytes <= syncReadBytes) yield* smallFileChunks(content, place);
    else yield* largeFileChunks(content, place);
  } catch (error) {
    if (error instanceof FileChangedError) throw error;
    throw new FileChangedError(place.index, { cause: error });
  }
}

/** Text is at most 20 MB: read whole, escaped as JSON. */
async function* textChunks(content: FileContent, place: FilePlace): AsyncGenerator<Buffer> {
  const text = await readFile(content.path, 'utf8');
  const json = JSON.stringify(text).slice(1, -1);
  if (Buffer.byteLength(json) !== content.encodedBytes) throw new FileChangedError(place.index);
  yield* place.out.text(json);
}

function* smallFileChunks(content: FileContent, place: FilePlace): Generator<Buffer> {
  const fd = openSync(content.path, 'r');
  try {
    mustBeUnchanged(fstatSync(fd), content, place.index);
    let left = content.sizeBytes;
    while (left > 0) {
      const filled = fill((from) => readSync(fd, place.buffer, from, place.buffer.length - from, null), left);
      if (filled === 0) throw new FileChangedError(place.index);
      left -= filled;
      yield* place.out.base64(place.buffer, filled);
    }
    mustBeUnchanged(fstatSync(fd), content, place.index);
  } finally {
    closeSync(fd);
  }
}

function fill(read: (from: number) => number, left: number): number {
  let filled = 0;
  while (filled < readBytes && filled < left) {
    const got = read(filled);
    if (got === 0) break;
    filled += got;
  }
  return Math.min(filled, left);
}

async function* largeFileChunks(content: FileContent, place: FilePlace): AsyncGenerator<Buffer> {
  const file = await open(content.path, 'r');
  try {
    mustBeUnchanged(await file.stat(), content, place.index);
    let left = content.sizeBytes;
    while (left > 0) {
      const filled = await filledFrom(file, place.buffer, Math.min(left, readBytes));
      if (filled === 0) throw new FileChangedError(place.index);
      left -= filled;
      yield* place.out.base64(place.buffer, filled);
    }
    mustBeUnchanged(await file.stat(), content, place.index);
  } finally {
    await file.close();
  }
}

/** @returns bytes read: fewer than wanted only at the file's end */
async function filledFrom(file: FileHandle, buffer: Buffer, want: number): Promise<number> {
  let filled = 0;
  while (filled < want) {
    const { bytesRead } = await file.read(buffer, filled, want - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

function mustBeUnchanged(stat: { size: number; mtimeMs: number }, content: FileContent, index: number): void {
  if (stat.size !== content.sizeBytes || stat.mtimeMs !== content.mtimeMs) throw new FileChangedError(index);
}
