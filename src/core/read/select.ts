import type { InputsService } from '../../api/service.js';
import type { AppInput } from '../../api/answers.js';
import { listPages, streamPages } from '../../api/pages.js';
import { maxPerPage } from '../../wire/messages.js';
import { matchesAll, serviceStatusCode, type Selector } from './selectors.js';

export type Pages = AsyncIterable<readonly AppInput[]>;

/** The inputs of pages, one by one. */
export async function* inputsIn(pages: Pages): AsyncGenerator<AppInput> {
  for await (const page of pages) yield* page;
}

/** Lets through what the selectors ask for, at most so many. */
export async function* filterPages(
  pages: Pages,
  selectors: readonly Selector[],
  limit = Infinity,
): AsyncGenerator<readonly AppInput[]> {
  let count = 0;
  for await (const page of pages) {
    const inputs = page.filter((input) => matchesAll(selectors, input)).slice(0, limit - count);
    count += inputs.length;
    if (inputs.length > 0) yield inputs;
    if (count >= limit) return;
  }
}

/**
 * Every input of the app that the selectors ask for. What the service can filter it filters; the rest is filtered
 * while the app is walked by cursor, which does not shift while others write.
 */
export function selectInputs(service: InputsService, selectors: readonly Selector[]): Pages {
  const statusCode = serviceStatusCode(selectors);
  const pages =
    statusCode === undefined
      ? streamPages(service, { lastId: undefined, perPage: maxPerPage, descending: false })
      : listPages(service, { perPage: maxPerPage, statusCode });
  return filterPages(pages, selectors);
}
