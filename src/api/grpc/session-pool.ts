import type { ClientHttp2Session } from 'node:http2';
import { performance } from 'node:perf_hooks';
import { openSession, type GrpcTarget } from './session.js';

/** A connection that lay idle for so long is asked whether the other side is still there before it is used. */
const trustedIdleMs = 4000;
/** How long it may take to say so. */
const pingTimeoutMs = 3000;

/** A connection that one request at a time uses. */
export interface Lane {
  readonly session: ClientHttp2Session;
  /** The last request that the other side took on before it announced that it goes away; Infinity until then. */
  lastStreamId: number;
  idleSinceMs: number;
}

/**
 * The connections of a run, one for each request in flight: the window that HTTP/2 has for a whole connection, 64 KiB
 * with most services, is then not shared, and one lost packet holds up one request.
 */
export class SessionPool {
  readonly #target: GrpcTarget;
  readonly #idle: Lane[] = [];
  readonly #open = new Set<ClientHttp2Session>();

  constructor(target: GrpcTarget) {
    this.#target = target;
  }

  /** An idle connection that is known to be alive, or a new one. Throws NoHttp2Error, and what the network throws. */
  async acquire(signal: AbortSignal): Promise<Lane> {
    for (let lane = this.#idle.pop(); lane !== undefined; lane = this.#idle.pop()) {
      if (isUsable(lane) && (await isAlive(lane))) return lane;
      lane.session.destroy();
    }
    const session = await openSession(this.#target, signal);
    this.#open.add(session);
    session.once('close', () => this.#open.delete(session));
    const lane = { session, lastStreamId: Infinity, idleSinceMs: 0 };
    session.on('goaway', (_code: number, lastStreamId: number) => (lane.lastStreamId = lastStreamId));
    return lane;
  }

  /** Gives a connection back for the next request; one that is at its end is closed. */
  release(lane: Lane): void {
    if (!isUsable(lane)) {
      lane.session.close();
      return;
    }
    lane.idleSinceMs = performance.now();
    this.#idle.push(lane);
  }

  /** Cuts all connections. */
  close(): void {
    for (const session of this.#open) session.destroy();
    this.#idle.length = 0;
  }
}

function isUsable({ session, lastStreamId }: Lane): boolean {
  return !session.closed && !session.destroyed && lastStreamId === Infinity;
}

/** Where a machine slept, or a router forgot the connection, nothing else tells that it is dead. */
async function isAlive({ session, idleSinceMs }: Lane): Promise<boolean> {
  if (performance.now() - idleSinceMs < trustedIdleMs) return true;
  return await new Promise((resolve) => {
    const timer = setTimeout(resolve, pingTimeoutMs, false);
    const answer = (alive: boolean): void => {
      clearTimeout(timer);
      resolve(alive);
    };
    const isSent = session.ping((error) => {
      answer(error === null);
    });
    if (!isSent) answer(false);
  });
}
