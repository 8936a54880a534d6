import { lines } from '../../core/rows/lines.js';
import { isObject } from '../../wire/json.js';
import { isTorn, torn } from '../../core/model/payload.js';
import { UsageError } from '../../errors.js';
import type { Session } from '../../session/session.js';

/**
 * Ids as given, or on stdin one a line (or as JSON objects with an `id`) where `-` stands; each once, in order.
 *
 * @throws UsageError before anything is read if stdin has another reader
 */
export async function idsFrom(words: readonly string[], { stdin }: Session): Promise<readonly string[]> {
  const sources = words.map((word) => (word === '-' ? stdin.take('-') : word));
  const ids = new Set<string>();
  for (const source of sources) {
    // an unset variable of a script: '' is no id, and in a path it would name all inputs
    if (source === '') throw new UsageError('an id is empty');
    if (typeof source === 'string') ids.add(source);
    else for await (const line of lines(source)) ids.add(idOfLine(line));
  }
  return [...ids];
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
  if (typeof id !== 'string' || id === '')
    throw new UsageError(`stdin holds an object without an id: ${text.slice(0, 60)}`);
  if (isTorn(id)) throw new UsageError(`stdin: an id ${torn}: ${text.slice(0, 60)}`);
  return id;
}
