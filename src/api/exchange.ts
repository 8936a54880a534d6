import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

/** Bytes of an answer at most; the service's own limit is 128 MB. */
const maxAnswerBytes = 256_000_000;
const maxRedirects = 5;

/** A request body of known length that can be made again for another try. */
export interface RequestBody {
  readonly lengthBytes: number;
  /** Buffers may be reused once the next one is asked for. */
  chunks(): AsyncIterable<Uint8Array>;
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

/**
 * Sends one request once and reads its answer whole. Follows redirects on the same host only.
 *
 * @param onSent - called as soon as a byte of the request may have reached the service
 */
export async function exchange(request: Exchange, wire: Wire, onSent: () => void): Promise<RawAnswer> {
  let url = new URL(wire.baseUrl.origin + wire.baseUrl.pathname + request.path);
  for (let hops = 0; ; hops += 1) {
    const answer = await roundTrip(url, request, wire, onSent);
    const next = redirectOf(answer, url);
    if (next === undefined) return answer;
    if (next.origin !== url.origin) throw new Error(`redirected to another host, ${next.host}: not followed`);
    if (hops >= maxRedirects) throw new Error(`redirected more than ${maxRedirects} times`);
    url = next;
  }
}

async function roundTrip(
  url: URL,
  request: Exchange,
  wire: Wire,
  onSent: () => void,
): Promise<RawAnswer & { readonly location: string | undefined }> {
  const watch = startWatch(wire.timeoutMs, wire.leaving);
  try {
    const { body } = request;
    const response = await wire.dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: {
        authorization: `Key ${wire.key}`,
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json', 'content-length': String(body.lengthBytes) }),
      },
      // undici takes any async iterable; its types name only Readable, which would read ahead of a reused buffer
      body: body === undefined ? null : (watched(body, watch, onSent) as unknown as Readable),
      signal: watch.signal,
      // our watch is the judge: undici's own timers would cut a slow upload that moves
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    onSent();
    return {
      httpStatus: response.statusCode,
      retryAfter: headerOf(response.headers['retry-after']),
      location: headerOf(response.headers['location']),
      text: await textOf(response.body),
    };
  } catch (error) {
    if (request.body === undefined && mayHaveArrived(error)) onSent();
    throw watch.signal.aborted && !wire.leaving.aborted ? watch.signal.reason : error;
  } finally {
    watch.stop();
  }
}

export interface Watch {
  readonly signal: AbortSignal;
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
    controller.abort(new Error(`no answer within ${timeoutMs / 1000} s`));
  }, timeoutMs);
  return {
    signal: controller.signal,
    touch: () => void timer.refresh(),
    stop() {
      clearTimeout(timer);
      leaving.removeEventListener('abort', leave);
    },
  };
}

async function* watched(body: RequestBody, watch: Watch, onSent: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of body.chunks()) {
    watch.touch();
    onSent();
    yield chunk;
  }
  watch.touch();
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
