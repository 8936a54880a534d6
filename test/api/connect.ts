import type { TestContext } from 'node:test';
import type { RequestLine } from '../../src/api/rest/attempt.js';
import { Client, type ClientOptions } from '../../src/api/policy/delivery.js';
import { openDispatcher } from '../../src/api/rest/connection.js';
import { openWorld, testKey, type World, type WorldOptions } from '../harness.js';

/** A client on a world, with a log of its requests. */
export interface Connected {
  readonly world: World;
  readonly client: Client;
  readonly lines: readonly RequestLine[];
}

/** Opens the client that the commands use, closed when the test ends. Without a limit on its rate unless told. */
export async function connect(
  t: TestContext,
  options: Partial<ClientOptions> = {},
  worldOptions: WorldOptions = {},
): Promise<Connected> {
  const world = await openWorld(t, worldOptions);
  const timeoutMs = options.timeoutMs ?? 10_000;
  const lines: RequestLine[] = [];
  const client = new Client({
    baseUrl: new URL(`${world.proxy.url}/v2`),
    key: testKey,
    timeoutMs,
    retries: 5,
    requestsPerSecond: 0,
    dispatcher: await openDispatcher({ env: {}, timeoutMs, ca: [] }),
    clock: world.clock,
    stopping: new AbortController().signal,
    leaving: new AbortController().signal,
    log: (line) => {
      lines.push(line);
    },
    ...options,
  });
  t.after(() => client.close());
  return { world, client, lines };
}
