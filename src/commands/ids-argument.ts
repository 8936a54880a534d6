import { lines } from '../core/lines.js';
import { isObject } from '../api/decode.js';
import { UsageError } from '../errors.js';
import type { Session } from './session.js';

/** Ids as given, or on stdin one a line (or as JSON objects with an `id`) where `-` stands; each once, in order. */
export async function idsFrom(words: readonly string[], session: Session): Promise<readonly string[]> {
  const ids = new Set<string>();
  for (const word of words) {
    if (word !== '-') ids.add(word);
    else for await (const line of lines(session.context.stdin)) ids.add(idOfLine(line));
  }
  return [...ids];
}

/** Throws UsageError where stdin would have two readers. */
export function mustReadStdinOnce(words: readonly string[], session: Session): void {
  const readers = words.filter((word) => word === '-').length + (session.options.keyFile === '-' ? 1 : 0);
  if (readers > 1) throw new UsageError('stdin is asked for twice', { hint: 'give one of them as a file' });
}

function idOfLine(line: string): string {
  const text = line.trim();
  if (!text.startsWith('{')) return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`stdin holds a line that is neither an id nor JSON: ${text.slice(0, 60)}`, { cause: error });
  }
  const id = isObject(value) ? value['id'] : undefined;
  if (typeof id !== 'string') throw new UsageError(`stdin holds an object without an id: ${text.slice(0, 60)}`);
  return id;
}
