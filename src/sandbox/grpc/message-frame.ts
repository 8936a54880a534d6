import { GrpcError, grpcCodes } from './grpc-status.js';

/** Bytes that a message has at most: the limit of the vendor's clients, and room for what is not files. */
export const maxMessageBytes = 129 * 1024 * 1024;

const prefixLength = 5;

/** The prefix of five bytes before a message. */
export interface FramePrefix {
  readonly isCompressed: boolean;
  readonly length: number;
}

/** Gathers the one message of a call from the pieces in which it comes, each copied to its place at once. */
export class MessageFrame {
  readonly #prefix = Buffer.alloc(prefixLength);
  #prefixFilled = 0;
  #message: Buffer | undefined;
  #filled = 0;
  /** Pieces that came before there was room for the message. */
  #early: Buffer[] = [];

  /** Undefined until its five bytes are there. */
  get prefix(): FramePrefix | undefined {
    if (this.#prefixFilled < prefixLength) return undefined;
    return { isCompressed: this.#prefix[0] === 1, length: this.#prefix.readUInt32BE(1) };
  }

  /** Makes the room. It is not written to here, so that a length that lies takes no memory. */
  begin(): void {
    this.#message = Buffer.allocUnsafe(this.prefix?.length ?? 0);
    const early = this.#early;
    this.#early = [];
    for (const piece of early) this.add(piece);
  }

  /** Throws a GrpcError for a length beyond the limit, and for more than one message. */
  add(piece: Buffer): void {
    const rest = this.#addPrefix(piece);
    if (rest.length === 0) return;
    if (this.#message === undefined) {
      this.#early.push(rest);
      return;
    }
    if (this.#filled + rest.length > this.#message.length) {
      throw new GrpcError(grpcCodes.internal, 'The request holds more than one message.');
    }
    this.#filled += rest.copy(this.#message, this.#filled);
  }

  /** The message, once its sender has ended. */
  complete(): Buffer {
    if (this.#message === undefined || this.#filled < this.#message.length) {
      throw new GrpcError(grpcCodes.internal, 'The request ends before its message does.');
    }
    return this.#message;
  }

  #addPrefix(piece: Buffer): Buffer {
    const wanted = prefixLength - this.#prefixFilled;
    if (wanted === 0) return piece;
    this.#prefixFilled += piece.copy(this.#prefix, this.#prefixFilled, 0, wanted);
    const { length = 0 } = this.prefix ?? {};
    if (length > maxMessageBytes) throw tooLarge();
    return piece.subarray(wanted);
  }
}

/** A message as it goes over the wire, not compressed. */
export function frameOf(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(prefixLength + message.length);
  frame.writeUInt8(0, 0);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, prefixLength);
  return frame;
}

/** The error for a message beyond the limit. */
export function tooLarge(): GrpcError {
  return new GrpcError(grpcCodes.resourceExhausted, `A message holds at most ${maxMessageBytes} bytes.`);
}
