import type { TestContext } from 'node:test';
import { GrpcClient } from '../../../src/api/grpc/client.js';
import { SessionPool } from '../../../src/api/grpc/session-pool.js';
import { Delivery, type DeliveryOptions } from '../../../src/api/policy/delivery.js';
import type { LogLine } from '../../../src/api/policy/try.js';
import { FakeClock } from '../../fake-clock.js';
import { testKey } from '../../harness.js';

/** A client of a service, with a log of its requests. */
export interface Connected {
  readonly client: GrpcClient;
  readonly clock: FakeClock;
  readonly lines: readonly LogLine[];
}

export interface ConnectOptions extends Partial<Pick<DeliveryOptions, 'retries'>> {
  readonly timeoutMs?: number;
  readonly leaving?: AbortSignal;
}

/** Opens the client that the commands use, closed when the test ends. Without a limit on its rate. */
export function connectGrpc(t: TestContext, url: string, options: ConnectOptions = {}): Connected {
  const clock = new FakeClock();
  const lines: LogLine[] = [];
  const delivery = new Delivery({
    retries: options.retries ?? 3,
    requestsPerSecond: 0,
    clock,
    stopping: new AbortController().signal,
    log: (line) => {
      lines.push(line);
    },
  });
  const origin = new URL(url);
  const connection = {
    pool: new SessionPool({ origin, proxy: undefined, ca: [] }),
    key: testKey,
    timeoutMs: options.timeoutMs ?? 10_000,
    leaving: options.leaving ?? new AbortController().signal,
    clock,
    host: origin.host,
  };
  const client = new GrpcClient(delivery, {
    connection,
    app: undefined,
    media: { fetchMedia: () => Promise.reject(new Error('no media here')), close: () => Promise.resolve() },
  });
  t.after(() => client.close());
  return { client, clock, lines };
}
