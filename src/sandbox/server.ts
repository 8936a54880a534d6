import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Api } from './api.js';
import { Connections, type TlsFiles, urlOf } from './connections.js';
import { dispatch } from './dispatch.js';
import type { GrpcServer } from './grpc/grpc-server.js';
import { Exchange } from './http/exchange.js';
import type { Bucket } from './operations/bucket-files.js';
import { BucketReader } from './operations/bucket-reader.js';
import { type FaultOptions, Faults, noFaults } from './operations/faults.js';
import { startFetching } from './media/url-fetcher.js';
import { openState } from './state/open-state.js';
import { SandboxError } from './sandbox-error.js';

export { noFaults, SandboxError };

export interface SandboxOptions {
  /** The one key it accepts. */
  readonly key: string;
  /** Where the state is kept; undefined: in memory. */
  readonly dataDir: string | undefined;
  /** 0 for a free one. */
  readonly port: number;
  /** From an add to its end. */
  readonly indexMs: number;
  /** From a delete until the input is gone. */
  readonly deleteMs: number;
  /** Whether URLs are fetched, so that a dead one fails. */
  readonly fetchUrls: boolean;
  /** False: delete_all is an unknown field, as it is to today's service. */
  readonly deleteAll: boolean;
  /** Folders that stand for buckets. */
  readonly buckets?: readonly Bucket[] | undefined;
  readonly faults: FaultOptions;
  /** Both protocols over TLS; undefined: in the clear. */
  readonly tls?: TlsFiles | undefined;
  /** Ms since the epoch. */
  readonly now: () => number;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  /** The first unexpected error; requests that met one got a 500. Undefined if there was none. */
  failure(): unknown;
  close(): Promise<void>;
}

const limits = { maxHeaderSize: 65_536, headersTimeout: 30_000, requestTimeout: 1_800_000, keepAliveTimeout: 60_000 };
const maxHeaders = 100;

/**
 * Starts a server that speaks the service's inputs API on this machine alone, as REST and as gRPC on one port.
 *
 * @throws SandboxError when the port, the data directory or the certificate cannot be used
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { store, mediaStore } = await openState(options.dataDir);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // every call listens to it
  const { key, now, indexMs, deleteMs, deleteAll, tls } = options;
  const { signal } = closing;
  const fetching = options.fetchUrls ? startFetching({ store, indexMs, now, signal }) : undefined;
  const faults = new Faults(options.faults, now);
  let failure: unknown;
  const failed = (thrown: unknown): void => {
    if (!signal.aborted) failure ??= thrown;
  };
  const buckets = new BucketReader(options.buckets ?? []);
  const given = { store, mediaStore, faults, indexMs, deleteMs, deleteAll, buckets };
  const service = { ...given, fetch: fetching?.take, failed };
  try {
    const serving = serve({ service, key, now, signal }, tls);
    const port = await serving.connections.listen(options.port);
    const end = async (): Promise<void> => {
      closing.abort();
      await serving.close();
      await fetching?.ended();
      await store.close();
    };
    let ended: Promise<void> | undefined;
    return { url: urlOf(port, tls), port, failure: () => failure, close: () => (ended ??= end()) };
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

interface BothServers {
  readonly connections: Connections;
  /** Resolves when no request is being worked on. */
  readonly close: () => Promise<void>;
}

function serve(api: Api, tls: TlsFiles | undefined): BothServers {
  const rest = serveRest(api);
  // Loaded by the first client that speaks it: most commands never do
  let grpc: Promise<GrpcServer> | undefined;
  const openGrpc = async (): Promise<GrpcServer> => new (await import('./grpc/grpc-server.js')).GrpcServer(api);
  const acceptHttp2 = async (socket: Socket): Promise<void> => {
    (await (grpc ??= openGrpc())).accept(socket);
  };
  const connections = new Connections({ http1: rest.accept, http2: (socket) => void acceptHttp2(socket) }, tls);
  const close = async (): Promise<void> => {
    connections.close();
    rest.server.close();
    rest.server.closeAllConnections();
    await Promise.all([rest.settled(), grpc?.then((server) => server.close())]);
    connections.destroyAll();
  };
  return { connections, close };
}

interface RestServer {
  readonly server: Server;
  readonly accept: (socket: Socket) => void;
  /** Resolves when no request is being worked on. */
  readonly settled: () => Promise<unknown>;
}

function serveRest(api: Api): RestServer {
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
  server.maxHeadersCount = maxHeaders;
  // It never listens itself; this begins the watch over its time-outs
  server.emit('listening');
  return { server, accept: (socket) => server.emit('connection', socket), settled: () => Promise.all(running) };
}
