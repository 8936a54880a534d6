import { constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import type { SendState } from '../network/send-state.js';
import { startStallTimer, type StallTimer } from '../network/stall-timer.js';
import type { MessageBody } from './add-request.js';
import { maxAnswerBytes, readMessage } from './frames.js';
import { NoHttp2Error } from '../errors.js';
import type { Lane, SessionPool } from './session-pool.js';

/** One request as it goes over the wire. */
export interface UnaryCall {
  /** `PostInputs`. */
  readonly method: string;
  /** The message with its prefix. */
  readonly body: MessageBody;
}

export interface GrpcWire {
  readonly pool: SessionPool;
  /** The service's host with its port, as URLs spell it. */
  readonly host: string;
  readonly key: string;
  /** For a pause while sending, and for the whole answer once all is sent. */
  readonly timeoutMs: number;
  readonly leaving: AbortSignal;
}

/** The other side's answer: a gRPC status, or HTTP's, from a gateway in front of the service. */
export type RawAnswer =
  | {
      readonly kind: 'grpc';
      readonly grpcStatus: number;
      /** The message of a status other than 0. */
      readonly reason: string;
      readonly message: Uint8Array | undefined;
      readonly headers: IncomingHttpHeaders;
    }
  | { readonly kind: 'http'; readonly httpStatus: number; readonly headers: IncomingHttpHeaders };

/** The other side has certainly not begun with a request: it can be sent again at once. */
class NotProcessedError extends Error {}

/** Sends one request and reads its answer whole. What the other side refused to begin with is sent once more. */
export async function callUnary(call: UnaryCall, wire: GrpcWire, state: SendState): Promise<RawAnswer> {
  try {
    return await tryUnary(call, wire, state);
  } catch (error) {
    if (!(error instanceof NotProcessedError)) throw error;
    return await tryUnary(call, wire, state);
  }
}

async function tryUnary(call: UnaryCall, wire: GrpcWire, state: SendState): Promise<RawAnswer> {
  state.sent = 'none';
  const stallTimer = startStallTimer(wire.timeoutMs, wire.leaving);
  let lane: Lane | undefined;
  try {
    lane = await wire.pool.acquire(stallTimer.signal);
    return await exchangeOn(lane, { call, wire, state, stallTimer });
  } catch (error) {
    if (error instanceof NotProcessedError) state.sent = 'none';
    throw stallTimer.signal.aborted && !wire.leaving.aborted ? stallTimer.signal.reason : error;
  } finally {
    stallTimer.stop();
    if (lane !== undefined) wire.pool.release(lane);
  }
}

interface Exchange {
  readonly call: UnaryCall;
  readonly wire: GrpcWire;
  readonly state: SendState;
  readonly stallTimer: StallTimer;
}

async function exchangeOn(lane: Lane, exchange: Exchange): Promise<RawAnswer> {
  const { call, wire, stallTimer } = exchange;
  const stream = lane.session.request(
    {
      ':method': 'POST',
      // Node's own leaves out the brackets of an IPv6 address
      ':authority': wire.host,
      ':path': `/clarifai.api.V2/${call.method}`,
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-accept-encoding': 'identity,gzip',
      authorization: `Key ${wire.key}`,
    },
    { endStream: false },
  );
  const cancel = (): void => {
    stream.close(constants.NGHTTP2_CANCEL);
  };
  // a connection that says nothing may be dead, and on a dead one no request would ever end
  const giveUp = (): void => {
    cancel();
    lane.session.destroy();
  };
  stallTimer.signal.addEventListener('abort', giveUp, { once: true });
  const receiving = receive(stream);
  try {
    stallTimer.signal.throwIfAborted();
    await send(stream, exchange);
    const received = await receiving;
    stallTimer.signal.throwIfAborted();
    return await readAnswer(received, lane);
  } catch (error) {
    cancel();
    throw error;
  } finally {
    stallTimer.signal.removeEventListener('abort', giveUp);
  }
}

/** Writes the body, each chunk once the one before it has left: its buffer may be filled anew after that. */
async function send(stream: ClientHttp2Stream, { call: { body }, state, stallTimer }: Exchange): Promise<void> {
  let leftBytes = body.lengthBytes;
  for (const chunk of body.chunks()) {
    if (isOver(stream)) return;
    leftBytes -= chunk.length;
    state.sent = leftBytes > 0 ? 'partial' : 'all';
    await write(stream, chunk);
    stallTimer.touch();
  }
  stream.end();
}

/** An answer can come before all of the body is out, and so can a reset. */
function isOver(stream: ClientHttp2Stream): boolean {
  return stream.destroyed || stream.closed || stream.readableEnded;
}

/** An interrupted write is reported by the end of the stream. */
async function write(stream: ClientHttp2Stream, chunk: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.once('end', resolve).once('close', resolve);
    stream.write(chunk, () => {
      stream.off('end', resolve).off('close', resolve);
      resolve();
    });
  });
}

