import { IdList } from '../../core/ids/id-list.js';
import { readIds } from '../../core/rows/id-rows.js';
import { UsageError } from '../../errors.js';
import type { Session } from '../../session/session.js';

/**
 * Ids as given, or from stdin where `-` stands: one a line, or what reading commands print; each once, in order.
 *
 * @throws UsageError before anything is read if stdin has another reader
 */
export async function idsFrom(words: readonly string[], { stdin }: Session): Promise<IdList> {
  const sources = words.map((word) => (word === '-' ? stdin.take('-') : word));
  const ids = new IdList();
  for (const source of sources) {
    // an unset variable of a script: '' is not an id, and in a URL's path it would address all inputs
    if (source === '') throw new UsageError('an id is empty');
    if (typeof source === 'string') ids.add(source);
    else for await (const id of readIds(source, 'stdin')) ids.add(id);
  }
  return ids;
}
