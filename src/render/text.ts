import { excerpt } from '../core/model/excerpt.js';
import { jsonText } from '../core/model/json-text.js';

/**
 * Control characters (C0, DEL, C1), line separators, and all that turns the direction of text or is not seen: they could
 * repaint a terminal or make one name look like another. Joiners and variation selectors stay: scripts and emoji need them.
 */
const unsafe = /(?!\u200c|\u200d|[\ufe00-\ufe0f])\p{Default_Ignorable_Code_Point}|[\p{Cc}\u2028\u2029\ufff9-\ufffb]/gu;

/** User and password of a URL, however many slashes stand before them; a password may hold blanks. */
const credentials = /(\bhttps?:[/\\]+)(?:[^\s/\\?#]*|[^\s/\\?#:]*:[^/\\?#]*)@/gi;

/** A text from outside as a terminal may show it, on one line, without the passwords of URLs. */
export function sanitizeForTerminal(text: string): string {
  return maskCredentials(text.replaceAll(/[\t\n\r]+/g, ' ').replaceAll(unsafe, ''));
}

/** Sanitizes a text and cuts out its middle if it is too long for a message. */
export function sanitizedExcerpt(text: string, maxChars?: number): string {
  return excerpt(sanitizeForTerminal(text), maxChars);
}

/** A text without the passwords of URLs. */
export function maskCredentials(text: string): string {
  return text.replaceAll(credentials, '$1…@');
}

/** JSON that is the same data and safe on a terminal: what JSON.stringify leaves as it is gets escaped. */
export function safeJson(value: unknown): string {
  return jsonText(value).replaceAll(unsafe, (sign) =>
    sign
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** A number of bytes as a person reads it; MB is 10^6. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'] as const;
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power - 1] ?? ''}`;
}

/** A span of time as a person reads it. */
export function durationText(ms: number): string {
  const tenths = Math.round(ms / 100);
  if (tenths < 100) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A word as a POSIX shell reads it back. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
