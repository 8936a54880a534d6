import type { TestContext } from 'node:test';
import { Delivery, type DeliveryOptions } from '../../src/api/policy/delivery.js';
import type { LogLine } from '../../src/api/policy/try.js';
import { RestClient } from '../../src/api/rest/client.js';
import { openDispatcher } from '../../src/api/rest/connection.js';
import type { RestConnection } from '../../src/api/rest/exchange.js';
import { RestSender } from '../../src/api/rest/sender.js';
import type { InputsService } from '../../src/api/service.js';
import { openWorld, testKey, type World, type WorldOptions } from '../harness.js';

/** A service on a world, with a log of its requests. */
export interface Connected {
  readonly world: World;
  readonly service: InputsService;
  /** Sends single requests by the same policy. */
  readonly sender: RestSender;
  readonly lines: readonly LogLine[];
}

export type ConnectOptions = Partial<DeliveryOptions & RestConnection>;

/** Opens the service that the commands use, closed when the test ends. Without a limit on its rate unless told. */
export async function connect(
  t: TestContext,
  options: ConnectOptions = {},
  worldOptions: WorldOptions = {},
): Promise<Connected> {
  const world = await openWorld(t, worldOptions);
  const { clock } = world;
  const timeoutMs = options.timeoutMs ?? 10_000;
  const lines: LogLine[] = [];
  const delivery = new Delivery({
    retries: 5,
    requestsPerSecond: 0,
    clock,
    stopping: new AbortController().signal,
    log: (line) => {
      lines.push(line);
    },
    ...options,
  });
  const connection: RestConnection = {
    baseUrl: new URL(`${world.proxy.url}/v2`),
    key: testKey,
    timeoutMs,
    dispatcher: options.dispatcher ?? (await openDispatcher({ env: {}, timeoutMs, ca: [] })),
    clock,
    leaving: new AbortController().signal,
    ...options,
  };
  const sender = new RestSender(delivery, connection);
  t.after(() => sender.close());
  return { world, service: new RestClient(delivery, connection), sender, lines };
}
