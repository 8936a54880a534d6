import { datasetMembers } from '../../core/read/datasets.js';
import { IdList } from '../../core/ids/id-list.js';
import { selectInputs } from '../../core/read/select.js';
import { parseWhere, type Selector } from '../../core/read/selectors.js';
import type { Session } from '../../session/session.js';
import { readOption } from './values.js';

/**
 * The filter that the values of `--where` come to; `since=2h` counts from now, and datasets are as they are now.
 *
 * @throws UsageError before anything is asked, and what the service throws
 */
export async function openFilter(where: readonly string[], session: Session): Promise<readonly Selector[]> {
  const nowMs = session.context.clock.now();
  const selectors = where.map((text) => readOption('--where', () => parseWhere(text, nowMs)));
  return await Promise.all(selectors.map((selector) => withMembers(selector, session)));
}

/** The ids of what is selected; of all that the app has where nothing selects. */
export async function selectIds(where: readonly string[], session: Session): Promise<IdList> {
  const selectors = await openFilter(where, session);
  const ids = new IdList();
  for await (const page of selectInputs(await session.service(), selectors)) {
    for (const { id } of page) ids.add(id);
  }
  return ids;
}

async function withMembers(selector: Selector, session: Session): Promise<Selector> {
  if (selector.dataset === undefined) return selector;
  const members = await datasetMembers(await session.service(), selector.dataset);
  return { ...selector, matches: ({ id }) => members.find(id) !== undefined };
}
