import { domainToASCII } from 'node:url';
import { excerpt } from '../model/excerpt.js';

/** A URL to be sent, or what is wrong with it. */
export type UrlReading = { readonly url: string } | { readonly problem: string };

/** True for what is meant as a web address that can be added. */
export function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source.trim());
}

/**
 * Reads a URL as it was typed or pasted. Blanks and letters beyond ASCII are encoded, as browsers do; all else stays
 * byte for byte, what is encoded already included.
 *
 * @param blanks - in a list a blank is refused: it is more often the end of a column than a part of the URL
 */
export function readUrl(text: string, { blanks }: { readonly blanks: 'encode' | 'refuse' }): UrlReading {
  const trimmed = text.trim();
  if (!isUrl(trimmed)) return { problem: `'${excerpt(trimmed)}' is not an http:// or https:// URL` };
  if (/\p{Cc}/u.test(trimmed)) return { problem: 'a URL with a control character in it' };
  if (blanks === 'refuse' && /\s/u.test(trimmed)) {
    return { problem: 'a blank in a URL: write %20 for it, or keep one column of the list' };
  }
  const url = encodeUrl(trimmed);
  return URL.canParse(url) ? { url } : { problem: `'${excerpt(trimmed)}' is not a valid URL` };
}

/** Characters that can't be encoded are left as they are, and make the URL invalid. */
function encodeUrl(text: string): string {
  if (/\p{Surrogate}/u.test(text)) return '';
  const hostPattern = /^(https?:\/\/(?:[^/?#\\]*@)?)([^/?#\\:]+)/i;
  return encodeCharacters(text.replace(hostPattern, (_, start: string, host: string) => start + encodeHost(host)));
}

function encodeHost(host: string): string {
  // a host that no name server knows how to spell would leave nothing, and make a host of what follows
  return /^[\x21-\x7e]*$/.test(host) ? host : domainToASCII(host) || host;
}

function encodeCharacters(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]/gu, encodeURIComponent);
}

const schemesText = 'supported are paths, http:// and https:// URLs, and s3://, gs:// and azure:// buckets';
const bucketsText = 'buckets are only supported as arguments: clarifai-inputs add s3://BUCKET/PREFIX';

/** Explains a source that does not exist and looks like an unsupported web address. */
export function addressProblem(source: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):(?=\/\/)|^(data|blob|mailto|javascript):/i.exec(source);
  if (scheme !== null) {
    const name = (scheme[1] ?? scheme[2] ?? '').toLowerCase();
    return `${name}: addresses cannot be added; ${/^(?:s3|gs|azure)$/.test(name) ? bucketsText : schemesText}`;
  }
  if (!/^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?\/./i.test(source)) return undefined;
  return `no such file; if it is a web address, write https://${excerpt(source)}`;
}
