import { errorCode } from '../../errors.js';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../context.js';
import { RedirectedError } from '../errors.js';
import type { SendState } from '../network/send-state.js';
import { startStallTimer, type StallTimer } from '../network/stall-timer.js';

/** Bytes of an answer at most; the service's own limit is 128 MB. */
const maxAnswerBytes = 256_000_000;
const maxRedirects = 5;

/** A request body of known length that can be made again for another try. */
export interface RequestBody {
  readonly lengthBytes: number;
  /** A buffer may be filled anew two chunks later, and by another body once the exchange is over. */
  chunks(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** One request as it goes over the wire. */
export interface Exchange {
  readonly method: Dispatcher.HttpMethod;
  /** After the base URL's path, with its query. */
  readonly path: string;
  readonly body?: RequestBody;
}

/** The way to the service. */
export interface RestConnection {
  /** With the app's prefix: `https://api.clarifai.com/v2/users/me/apps/demo`. */
  readonly baseUrl: URL;
  readonly key: string;
  /** For a pause while state, and for the whole answer once all is sent. */
  readonly timeoutMs: number;
  readonly dispatcher: Dispatcher;
  /** The proxy in between, as a hint names it; undefined if there is none. */
  readonly proxy?: string | undefined;
  readonly clock: Clock;
  /** Requests in flight are cut by this. */
  readonly leaving: AbortSignal;
}

export interface RawAnswer {
  readonly httpStatus: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** Sends one request once and reads its answer whole. Follows redirects on the same host only. */
export async function exchange(request: Exchange, connection: RestConnection, state: SendState): Promise<RawAnswer> {
  let url = new URL(connection.baseUrl.origin + connection.baseUrl.pathname + request.path);
  for (let hops = 0; ; hops += 1) {
    const answer = await roundTrip(url, request, connection, state);
    const next = redirectOf(answer, url);
    if (next === undefined) return answer;
    if (next.origin !== url.origin) throw new RedirectedError(`${request.method} ${url.pathname}`, next);
    if (hops >= maxRedirects) throw new Error(`redirected more than ${maxRedirects} times`);
    url = next;
  }
}

function headersOf(body: RequestBody | undefined, key: string): Readonly<Record<string, string>> {
  const common = { authorization: `Key ${key}`, accept: 'application/json' };
  if (body === undefined) return common;
  return { ...common, 'content-type': 'application/json', 'content-length': String(body.lengthBytes) };
}

async function roundTrip(
  url: URL,
  request: Exchange,
  connection: RestConnection,
  state: SendState,
): Promise<RawAnswer & { readonly location: string | undefined }> {
  const stallTimer = startStallTimer(connection.timeoutMs, connection.leaving);
  const { body } = request;
  const upload = body && new UploadStream(body, stallTimer, state);
  try {
    const requested = connection.dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: headersOf(body, connection.key),
      // undici takes any async iterable; its types name only Readable, which would read ahead of a reused buffer
      body: upload === undefined ? null : (upload.chunks() as unknown as Readable),
      signal: stallTimer.signal,
      // our own timer is the judge: undici's own timers would cut a slow upload that moves
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const response = await raceAbort(requested, stallTimer.signal);
    if (body === undefined) state.sent = 'all';
    return {
      httpStatus: response.statusCode,
      retryAfter: headerOf(response.headers['retry-after']),
      location: headerOf(response.headers['location']),
      text: await textOf(response.body),
    };
  } catch (error) {
    if (body === undefined && mayHaveArrived(error)) state.sent = 'all';
    throw stallTimer.signal.aborted && !connection.leaving.aborted ? stallTimer.signal.reason : error;
  } finally {
    stallTimer.stop();
    await upload?.closed;
  }
}

/** undici itself hears of an abort only once there is a connection. */
async function raceAbort<T>(requested: Promise<T>, signal: AbortSignal): Promise<T> {
  const over = new AbortController();
  const aborted = once(signal, 'abort', { signal: over.signal }).then(() => {
    throw signal.reason;
  });
  // once there is an answer, nobody waits for it
  aborted.catch(() => undefined);
  try {
    signal.throwIfAborted();
    return await Promise.race([requested, aborted]);
  } finally {
    over.abort();
    requested.catch(() => undefined);
  }
}

/** A body on its way, which may break off: an answer can come before all of it is out. */
class UploadStream {
  readonly #body: RequestBody;
  readonly #stallTimer: StallTimer;
  readonly #state: SendState;
  /** Once nothing of it is read any more, not even a file that was being read when it broke off. */
  closed: Promise<void> | undefined;

  constructor(body: RequestBody, stallTimer: StallTimer, state: SendState) {
    this.#body = body;
    this.#stallTimer = stallTimer;
    this.#state = state;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    let close = (): void => undefined;
    this.closed = new Promise((resolve) => (close = resolve));
    try {
      for await (const chunk of this.#body.chunks()) {
        if (this.#stallTimer.stopped) return;
        this.#stallTimer.touch();
        this.#state.sent = 'partial';
        yield chunk;
      }
      this.#state.sent = 'all';
      this.#stallTimer.touch();
    } finally {
      close();
    }
  }
}

/** A request without a body is on its way once there is a connection; a refused connection never got it. */
function mayHaveArrived(error: unknown): boolean {
  const code = errorCode(error);
  return code !== 'ECONNREFUSED' && code !== 'ENOTFOUND' && code !== 'EAI_AGAIN' && code !== 'UND_ERR_CONNECT_TIMEOUT';
}

/** Where a redirect leads, if it is one. */
export function redirectOf(answer: { httpStatus: number; location: string | undefined }, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(answer.httpStatus) || answer.location === undefined) return undefined;
  return URL.canParse(answer.location, from.href) ? new URL(answer.location, from.href) : undefined;
}

/** A header that may have come more than once. */
export function headerOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxAnswerBytes) throw new Error(`the answer is larger than ${maxAnswerBytes / 1e6} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
