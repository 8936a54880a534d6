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
export function mediaOf(input: AppInput, sizes: readonly string[] = ['orig']): MediaPlace | undefined {
  for (const media of input.media) {
    const url = hostedUrl(media, sizes) ?? media.url;
    if (url !== undefined) return { at: 'url', url, kind: media.kind };
    if (media.text !== undefined) return { at: 'text', text: media.text };
  }
  return undefined;
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
