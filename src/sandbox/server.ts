import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Api } from './http/api.js';
import { dispatch } from './dispatch.js';
import { Exchange } from './http/exchange.js';
import { type FaultOptions, Faults, noFaults } from './operations/faults.js';
import { startFetching } from './operations/url-fetcher.js';
import { openState } from './state/open-state.js';
import { SandboxError } from './sandbox-error.js';

export { noFaults, SandboxError };

export interface SandboxOptions {
  /** The one key it accepts. */
  readonly key: string;
  /** Where the state is kept; undefined: in memory. */
  readonly dataDir: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** From an add to its end. */
  readonly indexMs: number;
  /** From a delete until the input is gone. */
  readonly deleteMs: number;
  /** Whether URLs are fetched, so that a dead one fails. */
  readonly fetchUrls: boolean;
  /** False: delete_all is an unknown field, as it is to today's service. */
  readonly deleteAll: boolean;
  readonly faults: FaultOptions;
  /** Ms since the epoch. */
  readonly now: () => number;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  /** What was thrown first of all that should not be: requests got a 500 for it. Undefined if nothing was. */
  failure(): unknown;
  close(): Promise<void>;
}

const address = '127.0.0.1';
const limits = { maxHeaderSize: 65_536, headersTimeout: 30_000, requestTimeout: 1_800_000, keepAliveTimeout: 60_000 };
const maxConnections = 256;
const maxHeaders = 100;

/**
 * Starts a server that speaks the service's inputs API on this machine alone.
 *
 * @throws SandboxError when the port or the data directory cannot be used
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { store, mediaStore } = await openState(options.dataDir);
  const closing = new AbortController();
  const { key, now, indexMs, deleteMs, deleteAll } = options;
  const { signal } = closing;
  const fetching = options.fetchUrls ? startFetching({ store, indexMs, now, signal }) : undefined;
  const faults = new Faults(options.faults, now);
  let failure: unknown;
  const failed = (thrown: unknown): void => {
    if (!signal.aborted) failure ??= thrown;
  };
  const service = { store, mediaStore, faults, indexMs, deleteMs, deleteAll, fetch: fetching?.take, failed };
  const { server, settled } = serverOf({ service, key, now, signal });
  const end = async (): Promise<void> => {
    closing.abort();
    server.close();
    server.closeAllConnections();
    await Promise.all([settled(), fetching?.ended()]);
    await store.close();
  };
  let ended: Promise<void> | undefined;
  try {
    const port = await listen(server, options.port);
    return { url: `http://${address}:${port}`, port, failure: () => failure, close: () => (ended ??= end()) };
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

interface Serving {
  readonly server: Server;
  /** Resolves when no request is being worked on. */
  readonly settled: () => Promise<unknown>;
}

function serverOf(api: Api): Serving {
  const running = new Set<Promise<void>>();
  const take = (held: boolean) => (request: IncomingMessage, response: ServerResponse) => {
    const exchange = new Exchange(request, response, held);
    const work = dispatch(api, exchange).catch(() => {
      exchange.drop(); // the client left, or the server is closing
    });
    running.add(work);
    void work.finally(() => running.delete(work));
  };
  const server = createServer(limits, take(false)).on('checkContinue', take(true));
  server.maxConnections = maxConnections;
  server.maxHeadersCount = maxHeaders;
  return { server, settled: () => Promise.all(running) };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const reason = 'code' in cause && cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be used: ${cause.message}`;
      reject(new SandboxError(`port ${port} ${reason}`, { hint: 'choose another with --port, or 0 for any', cause }));
    });
    server.listen(port, address, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}
