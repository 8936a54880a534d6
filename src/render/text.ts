/**
 * Control characters (C0, DEL, C1), and those that turn the direction of text or hide it: they could repaint a
 * terminal or make one name look like another.
 */
const unsafe = /[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/** User and password of a URL. */
const credentials = /(\bhttps?:\/\/)[^\s/?#]*@/gi;

/** A text from outside as a terminal may show it, on one line, without the passwords of URLs. */
export function plain(text: string): string {
  return text
    .replaceAll(/[\t\n\r]+/g, ' ')
    .replaceAll(unsafe, '')
    .replaceAll(credentials, '$1…@');
}

/** JSON that is the same data and safe on a terminal: what JSON.stringify leaves as it is gets escaped. */
export function safeJson(value: unknown): string {
  const json = JSON.stringify(value);
  return json.replaceAll(unsafe, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
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
