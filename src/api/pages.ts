import { maxPerPage } from '../wire/messages.js';
import type { Client } from './policy/delivery.js';
import type { AppInput } from './answers.js';
import { UnavailableError } from './errors.js';
import { isMissing, listInputs, streamInputs, type StreamPage } from './rest/inputs.js';

export interface ListWalk {
  readonly perPage: number;
  readonly statusCode?: number | undefined;
}

/** Pages of `GET /inputs` from the first to the last one. Throws UnavailableError where page numbers lead nowhere. */
export async function* listPages(client: Client, walk: ListWalk): AsyncGenerator<readonly AppInput[]> {
  const perPage = Math.min(walk.perPage, maxPerPage);
  let before = '';
  for (let page = 1; ; page += 1) {
    const inputs = await listInputs(client, { page, perPage, statusCode: walk.statusCode });
    const ids = inputs.map(({ id }) => id).join(' ');
    if (ids === before && inputs.length === perPage) {
      throw standstill(
        `GET /inputs: page ${page} is page ${page - 1} again`,
        "'clarifai-inputs stream' walks by cursor",
      );
    }
    before = ids;
    if (inputs.length > 0) yield inputs;
    // a short page is the last one: the next would be empty
    if (inputs.length < perPage) return;
  }
}

/**
 * Pages of `GET /inputs/stream` up to the end, by a cursor that does not shift while others write. If the cursor's
 * input was deleted meanwhile, the walk goes back to the one before it; what was yielded is not yielded again.
 */
export async function* streamPages(client: Client, walk: StreamPage): AsyncGenerator<readonly AppInput[]> {
  const { perPage } = walk;
  let seen: readonly string[] = [];
  let lastId = walk.lastId;
  for (;;) {
    const inputs = await streamInputs(client, { ...walk, lastId }).catch((error: unknown) => {
      const before = seen[seen.indexOf(lastId ?? '') - 1];
      if (!isMissing(error) || before === undefined) throw error;
      lastId = before;
      return undefined;
    });
    if (inputs === undefined) continue;
    if (inputs.length === 0) return;
    const known = new Set(seen);
    const fresh = inputs.filter(({ id }) => !known.has(id));
    if (fresh.length === 0) {
      const what = `GET /inputs/stream: after '${lastId ?? ''}' the same inputs come again`;
      throw standstill(what, "'clarifai-inputs list --all' walks by page numbers");
    }
    yield fresh;
    lastId = inputs.at(-1)?.id;
    seen = [...seen.slice(-2 * perPage), ...fresh.map(({ id }) => id)];
  }
}

/** The next page holds what was not there before, or nothing; else the walk would never end. */
function standstill(what: string, hint: string): UnavailableError {
  return new UnavailableError(what, { refusal: undefined, persistent: true, hint });
}
