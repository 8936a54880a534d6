import type { IdList } from '../../core/ids/id-list.js';
import { sanitizeForTerminal } from '../../render/text.js';
import type { Session } from '../../session/session.js';

const maxShown = 5;

/** Shows above a question what it is about: the first ids, one a line, so that each can be read and copied. */
export function previewIds(ids: IdList, { messages }: Session): void {
  let shown = 0;
  for (const id of ids) {
    if (shown === maxShown) break;
    messages.prompt(`  ${sanitizeForTerminal(id)}`);
    shown += 1;
  }
  if (ids.size > shown) messages.prompt(`  and ${ids.size - shown} more`);
}
