import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Json, JsonObject } from '../../wire/json.js';
import type { RequestBody } from './exchange.js';
import { FileChangedError } from '../errors.js';
import { readFlags, type NewAnnotations, type FileContent, type NewInput } from '../new-input.js';
import type { UploadProgress } from '../service.js';

/**
 * Raw bytes encoded at once: a multiple of 3, so that pieces join without padding, and small enough that the text
 * (4/3 of it) stays under 128 KiB, where V8's large-object space begins and encoding gets eight times slower.
 */
export const pieceBytes = 48 * 1024;
const pieceTextBytes = (pieceBytes / 3) * 4;
/** A whole number of pieces. */
const readBytes = 8 * pieceBytes;
const outBytes = 512 * 1024;

/** Length of base64 text with padding. */
export function base64Bytes(rawBytes: number): number {
  return Math.ceil(rawBytes / 3) * 4;
}

/** Bytes that an input takes in a request body, its comma included. */
export function encodedBytes(input: NewInput): number {
  return framedBytes({ input, ...frame(input) });
}

/** Bytes of a request body around its inputs. */
export const emptyBodyBytes = '{"inputs":[]}'.length;

/** An input as the API spells it, with a stand-in for a file's bytes. */
export function wireInput(input: NewInput, bytes: string): JsonObject {
  const { content, kind } = input;
  const media: Record<string, Json> = {};
  if (content.at === 'url') {
    media['url'] = content.url;
    if (content.allowDuplicate) media['allow_duplicate_url'] = true;
  } else if (content.at === 'text') media['raw'] = content.text;
  else media[kind === 'text' ? 'raw' : 'base64'] = bytes;
  const wire: Record<string, Json> = {};
  if (input.id !== undefined) wire['id'] = input.id;
  wire['data'] = { [kind]: media, ...annotationFields(input) };
  if (input.datasetIds.length > 0) wire['dataset_ids'] = [...input.datasetIds];
  return wire;
}

/** The data of an input beside its media. */
export function annotationFields({ concepts, metadata, geo, textBeside }: NewAnnotations): JsonObject {
  const data: Record<string, Json> = {};
  if (concepts.length > 0) data['concepts'] = concepts.map((concept) => ({ ...concept }));
  if (metadata !== undefined) data['metadata'] = metadata;
  if (geo !== undefined) data['geo'] = { geo_point: { ...geo.geo_point } };
  if (textBeside !== undefined) data['text'] = { raw: textBeside };
  return data;
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
 * @param upload - told how many raw bytes went out in the present try
 */
export function postInputsBody(
  inputs: readonly NewInput[],
  buffers: EncodeBuffers,
  upload: UploadProgress,
): RequestBody {
  const framed = inputs.map((input) => ({ input, ...frame(input) }));
  const lengthBytes = framed.reduce((sum, one) => sum + framedBytes(one), emptyBodyBytes) - 1;
  const begin = function* (): Generator<Buffer> {
    upload.bytes = 0;
    for (const chunk of chunks(framed, buffers)) {
      yield chunk;
      upload.bytes += Math.floor((chunk.length / 4) * 3);
    }
  };
  return { lengthBytes, chunks: begin };
}

function* chunks(framed: readonly Framed[], buffers: EncodeBuffers): Generator<Buffer> {
  const out = new Output(buffers.outputs);
  yield* out.text('{"inputs":[');
  for (const [index, { input, head, tail }] of framed.entries()) {
    yield* out.text(index === 0 ? head : `,${head}`);
    const { content, kind } = input;
    if (content.at === 'file') {
      yield* fileChunks(content, { index, out, buffer: buffers.input, isText: kind === 'text' });
    }
    yield* out.text(tail);
  }
  yield* out.text(']}');
  yield out.take();
}

/** An input with its JSON before and after its file's bytes. */
interface Framed {
  readonly input: NewInput;
  readonly head: string;
  readonly tail: string;
}

function framedBytes({ input, head, tail }: Framed): number {
  const media = input.content.at === 'file' ? mediaBytes(input.content) : 0;
  return Buffer.byteLength(head) + media + Buffer.byteLength(tail) + 1;
}

/** Bytes of a file in its encoded form. */
function mediaBytes({ sizeBytes, jsonTextBytes }: FileContent): number {
  return jsonTextBytes ?? base64Bytes(sizeBytes);
}

function frame(input: NewInput): Omit<Framed, 'input'> {
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

  /** The filled part; the next bytes go into the other buffer. */
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
  readonly isText: boolean;
}

/**
 * Read without leaving the main thread: the file was hashed a moment ago and lies in memory, and handing each piece to
 * another thread would take longer than to copy it.
 */
function* fileChunks(content: FileContent, { index, out, buffer, isText }: FilePlace): Generator<Buffer> {
  let fd: number | undefined;
  try {
    fd = openSync(content.path, readFlags);
    assertUnchanged(fd, content);
    if (isText) yield* out.text(escapedText(fd, content));
    else yield* pieces(fd, content, { out, buffer });
    assertUnchanged(fd, content);
  } catch (error) {
    throw new FileChangedError(index, { cause: error });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Text is at most 20 MB: read whole, escaped as JSON. */
function escapedText(fd: number, content: FileContent): string {
  const json = JSON.stringify(readFileSync(fd, 'utf8')).slice(1, -1);
  if (Buffer.byteLength(json) !== content.jsonTextBytes) throw new Error('another text');
  return json;
}

function* pieces(
  fd: number,
  content: FileContent,
  { out, buffer }: Pick<FilePlace, 'out' | 'buffer'>,
): Generator<Buffer> {
  for (let left = content.sizeBytes; left > 0;) {
    const length = fillBuffer(fd, buffer.subarray(0, Math.min(left, readBytes)));
    if (length === 0) throw new Error('shorter than it was');
    left -= length;
    yield* out.base64(buffer, length);
  }
}

/** @returns bytes read: fewer than there is room for only at the file's end */
function fillBuffer(fd: number, buffer: Buffer): number {
  let length = 0;
  while (length < buffer.length) {
    const got = readSync(fd, buffer, length, buffer.length - length, null);
    if (got === 0) break;
    length += got;
  }
  return length;
}

function assertUnchanged(fd: number, content: FileContent): void {
  const { size, mtimeMs } = fstatSync(fd);
  if (size !== content.sizeBytes || mtimeMs !== content.mtimeMs) throw new Error('another file');
}
