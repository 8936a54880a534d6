import type { AppInput } from './answers.js';
import { isList, isObject, valueAt, type JsonObject } from '../wire/json.js';
import { headerOf, redirectOf, startWatch, type Wire } from './rest/exchange.js';
import { MediaError } from './errors.js';

const maxRedirects = 5;

/** Where an input's media is, or its text itself. */
export type MediaPlace =
  { readonly at: 'url'; readonly url: string; readonly kind: string } | { readonly at: 'text'; readonly text: string };

/**
 * The service's own copy where there is one, else the address given; undefined for an input with neither.
 *
 * @param sizes - of the copy, best first; `orig` is the size as it was sent
 */
export function mediaOf(input: AppInput, sizes: readonly string[] = ['orig']): MediaPlace | undefined {
  const data = input.raw['data'];
  if (!isObject(data)) return undefined;
  for (const kind of ['image', 'video', 'audio', 'text']) {
    const media = data[kind];
    if (!isObject(media)) continue;
    const url = hostedUrl(media, sizes) ?? media['url'];
    if (typeof url === 'string' && url !== '') return { at: 'url', url, kind };
    if (typeof media['raw'] === 'string') return { at: 'text', text: media['raw'] };
  }
  return undefined;
}

/** A hosted file's address is prefix/size/suffix. */
function hostedUrl(media: JsonObject, wanted: readonly string[]): string | undefined {
  const [prefix, suffix] = [valueAt(media, ['hosted', 'prefix']), valueAt(media, ['hosted', 'suffix'])];
  const sizes = valueAt(media, ['hosted', 'sizes']);
  if (typeof prefix !== 'string' || typeof suffix !== 'string') return undefined;
  const size = isList(sizes) ? wanted.find((one) => sizes.includes(one)) : undefined;
  return size === undefined ? undefined : `${prefix}/${size}/${suffix}`;
}

/**
 * The address of media, where it is one that can be fetched.
 *
 * @throws MediaError
 */
export function mediaUrl(address: string): URL {
  if (!URL.canParse(address)) throw new MediaError('its address is not a URL');
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new MediaError(`its address is ${url.protocol}`);
  return url;
}

/** True where the key may go: to the API's own host, and from there to the vendor's media hosts over https. */
function mayCarryKey(base: URL, url: URL): boolean {
  if (url.origin === base.origin) return true;
  const isVendor = ({ protocol, hostname }: URL): boolean =>
    protocol === 'https:' && (hostname === 'clarifai.com' || hostname.endsWith('.clarifai.com'));
  return isVendor(base) && isVendor(url);
}

export interface MediaAnswer {
  readonly httpStatus: number;
  readonly retryAfter: string | undefined;
}

/**
 * Fetches media once, redirects followed, and hands over its body if the answer is 200.
 *
 * @throws whatever the network or `onBody` throws
 */
export async function fetchMedia(
  first: URL,
  wire: Wire,
  onBody: (body: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<MediaAnswer> {
  const watch = startWatch(wire.timeoutMs, wire.leaving);
  try {
    let url = first;
    for (let hops = 0; ; hops += 1) {
      const response = await wire.dispatcher.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        headers: mayCarryKey(wire.baseUrl, url) ? { authorization: `Key ${wire.key}` } : {},
        signal: watch.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const httpStatus = response.statusCode;
      const next = redirectOf({ httpStatus, location: headerOf(response.headers['location']) }, url);
      if (httpStatus === 200) await onBody(watched(response.body, watch));
      else await response.body.dump();
      if (next === undefined) return { httpStatus, retryAfter: headerOf(response.headers['retry-after']) };
      if (hops >= maxRedirects) throw new Error(`redirected more than ${maxRedirects} times`);
      url = next;
    }
  } finally {
    watch.stop();
  }
}

async function* watched(
  body: AsyncIterable<Uint8Array>,
  watch: { readonly touch: () => void },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    watch.touch();
    yield chunk;
  }
}
