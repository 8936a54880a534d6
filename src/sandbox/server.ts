import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { statusCodes } from '../wire/status.js';
import { type Api, serveApi } from './api.js';
import { statusBody, type View } from './answers.js';
import { Exchange, type Reply } from './exchange.js';
import { type FaultOptions, Faults, noFaults } from './faults.js';
import { mediaReply } from './media.js';
import { openState } from './opening.js';
import { pageReply } from './page.js';
import { SandboxError } from './sandbox-error.js';
import { Store } from './store.js';

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
  close(): Promise<void>;
}

const address = '127.0.0.1';
const localHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

const limits = { maxHeaderSize: 65_536, headersTimeout: 30_000, requestTimeout: 1_800_000, keepAliveTimeout: 60_000 };
const maxConnections = 256;
const maxHeaders = 100;

/**
 * Starts a server that speaks the service's inputs API on this machine alone.
 *
 * @throws SandboxError when the port or the data directory cannot be used
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { keyValue, vault } = await openState(options.dataDir);
  const closing = new AbortController();
  const store = new Store(keyValue, (hash) => {
    vault.drop(hash);
  });
  const { now, indexMs, deleteMs, deleteAll } = options;
  const service = { store, vault, faults: new Faults(options.faults, now), indexMs, deleteMs, deleteAll };
  const api: Api = { service: { ...service, fetch: undefined }, key: options.key, now, signal: closing.signal };
  const running = new Set<Promise<void>>();
  const take = (held: boolean) => (request: IncomingMessage, response: ServerResponse) => {
    const exchange = new Exchange(request, response, held);
    const work = serve(api, exchange).catch(() => {
      exchange.drop(); // the client left, or the server is closing
    });
    running.add(work);
    void work.finally(() => running.delete(work));
  };
  const server = createServer(limits, take(false)).on('checkContinue', take(true));
  server.maxConnections = maxConnections;
  server.maxHeadersCount = maxHeaders;
  const close = async (): Promise<void> => {
    closing.abort();
    server.close();
    server.closeAllConnections();
    await Promise.all(running);
    await store.close();
  };
  try {
    const port = await listen(server, options.port);
    return { url: `http://${address}:${port}`, port, close };
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

async function serve(api: Api, exchange: Exchange): Promise<void> {
  const { url = '/', headers } = exchange.request;
  const host = headers.host ?? '';
  if (!localHost.test(host)) {
    await exchange.send(plainReply(421, { code: statusCodes.invalidRequest, details: 'Host is not this machine' }));
    return;
  }
  const [path = '', ...search] = url.split('?');
  const parts = partsOf(path);
  const origin = `http://${host}`;
  if (parts?.[0] === 'v2') {
    const query = new URLSearchParams(search.join('?'));
    await serveApi(api, { exchange, parts: parts.slice(1), query, origin });
    return;
  }
  const view = { now: Math.floor(api.now()), origin };
  await exchange.send((await openReply(api, exchange, { path, parts: parts ?? [], view })) ?? noSuchPath());
}

interface OpenRequest {
  readonly path: string;
  readonly parts: readonly string[];
  readonly view: View;
}

/** What is served without a key: the page and hosted media. */
async function openReply({ service }: Api, { request }: Exchange, open: OpenRequest): Promise<Reply | undefined> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  service.store.settle(open.view.now);
  if (open.parts[0] === 'media') return mediaReply(open.parts.slice(1), service.store, service.vault);
  return pageReply(open.path, service.store, open.view);
}

function noSuchPath(): Reply {
  return plainReply(404, { code: statusCodes.doesNotExist });
}

function plainReply(http: number, status: { readonly code: number; readonly details?: string }): Reply {
  return { http, contentType: 'application/json', content: JSON.stringify({ status: statusBody(status) }) };
}

/** The parts of a path without slashes at its end; undefined where its escapes are broken. */
function partsOf(path: string): readonly string[] | undefined {
  try {
    return path.replace(/^\//, '').replace(/\/+$/, '').split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
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
