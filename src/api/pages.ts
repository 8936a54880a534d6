import { maxPerPage } from '../wire/messages.js';
import type { AppInput, Concept } from './answers.js';
import { NoProgressError, NotFoundError } from './errors.js';
import type { AddJob } from './jobs.js';
import type { InputsService, ListPage, PageNumber, StreamPage } from './service.js';

/** Pages of inputs by their numbers, from the first to the last one. Throws NoProgressError. */
export async function* listPages(
  service: InputsService,
  walk: Omit<ListPage, 'page'>,
): AsyncGenerator<readonly AppInput[]> {
  const perPage = Math.min(walk.perPage, maxPerPage);
  let previousIds = '';
  for (let page = 1; ; page += 1) {
    const inputs = await service.listInputs({ page, perPage, statusCode: walk.statusCode });
    const ids = inputs.map(({ id }) => id).join(' ');
    if (ids === previousIds && inputs.length === perPage) {
      throw new NoProgressError(`GET /inputs: page ${page} is page ${page - 1} again`, 'pages');
    }
    previousIds = ids;
    if (inputs.length > 0) yield inputs;
    // a short page is the last one: the next would be empty
    if (inputs.length < perPage) return;
  }
}

/**
 * Pages of inputs up to the end, by a cursor that does not shift while others write. If the cursor's input was deleted
 * meanwhile, the walk goes back to the one before it; what was yielded is not yielded again. Throws NoProgressError.
 */
export async function* streamPages(service: InputsService, walk: StreamPage): AsyncGenerator<readonly AppInput[]> {
  const { perPage } = walk;
  let seen: readonly string[] = [];
  let lastId = walk.lastId;
  for (;;) {
    const inputs = await service.streamInputs({ ...walk, lastId }).catch((error: unknown) => {
      const previous = seen[seen.indexOf(lastId ?? '') - 1];
      if (!(error instanceof NotFoundError) || previous === undefined) throw error;
      lastId = previous;
      return undefined;
    });
    if (inputs === undefined) continue;
    if (inputs.length === 0) return;
    const known = new Set(seen);
    const fresh = inputs.filter(({ id }) => !known.has(id));
    if (fresh.length === 0) {
      throw new NoProgressError(`GET /inputs/stream: after '${lastId ?? ''}' the same inputs come again`, 'cursor');
    }
    yield fresh;
    lastId = inputs.at(-1)?.id;
    seen = [...seen.slice(-2 * perPage), ...fresh.map(({ id }) => id)];
  }
}

/** Pages of the ids of all datasets that the app has. */
export async function* datasetPages(service: InputsService): AsyncGenerator<readonly string[]> {
  yield* idPages((page) => service.listDatasets(page));
}

/** Pages of the ids of all inputs of a dataset. */
export async function* datasetInputPages(service: InputsService, dataset: string): AsyncGenerator<readonly string[]> {
  yield* idPages((page) => service.listDatasetInputs(dataset, page));
}

async function* idPages(list: (page: PageNumber) => Promise<readonly string[]>): AsyncGenerator<readonly string[]> {
  for (let page = 1; ; page += 1) {
    const ids = await list({ page, perPage: maxPerPage });
    if (ids.length > 0) yield ids;
    if (ids.length < maxPerPage) return;
  }
}

/** Pages of all concepts that the app has. Source: the proto's ListConcepts. */
export async function* conceptPages(service: InputsService): AsyncGenerator<readonly Concept[]> {
  for (let page = 1; ; page += 1) {
    const concepts = await service.listConcepts({ page, perPage: maxPerPage });
    if (concepts.length > 0) yield concepts;
    if (concepts.length < maxPerPage) return;
  }
}

/** Pages of all jobs that the app has. */
export async function* jobPages(service: InputsService): AsyncGenerator<readonly AddJob[]> {
  for (let page = 1; ; page += 1) {
    const jobs = await service.listJobs({ page, perPage: maxPerPage });
    if (jobs.length > 0) yield jobs;
    if (jobs.length < maxPerPage) return;
  }
}
