import { CliError, messageOf } from '../../errors.js';
import type { Delivery } from '../policy/delivery.js';
import type { Call, Outcome } from '../policy/try.js';
import type { OnBody } from '../service.js';
import { startStallTimer, type StallTimer } from '../network/stall-timer.js';
import { headerOf, redirectOf, type RestConnection } from './exchange.js';
import { retryAfterMs, verdictOn } from '../network/verdict.js';

const maxRedirects = 5;

/** Fetches media by HTTP, which is how it is reached whatever transport the API is asked by. */
export class MediaFetcher {
  readonly #delivery: Delivery;
  readonly #connection: RestConnection;

  constructor(delivery: Delivery, connection: RestConnection) {
    this.#delivery = delivery;
    this.#connection = connection;
  }

  /** See `InputsService.fetchMedia`. */
  async fetch(url: URL, onBody: OnBody, signal?: AbortSignal): Promise<void> {
    const { leaving } = this.#connection;
    const connection = {
      ...this.#connection,
      leaving: signal === undefined ? leaving : AbortSignal.any([leaving, signal]),
    };
    // without what may be secret in it: user, password, query
    const name = `GET ${url.origin}${url.pathname}`;
    const call: Call<void> = {
      name,
      logName: name,
      background: signal !== undefined,
      try: () => tryMedia(url, { name, connection, onBody }),
    };
    await this.#delivery.sendElsewhere(call, signal);
  }
}

interface MediaRequest {
  readonly name: string;
  readonly connection: RestConnection;
  readonly onBody: OnBody;
}

async function tryMedia(url: URL, { name, connection, onBody }: MediaRequest): Promise<Outcome<void>> {
  try {
    const { httpStatus, retryAfter } = await fetchOnce(url, connection, onBody);
    const summary = String(httpStatus);
    if (httpStatus === 200) return { kind: 'answered', answer: undefined, summary, reqId: undefined };
    const response = { request: name, transportStatus: `HTTP ${httpStatus}`, httpStatus, ...noStatus };
    if (verdictOn(response) !== 'transient') return { kind: 'refused', response, summary };
    const pause = retryAfterMs(retryAfter, connection.clock.now());
    return { kind: 'busy', response, summary, retryAfterMs: pause, ...harmless };
  } catch (error) {
    connection.leaving.throwIfAborted();
    if (error instanceof CliError) throw error;
    return { kind: 'unsent', reason: messageOf(error), cause: error, isStalled: false, isWrongAddress: false };
  }
}

const noStatus = { code: 0, description: '', details: '', reqId: undefined };
/** Fetching does nothing that could be done twice. */
const harmless = { isThrottled: false, mayHaveBeenDone: false, isOverload: false };

/** True where the key may go: to the API's own host, and from there to the vendor's media hosts over https. */
function mayCarryKey(base: URL, url: URL): boolean {
  if (url.origin === base.origin) return true;
  const isVendor = ({ protocol, hostname }: URL): boolean =>
    protocol === 'https:' && (hostname === 'clarifai.com' || hostname.endsWith('.clarifai.com'));
  return isVendor(base) && isVendor(url);
}

interface MediaAnswer {
  readonly httpStatus: number;
  readonly retryAfter: string | undefined;
}

/** Fetches media once, redirects followed, and hands over its body if the answer is 200. */
async function fetchOnce(first: URL, connection: RestConnection, onBody: OnBody): Promise<MediaAnswer> {
  const stallTimer = startStallTimer(connection.timeoutMs, connection.leaving);
  try {
    let url = first;
    for (let hops = 0; ; hops += 1) {
      const response = await connection.dispatcher.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        headers: mayCarryKey(connection.baseUrl, url) ? { authorization: `Key ${connection.key}` } : {},
        signal: stallTimer.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const httpStatus = response.statusCode;
      const next = redirectOf({ httpStatus, location: headerOf(response.headers['location']) }, url);
      if (httpStatus === 200) await onBody(touchEach(response.body, stallTimer));
      else await response.body.dump();
      if (next === undefined) return { httpStatus, retryAfter: headerOf(response.headers['retry-after']) };
      if (hops >= maxRedirects) throw new Error(`redirected more than ${maxRedirects} times`);
      url = next;
    }
  } finally {
    stallTimer.stop();
  }
}

async function* touchEach(body: AsyncIterable<Uint8Array>, stallTimer: StallTimer): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    stallTimer.touch();
    yield chunk;
  }
}