interface Received {
  readonly id: number | undefined;
  readonly headers: IncomingHttpHeaders | undefined;
  readonly trailers: IncomingHttpHeaders | undefined;
  readonly body: Buffer;
  readonly rstCode: number;
  readonly error: Error | undefined;
}

/** All that comes, up to the end of the stream; never fails. */
async function receive(stream: ClientHttp2Stream): Promise<Received> {
  const chunks: Buffer[] = [];
  let size = 0;
  let headers: IncomingHttpHeaders | undefined;
  let trailers: IncomingHttpHeaders | undefined;
  let error: Error | undefined;
  stream.once('response', (got) => (headers = got));
  stream.once('trailers', (got: IncomingHttpHeaders) => (trailers = got));
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    chunks.push(chunk);
    if (size <= maxAnswerBytes) return;
    error = new Error(`the answer is larger than ${maxAnswerBytes / 1e6} MB`);
    stream.close(constants.NGHTTP2_CANCEL);
  });
  // all is said: what of the request is not sent yet is not wanted
  stream.once('end', () => {
    stream.close(constants.NGHTTP2_NO_ERROR);
  });
  stream.on('error', (thrown: Error) => (error ??= thrown));
  await new Promise<void>((resolve) => stream.once('close', resolve));
  return { id: stream.id, headers, trailers, body: Buffer.concat(chunks), rstCode: stream.rstCode, error };
}

async function readAnswer(received: Received, lane: Lane): Promise<RawAnswer> {
  if (received.headers === undefined) throw interruptedCall(received, lane);
  const headers = { ...received.headers, ...received.trailers };
  const httpStatus = Number(headers[':status']);
  const isGrpc = headers['content-type']?.startsWith('application/grpc') === true;
  if (httpStatus !== 200 || !isGrpc) return { kind: 'http', httpStatus, headers };
  const grpcStatus = headerText(headers['grpc-status']);
  if (grpcStatus === undefined) throw received.error ?? new Error('the answer was cut short');
  return {
    kind: 'grpc',
    grpcStatus: /^\d{1,3}$/.test(grpcStatus) ? Number(grpcStatus) : unknownStatus,
    reason: decodePercents(headerText(headers['grpc-message']) ?? ''),
    message: await readMessage(received.body, headerText(headers['grpc-encoding'])),
    headers,
  };
}

/** UNKNOWN, for a status that is not a number. */
const unknownStatus = 2;

function interruptedCall({ id, rstCode, error }: Received, lane: Lane): Error {
  if (rstCode === constants.NGHTTP2_HTTP_1_1_REQUIRED) {
    return new NoHttp2Error('the service requires HTTP/1.1, which cannot carry gRPC');
  }
  const refused = rstCode === constants.NGHTTP2_REFUSED_STREAM || (id ?? Infinity) > lane.lastStreamId;
  if (refused) return new NotProcessedError('the service did not take the request');
  return rstCode === constants.NGHTTP2_NO_ERROR || lane.session.destroyed
    ? (error ?? new Error('the connection was closed before an answer came'))
    : new Error(`the service reset the request (HTTP/2 code ${rstCode})`, { cause: error });
}

/** A header that may have come more than once. */
export function headerText(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : value[0];
}

/** Source: gRPC over HTTP/2, "Status-Message". What is not well formed stays as it came. */
function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
