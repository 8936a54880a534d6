import { parseWhere, type Selector } from '../../core/read/selectors.js';
import type { Session } from '../../session/session.js';

/** The filter that the values of `--where` come to; `since=2h` counts from now. Throws UsageError. */
export function parseFilter(where: readonly string[], { context }: Pick<Session, 'context'>): readonly Selector[] {
  const nowMs = context.clock.now();
  return where.map((text) => parseWhere(text, nowMs));
}
