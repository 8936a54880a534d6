import type { AppInput, AppMedia } from './answers.js';
import { MediaError } from './errors.js';

/** Where an input's media is, or its text itself. */
export type MediaPlace =
  { readonly at: 'url'; readonly url: string; readonly kind: string } | { readonly at: 'text'; readonly text: string };

/**
 * The service's own copy where there is one, else the address given; undefined for an input with neither.
 *
 * @param sizes - of the copy, best first; `orig` is the size as it was sent
 */
export function mediaOf(input: Pick<AppInput, 'media'>, sizes: readonly string[] = ['orig']): MediaPlace | undefined {
  for (const media of input.media) {
    const url = hostedUrl(media, sizes) ?? media.url;
    if (url !== undefined) return { at: 'url', url, kind: media.kind };
    if (media.text !== undefined) return { at: 'text', text: media.text };
  }
  return undefined;
}

/** The vendor's host for media. Source: its page on secure data hosting. */
const vendorMediaOrigin = 'https://data.clarifai.com';

/**
 * True for media that only the service has: an address that it gives out is its own, and of no use to another app.
 *
 * @param apiOrigin - of the API that told of it
 */
export function isServiceCopy(
  {
    url,
    text,
    hostedPrefix,
  }: {
    readonly url?: string | undefined;
    readonly text?: string | undefined;
    readonly hostedPrefix?: string | undefined;
  },
  apiOrigin?: string,
): boolean {
  if (text !== undefined) return false;
  if (url === undefined) return true;
  const own = [hostedPrefix, vendorMediaOrigin, apiOrigin].flatMap((address) => originOf(address) ?? []);
  return own.includes(originOf(url) ?? '');
}

function originOf(url = ''): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

function hostedUrl({ hosted }: AppMedia, wanted: readonly string[]): string | undefined {
  const size = wanted.find((name) => hosted?.sizes.includes(name));
  return hosted === undefined || size === undefined ? undefined : `${hosted.prefix}/${size}/${hosted.suffix}`;
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

/** The text that an image has beside it: one of Clarifai's multimodal inputs. */
export function textBeside({ media: [first, ...others] }: Pick<AppInput, 'media'>): AppMedia | undefined {
  return first?.kind === 'image' ? others.find(({ kind }) => kind === 'text') : undefined;
}
