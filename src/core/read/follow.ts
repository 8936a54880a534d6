import type { Client } from '../../api/policy/delivery.js';
import type { AppInput } from '../../api/answers.js';
import type { StreamPage } from '../../api/rest/inputs.js';
import { streamPages } from '../../api/pages.js';
import type { Clock } from '../../context.js';

const firstPauseMs = 1000;
const longestPauseMs = 15_000;

/** The stream to its end, then what is added after it: looks again, less and less often while nothing comes. */
export async function* followedPages(
  client: Client,
  walk: Omit<StreamPage, 'descending'>,
  world: { readonly clock: Clock; readonly stopping: AbortSignal },
): AsyncGenerator<readonly AppInput[]> {
  let lastId = walk.lastId;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
    for await (const page of streamPages(client, { ...walk, lastId, descending: false })) {
      yield page;
      lastId = page.at(-1)?.id ?? lastId;
      pauseMs = firstPauseMs;
    }
    await world.clock.sleep(pauseMs, world.stopping);
  }
}
