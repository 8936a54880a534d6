import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

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

export interface Wire {
  readonly baseUrl: URL;
  readonly key: string;
  /** For a pause while sending, and for the whole answer once all is sent. */
  readonly timeoutMs: number;
  readonly dispatcher: Dispatcher;
  readonly leaving: AbortSignal;
}

export interface RawAnswer {
  readonly httpStatus: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** How far a request got: a service can do the work of one that left whole, and of no other. */
export interface Sending {
  left: 'not' | 'in part' | 'whole';
}

/** Sends one request once and reads its answer whole. Follows redirects on the same host only. */
export async function exchange(request: Exchange, wire: Wire, sending: Sending): Promise<RawAnswer> {
  let url = new URL(wire.baseUrl.origin + wire.baseUrl.pathname + request.path);
  for (let hops = 0; ; hops += 1) {
    const answer = await roundTrip(url, request, wire, sending);
    const next = redirectOf(answer, url);
    if (next === undefined) return answer;
    if (next.origin !== url.origin) throw new Error(`redirected to another host, ${next.host}: not followed`);
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
  wire: Wire,
  sending: Sending,
): Promise<RawAnswer & { readonly location: string | undefined }> {
  const watch = startWatch(wire.timeoutMs, wire.leaving);
  const { body } = request;
  const outgoing = body && new Outgoing(body, watch, sending);
  try {
    const requested = wire.dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: headersOf(body, wire.key),
      // undici takes any async iterable; its types name only Readable, which would read ahead of a reused buffer
      body: outgoing === undefined ? null : (outgoing.chunks() as unknown as Readable),
      signal: watch.signal,
      // our watch is the judge: undici's own timers would cut a slow upload that moves
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const response = await unlessAborted(requested, watch.signal);
    if (body === undefined) sending.left = 'whole';
    return {
      httpStatus: response.statusCode,
      retryAfter: headerOf(response.headers['retry-after']),
      location: headerOf(response.headers['location']),
      text: await textOf(response.body),
    };
  } catch (error) {
    if (body === undefined && mayHaveArrived(error)) sending.left = 'whole';
    throw watch.signal.aborted && !wire.leaving.aborted ? watch.signal.reason : error;
  } finally {
    watch.stop();
    await outgoing?.closed;
  }
}

/** undici itself hears of an abort only once there is a connection. */
async function unlessAborted<T>(requested: Promise<T>, signal: AbortSignal): Promise<T> {
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

/** Nothing moved, or nothing was answered, for as long as a request may take. */
export class StalledError extends Error {}

export interface Watch {
  readonly signal: AbortSignal;
  readonly stopped: boolean;
  touch(): void;
  stop(): void;
}

/** Aborts when nobody touched it for `timeoutMs`, or when the run leaves. */
export function startWatch(timeoutMs: number, leaving: AbortSignal): Watch {
  const controller = new AbortController();
  const leave = (): void => {
    controller.abort(leaving.reason);
  };
  if (leaving.aborted) leave();
  leaving.addEventListener('abort', leave, { once: true });
  const timer = setTimeout(() => {
    controller.abort(new StalledError(`no answer within ${timeoutMs / 1000} s`));
  }, timeoutMs);
  let stopped = false;
  return {
    signal: controller.signal,
    get stopped() {
      return stopped;
    },
    touch: () => void timer.refresh(),
    stop() {
      stopped = true;
      clearTimeout(timer);
      leaving.removeEventListener('abort', leave);
    },
  };
}

/** A body on its way, which may break off: an answer can come before all of it is out. */
class Outgoing {
  readonly #body: RequestBody;
  readonly #watch: Watch;
  readonly #sending: Sending;
  /** Once nothing of it is read any more, not even a file that was being read when it broke off. */
  closed: Promise<void> | undefined;

  constructor(body: RequestBody, watch: Watch, sending: Sending) {
    this.#body = body;
    this.#watch = watch;
    this.#sending = sending;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    let close = (): void => undefined;
    this.closed = new Promise((resolve) => (close = resolve));
    try {
      for await (const chunk of this.#body.chunks()) {
        if (this.#watch.stopped) return;
        this.#watch.touch();
        this.#sending.left = 'in part';
        yield chunk;
      }
      this.#sending.left = 'whole';
      this.#watch.touch();
    } finally {
      close();
    }
  }
}

/** A request without a body is on its way once there is a connection; a refused connection never got it. */
function mayHaveArrived(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
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
