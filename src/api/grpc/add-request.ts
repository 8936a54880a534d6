import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { UserAppIDSet } from '../../wire/proto/accounts_pb.js';
import { DataSchema, InputSchema } from '../../wire/proto/inputs_pb.js';
import { PostInputsRequestSchema } from '../../wire/proto/requests/inputs_pb.js';
import { FileChangedError } from '../errors.js';
import { readFlags, type FileContent, type NewInput } from '../new-input.js';
import type { UploadProgress } from '../service.js';
import { messagePrefix } from './frames.js';
import { annotationData, inputMessage } from './messages.js';

/** Bytes that are written at once: with less, a gigabyte costs half as much CPU time again. */
export const writeBytes = 512 * 1024;

/** A body of known length that can be made again for another try. */
export interface MessageBody {
  readonly lengthBytes: number;
  /** A chunk holds until the next one is asked for. */
  chunks(): Iterable<Uint8Array>;
}

export interface AddRequest {
  /** Undefined for the key's own app. */
  readonly scope: UserAppIDSet | undefined;
  readonly inputs: readonly NewInput[];
  /** Where chunks are put together: `writeBytes` long, used by one request at a time. */
  readonly buffer: Buffer;
  readonly upload: UploadProgress;
}

/**
 * The message of `PostInputs` with its prefix, framed here since the library would need it whole: lengths are computed
 * from the files' sizes, and the files' bytes are read as they are sent. Its chunks throw FileChangedError where a file
 * is not what it was; the message is incomplete at that point, so the service adds nothing.
 */
export function addRequestBody(request: AddRequest): MessageBody {
  const parts = request.inputs.map((input) => encodeInput(input));
  const { scope: userAppId } = request;
  const scope = toBinary(PostInputsRequestSchema, create(PostInputsRequestSchema, userAppId && { userAppId }));
  const messageBytes = parts.reduce((sum, part) => sum + encodedBytes(part), scope.length);
  const prefix = messagePrefix(messageBytes);
  return {
    lengthBytes: prefix.length + messageBytes,
    chunks: () => writeChunks([prefix, scope], parts, request),
  };
}

/** Bytes that an input takes in the message. */
export function encodedInputBytes(input: NewInput): number {
  return encodedBytes(encodeInput(input));
}

/** An input as it stands in the message: what comes before its file's bytes, and after. */
interface EncodedInput {
  readonly head: Uint8Array;
  readonly file: FileContent | undefined;
  readonly tail: Uint8Array;
}

function encodedBytes({ head, file, tail }: EncodedInput): number {
  return head.length + (file?.sizeBytes ?? 0) + tail.length;
}

const nothing = new Uint8Array();

/** Fields come in the order of their numbers, as the library writes them. */
function encodeInput(input: NewInput): EncodedInput {
  const { content } = input;
  if (content.at !== 'file') {
    const whole = toBinary(InputSchema, inputMessage(input));
    return { head: delimited(inputsField, whole.length, whole), file: undefined, tail: nothing };
  }
  const annotations = toBinary(DataSchema, annotationData(input));
  const { number, bytesNumber } = mediaFields[input.kind];
  const fileHead = delimited(bytesNumber, content.sizeBytes, nothing);
  const mediaHead = delimited(number, fileHead.length + content.sizeBytes, fileHead);
  const isMediaFirst = number < firstAnnotationNumber;
  const dataBytes = mediaHead.length + content.sizeBytes + annotations.length;
  const id = input.id === undefined ? nothing : toBinary(InputSchema, create(InputSchema, { id: input.id }));
  const datasets = toBinary(InputSchema, create(InputSchema, { datasetIds: [...input.datasetIds] }));
  const dataHead = delimited(dataField, dataBytes, isMediaFirst ? nothing : annotations);
  const inputBytes = id.length + delimited(dataField, dataBytes, nothing).length + dataBytes + datasets.length;
  return {
    head: delimited(inputsField, inputBytes, Buffer.concat([id, dataHead, mediaHead])),
    file: content,
    tail: isMediaFirst ? Buffer.concat([annotations, datasets]) : datasets,
  };
}

