import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type Http2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../api.js';
import { GrpcCall } from './grpc-call.js';
import { GrpcError, grpcCodes } from './grpc-status.js';
import { ReceiveBudget } from './receive-budget.js';
import { serveCall } from './serve-call.js';

const mebi = 1024 * 1024;

// Windows so wide that a long line stays full. Node counts what a session holds in MB; beyond it calls are refused
const options = {
  maxSessionMemory: 256,
  maxHeaderListPairs: 100,
  settings: { initialWindowSize: 4 * mebi, maxConcurrentStreams: 512, maxHeaderListSize: 65_536 },
};
const connectionWindow = 32 * mebi;

/** Messages that are not small are held up to here, over all calls. */
const heldBytes = 512 * mebi;

// Beyond so many calls at a time, only those of a connection with few of its own are taken
const maxCalls = 2048;
const fewCalls = 8;

// A connection that has no call for so long, at first and later; its client makes another when it needs one
const firstCallMs = 30_000;
const idleMs = 600_000;

const closingMs = 1000;

/** Serves calls over the connections that it is given. */
export class GrpcServer {
  readonly #api: Api;
  readonly #server: Http2Server;
  readonly #budget = new ReceiveBudget(heldBytes);
  /** The calls of each session. */
  readonly #sessions = new Map<Http2Session, number>();
  readonly #running = new Set<Promise<void>>();

  constructor(api: Api) {
    this.#api = api;
    this.#server = createServer(options)
      .on('session', (session) => {
        this.#welcome(session);
      })
      .on('stream', (stream, headers) => {
        this.#take(stream, headers);
      })
      .on('sessionError', () => undefined); // the client's fault, and the end of its session alone
  }

  /** Takes over a connection whose first bytes, still to be read, are those of HTTP/2. */
  accept(socket: Socket): void {
    this.#server.emit('connection', socket);
  }

  /** Lets calls end, which the API's signal has them do at once, then ends the connections. */
  async close(): Promise<void> {
    const late = new AbortController();
    // A client that reads nothing is not waited for
    await Promise.race([this.#closeSessions(), sleep(closingMs, undefined, { signal: late.signal })]);
    late.abort();
    for (const session of this.#sessions.keys()) session.destroy();
    await Promise.all(this.#running);
  }

  async #closeSessions(): Promise<void> {
    await Promise.all(this.#running);
    const sessions = [...this.#sessions.keys()];
    const gone = sessions.map((session) => new Promise((resolve) => session.once('close', resolve)));
    for (const session of sessions) session.close();
    await Promise.all(gone);
  }

  #welcome(session: Http2Session): void {
    this.#sessions.set(session, 0);
    session.setLocalWindowSize(connectionWindow);
    session.setTimeout(firstCallMs, () => {
      // Node's GOAWAY takes back the calls that are open, so that there must be none
      if (this.#callsOf(session) === 0) session.close();
      else session.setTimeout(idleMs);
    });
    session.once('close', () => this.#sessions.delete(session));
  }

  #take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const { session } = stream;
    const call = new GrpcCall(stream, headers, { budget: this.#budget, closing: this.#api.signal });
    const isTooMuch = this.#running.size >= maxCalls && this.#callsOf(session) >= fewCalls;
    const work = isTooMuch
      ? call.sendError(new GrpcError(grpcCodes.resourceExhausted, 'Too many calls at a time.'))
      : serveCall(this.#api, call);
    session?.setTimeout(idleMs);
    this.#count(session, 1);
    const running = work.finally(() => {
      this.#running.delete(running);
      this.#count(session, -1);
    });
    this.#running.add(running);
  }

  #callsOf(session: Http2Session | undefined): number {
    return (session && this.#sessions.get(session)) ?? 0;
  }

  #count(session: Http2Session | undefined, by: 1 | -1): void {
    if (session && this.#sessions.has(session)) this.#sessions.set(session, this.#callsOf(session) + by);
  }
}
