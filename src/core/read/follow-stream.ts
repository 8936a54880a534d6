import type { InputsService, StreamPage } from '../../api/service.js';
import type { AppInput } from '../../api/answers.js';
import { streamPages } from '../../api/pages.js';
import type { Clock } from '../../context.js';
import { Backoff } from '../model/backoff.js';

/** The stream to its end, then what is added after it: looks again, less and less often while nothing comes. */
export async function* followStream(
  service: InputsService,
  walk: Omit<StreamPage, 'descending'>,
  world: { readonly clock: Clock; readonly stopping: AbortSignal },
): AsyncGenerator<readonly AppInput[]> {
  let lastId = walk.lastId;
  const backoff = new Backoff({ firstMs: 1000, longestMs: 15_000 });
  for (;;) {
    for await (const page of streamPages(service, { ...walk, lastId, descending: false })) {
      yield page;
      lastId = page.at(-1)?.id ?? lastId;
      backoff.reset();
    }
    await backoff.wait(world.clock, world.stopping);
  }
}