const inputsField = PostInputsRequestSchema.field.inputs.number;
const dataField = InputSchema.field.data.number;
/** The lowest-numbered field of Data, beside the media, that this tool sets. */
const firstAnnotationNumber = DataSchema.field.concepts.number;

/** Where a file's bytes go: a field of Data, and the field in that. */
const mediaFields: Readonly<Record<NewInput['kind'], { readonly number: number; readonly bytesNumber: number }>> = {
  image: { number: DataSchema.field.image.number, bytesNumber: 2 },
  video: { number: DataSchema.field.video.number, bytesNumber: 2 },
  audio: { number: DataSchema.field.audio.number, bytesNumber: 2 },
  text: { number: DataSchema.field.text.number, bytesNumber: 1 },
};

/** The head of a field whose content has so many bytes, and the first of these. */
function delimited(fieldNumber: number, lengthBytes: number, begin: Uint8Array): Uint8Array {
  return new BinaryWriter().tag(fieldNumber, WireType.LengthDelimited).uint32(lengthBytes).raw(begin).finish();
}

function* writeChunks(
  begin: readonly Uint8Array[],
  parts: readonly EncodedInput[],
  { buffer, upload }: AddRequest,
): Generator<Uint8Array> {
  upload.bytes = 0;
  const out = new ChunkWriter(buffer, upload);
  for (const bytes of begin) yield* out.copy(bytes);
  for (const [index, { head, file, tail }] of parts.entries()) {
    yield* out.copy(head);
    if (file !== undefined) yield* readFile(file, index, out);
    yield* out.copy(tail);
  }
  yield* out.flush();
}

/** Fills the buffer; what is full is given on only once more is to come, so that the last bytes wait for the last check. */
class ChunkWriter {
  readonly #buffer: Buffer;
  readonly #upload: UploadProgress;
  #used = 0;
  #fileBytes = 0;

  constructor(buffer: Buffer, upload: UploadProgress) {
    this.#buffer = buffer;
    this.#upload = upload;
  }

  *copy(bytes: Uint8Array): Generator<Uint8Array> {
    for (let from = 0; from < bytes.length;) {
      if (this.#used === this.#buffer.length) yield* this.flush();
      const taken = Math.min(bytes.length - from, this.#buffer.length - this.#used);
      this.#buffer.set(bytes.subarray(from, from + taken), this.#used);
      this.#used += taken;
      from += taken;
    }
  }

  /** Bytes of an open file, from where it stands. */
  *read(fd: number, lengthBytes: number): Generator<Uint8Array> {
    for (let leftBytes = lengthBytes; leftBytes > 0;) {
      if (this.#used === this.#buffer.length) yield* this.flush();
      const room = Math.min(leftBytes, this.#buffer.length - this.#used);
      const got = readSync(fd, this.#buffer, this.#used, room, null);
      if (got === 0) throw new Error('shorter than it was');
      this.#used += got;
      this.#fileBytes += got;
      leftBytes -= got;
    }
  }

  *flush(): Generator<Uint8Array> {
    yield this.#buffer.subarray(0, this.#used);
    this.#upload.bytes += this.#fileBytes;
    this.#used = 0;
    this.#fileBytes = 0;
  }
}

/**
 * Read without leaving the main thread: the file was hashed a moment ago and lies in memory, and handing each piece to
 * another thread would take longer than to copy it.
 */
function* readFile(file: FileContent, index: number, out: ChunkWriter): Generator<Uint8Array> {
  let fd: number | undefined;
  try {
    fd = openSync(file.path, readFlags);
    assertUnchanged(fd, file);
    yield* out.read(fd, file.sizeBytes);
    assertUnchanged(fd, file);
  } catch (error) {
    throw new FileChangedError(index, { cause: error });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function assertUnchanged(fd: number, file: FileContent): void {
  const { size, mtimeMs } = fstatSync(fd);
  if (size !== file.sizeBytes || mtimeMs !== file.mtimeMs) throw new Error('another file');
}
