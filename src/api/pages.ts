import { maxPerPage } from '../wire/messages.js';
import type { Client } from './client.js';
import type { AppInput } from './decode.js';
import { listInputs } from './inputs.js';

export interface PageWalk {
  readonly perPage: number;
  readonly statusCode?: number | undefined;
  /** Inputs at most. */
  readonly limit?: number | undefined;
}

/** Pages of `GET /inputs` from the first to the empty one past the end, or until the limit is reached. */
export async function* listPages(client: Client, walk: PageWalk): AsyncGenerator<readonly AppInput[]> {
  const limit = walk.limit ?? Infinity;
  const perPage = Math.min(walk.perPage, maxPerPage);
  for (let page = 1, count = 0; count < limit; page += 1) {
    const inputs = await listInputs(client, { page, perPage, statusCode: walk.statusCode });
    if (inputs.length === 0) return;
    const wanted = inputs.slice(0, limit - count);
    count += wanted.length;
    yield wanted;
    // a short page is the last one: the next would be empty
    if (inputs.length < perPage) return;
  }
}
