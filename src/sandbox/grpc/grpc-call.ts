import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { GrpcError, grpcCodes, trailersOf } from './grpc-status.js';
import { frameOf } from './message-frame.js';
import type { ReceiveBudget } from './receive-budget.js';
import { type ReceivedMessage, receiveMessage } from './receive-message.js';

const timeoutForm = /^(\d{1,8})([HMSmun])$/;
const msByUnit: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };
// Longer than this a timer cannot be set
const maxTimerMs = 2 ** 31 - 1;
// An answer that is not read for so long is given up
const silenceMs = 30_000;

const answerHeaders = {
  ':status': 200,
  'content-type': 'application/grpc',
  'grpc-accept-encoding': 'identity,gzip',
} as const;

/** One call: a stream of its own, with one message in and one out. */
export class GrpcCall {
  readonly headers: IncomingHttpHeaders;
  /** Aborted, with a GrpcError, when the call has no use any more: at its deadline, when the client or server leaves. */
  readonly signal: AbortSignal;
  readonly #stream: ServerHttp2Stream;
  readonly #budget: ReceiveBudget;
  readonly #closed: Promise<void>;

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, facts: CallFacts) {
    this.headers = headers;
    this.#stream = stream;
    this.#budget = facts.budget;
    const ended = new AbortController();
    const end = (code: GrpcError['code'], message: string) => (): void => {
      ended.abort(new GrpcError(code, message));
    };
    const onClosing = end(grpcCodes.unavailable, 'The sandbox is closing.');
    if (facts.closing.aborted) onClosing();
    facts.closing.addEventListener('abort', onClosing, { once: true });
    const timeoutMs = timeoutOf(headers['grpc-timeout']);
    const deadline =
      timeoutMs !== undefined && setTimeout(end(grpcCodes.deadlineExceeded, 'The deadline has passed.'), timeoutMs);
    this.signal = ended.signal;
    this.#closed = new Promise((resolve) => {
      stream.on('error', () => undefined); // 'close' follows
      stream.once('close', () => {
        if (deadline !== false) clearTimeout(deadline);
        facts.closing.removeEventListener('abort', onClosing);
        end(grpcCodes.cancelled, 'The client has left.')();
        resolve();
      });
    });
  }

  get path(): string {
    return this.headers[':path'] ?? '';
  }

  receive(): Promise<ReceivedMessage> {
    const encoding = this.headers['grpc-encoding'];
    return receiveMessage({
      stream: this.#stream,
      encoding: typeof encoding === 'string' ? encoding : '',
      budget: this.#budget,
      signal: this.signal,
    });
  }

  /** Answers with a message, and resolves when it has been taken or the call has ended. */
  async sendMessage(message: Uint8Array): Promise<void> {
    const stream = this.#stream;
    if (stream.closed || stream.destroyed) return;
    stream.respond(answerHeaders, { waitForTrailers: true });
    stream.once('wantTrailers', () => {
      stream.sendTrailers(trailersOf(grpcCodes.ok));
    });
    await this.#end(() => stream.end(frameOf(message)));
  }

  /** Ends the call without a message. */
  async sendError({ code, message }: GrpcError): Promise<void> {
    await this.#endEmpty({ ...answerHeaders, ...trailersOf(code, message) });
  }

  /** Refuses a request that is not a gRPC call. */
  async sendHttpStatus(status: number): Promise<void> {
    await this.#endEmpty({ ':status': status });
  }

  /** Sends the first half of an answer, then breaks the connection. */
  async sendHalf(message: Uint8Array): Promise<void> {
    const frame = frameOf(message);
    if (this.#stream.closed || this.#stream.destroyed) return;
    this.#stream.respond(answerHeaders);
    this.#stream.write(frame.subarray(0, Math.floor(frame.length / 2)), () => {
      this.drop();
    });
    await this.#closed;
  }

  /** Breaks the connection, as a network that fails does: whatever else is going on over it ends too. */
  drop(): void {
    this.#stream.session?.destroy();
  }

  async #endEmpty(headers: Readonly<Record<string, string | number>>): Promise<void> {
    const stream = this.#stream;
    if (stream.closed || stream.destroyed || stream.headersSent) return;
    await this.#end(() => {
      stream.respond(headers, { endStream: true });
    });
  }

  async #end(send: () => void): Promise<void> {
    const stream = this.#stream;
    stream.setTimeout(silenceMs, () => {
      stream.close(constants.NGHTTP2_CANCEL);
    });
    // The answer is whole: what the client has not sent of its request is not wanted any more. At once that would
    // overtake the answer, which is written in the next turn
    stream.once('finish', () => {
      setImmediate(() => {
        if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
      });
    });
    send();
    stream.resume();
    await this.#closed;
  }
}

/** State that all calls of a server share. */
export interface CallFacts {
  readonly budget: ReceiveBudget;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
}

function timeoutOf(header: string | readonly string[] | undefined): number | undefined {
  const [, digits = '', unit = ''] = timeoutForm.exec(typeof header === 'string' ? header : '') ?? [];
  const ms = Number(digits) * (msByUnit[unit] ?? 0);
  return digits === '' ? undefined : Math.min(ms, maxTimerMs);
}
