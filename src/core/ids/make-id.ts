import { createHash, randomUUID } from 'node:crypto';
import { basename, extname, relative } from 'node:path';
import type { Draft } from '../model/steps.js';
import type { IdSource } from './id-rules.js';

/** Longest id the service takes, and what a longer one is cut to before its hash is added. */
const maxIdChars = 48;
const cutIdChars = 39;
const hashIdChars = 32;

/** The first 32 hex digits of a SHA-256. */
export function hashId(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, hashIdChars);
}

/** Digits of the hash that tells apart what looks alike as an id. */
const suffixChars = 8;

/**
 * A text as an id, the same for both Unicode forms. Blanks and ASCII punctuation become `-`; where other characters are
 * replaced, or the id is cut, the first digits of the text's hash keep it apart from other texts.
 */
export function slugId(text: string): string {
  const name = text.normalize('NFC');
  const slug = name.replaceAll(/[^A-Za-z0-9_-]/gu, '-');
  const isLossy = /[^\p{ASCII}\p{Z}]/u.test(name);
  if (slug === '') return '-';
  if (!isLossy && slug.length <= maxIdChars) return slug;
  return `${slug.slice(0, cutIdChars)}-${hashId(name).slice(0, suffixChars)}`;
}

/**
 * The id of a source.
 *
 * @param contentId - the hash of its content (of a URL's text), made only if it is what counts
 * @returns undefined if the service is to make one
 */
export function idOf(draft: Draft, from: IdSource, cwd: string, contentId: string): string | undefined {
  if (draft.id !== undefined) return draft.id;
  switch (from) {
    case 'hash':
      return contentId;
    case 'name':
      return slugId(nameOf(draft));
    case 'path':
      return slugId(pathOf(draft, cwd));
    case 'uuid':
      return randomUUID();
    case 'server':
      return undefined;
  }
}

function pathOf({ media, source }: Draft, cwd: string): string {
  if (media.at === 'text') return source;
  return media.at === 'file' ? relative(cwd, media.path) : media.url;
}

function nameOf(draft: Draft): string {
  const { media } = draft;
  if (media.at === 'text') return draft.source;
  const path = media.at === 'file' ? media.path : new URL(media.url).pathname;
  const name = basename(path);
  return name.slice(0, name.length - extname(name).length) || name || draft.source;
}
