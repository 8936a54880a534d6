import type { ServerHttp2Stream } from 'node:http2';
import { createGunzip } from 'node:zlib';
import { GrpcError, grpcCodes } from './grpc-status.js';
import { type FramePrefix, MessageFrame, maxMessageBytes, tooLarge } from './message-frame.js';
import type { ReceiveBudget } from './receive-budget.js';

/** The limits and memory that a message is received within. */
export interface Receiver {
  readonly stream: ServerHttp2Stream;
  /** From the header grpc-encoding. */
  readonly encoding: string;
  readonly budget: ReceiveBudget;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

export interface ReceivedMessage {
  readonly bytes: Buffer;
  /** Tells that the bytes are used no more. */
  readonly release: () => void;
}

// Smaller messages do not wait for large ones
const smallBytes = 256 * 1024;
const silenceMs = 30_000;

/** Receives the one message of a call. Throws a GrpcError for what is none. */
export async function receiveMessage(receiver: Receiver): Promise<ReceivedMessage> {
  const frame = new MessageFrame();
  const prefix = await new PieceReader(receiver, frame).readPrefix();
  const isZipped = checkEncoding(prefix, receiver.encoding);
  const release = await takeRoom(prefix.length, receiver);
  try {
    frame.begin();
    await new PieceReader(receiver, frame).readToEnd();
    return isZipped ? await unzip(frame.complete(), receiver, release) : { bytes: frame.complete(), release };
  } catch (thrown) {
    release();
    throw thrown;
  }
}

function checkEncoding({ isCompressed }: FramePrefix, encoding: string): boolean {
  if (!isCompressed) return false;
  if (encoding === 'gzip') return true;
  throw new GrpcError(grpcCodes.unimplemented, `Compressed as ${encoding || 'nothing'}: only gzip can be read.`);
}

async function takeRoom(bytes: number, { budget, signal }: Receiver): Promise<() => void> {
  return bytes > smallBytes ? await budget.take(bytes, signal) : () => undefined;
}

/** Hands the pieces of a stream to a frame. */
class PieceReader {
  readonly #receiver: Receiver;
  readonly #frame: MessageFrame;

  constructor(receiver: Receiver, frame: MessageFrame) {
    this.#receiver = receiver;
    this.#frame = frame;
  }

  async readPrefix(): Promise<FramePrefix> {
    await this.#readUntil(() => this.#frame.prefix !== undefined);
    const { prefix } = this.#frame;
    if (prefix === undefined) throw new GrpcError(grpcCodes.internal, 'The request holds no message.');
    return prefix;
  }

  async readToEnd(): Promise<void> {
    await this.#readUntil(() => false);
  }

  /** Reads until the stream ends or enough is there, and leaves it paused. */
  #readUntil(isEnough: () => boolean): Promise<void> {
    const { stream, signal } = this.#receiver;
    if (stream.readableEnded) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        stream.pause().setTimeout(0);
        stream.off('data', onData).off('end', onEnd);
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      const onAbort = (): void => {
        finish(() => {
          reject(signal.reason instanceof Error ? signal.reason : new Error('the call has ended'));
        });
      };
      const onEnd = (): void => {
        finish(resolve);
      };
      const onData = (piece: Buffer): void => {
        try {
          this.#frame.add(piece);
          if (isEnough()) finish(resolve);
        } catch (thrown) {
          finish(() => {
            reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
          });
        }
      };
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) {
        onAbort();
        return;
      }
      stream.setTimeout(silenceMs, () => {
        finish(() => {
          reject(new GrpcError(grpcCodes.cancelled, `No byte of the request came for ${silenceMs / 1000} seconds.`));
        });
      });
      stream.on('data', onData).on('end', onEnd).resume();
    });
  }
}

/** A compressed message may expand enormously, so beyond a small size it takes room of its own. */
async function unzip(zipped: Buffer, receiver: Receiver, release: () => void): Promise<ReceivedMessage> {
  const gunzip = createGunzip();
  gunzip.end(zipped);
  const pieces: Buffer[] = [];
  let size = 0;
  let releaseRoom = release;
  try {
    for await (const piece of gunzip) {
      if (!Buffer.isBuffer(piece)) continue;
      if (size <= smallBytes && size + piece.length > smallBytes) {
        release();
        releaseRoom = await receiver.budget.take(maxMessageBytes, receiver.signal);
      }
      size += piece.length;
      if (size > maxMessageBytes) throw tooLarge();
      pieces.push(piece);
    }
  } catch (thrown) {
    releaseRoom();
    if (thrown instanceof GrpcError) throw thrown;
    throw new GrpcError(grpcCodes.internal, 'The message cannot be decompressed.');
  }
  return { bytes: Buffer.concat(pieces), release: releaseRoom };
}
