import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request that the fault may spoil: nothing of it was read yet. */
export interface Victim {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** Has the service do the work; tells what it answered. */
  readonly forward: () => Promise<{ readonly status: number; readonly body: Buffer }>;
}

export type Spoil = (victim: Victim) => Promise<void> | void;

/** Stands between the tool and the sandbox, and spoils so many requests of a kind. */
export class FaultProxy {
  readonly #target: URL;
  readonly #spoil: Spoil;
  readonly #server;
  readonly #stopped = new AbortController();
  /** Requests that are still to be spoilt. */
  #left: number;
  url = '';

  constructor(target: string, spoil: Spoil, times: number) {
    this.#target = new URL(target);
    this.#spoil = spoil;
    this.#left = times;
    this.#server = createServer((incoming, response) => {
      this.#take(incoming, response).catch(() => response.destroy());
    });
    // answered by the fault itself, or passed on
    this.#server.on('checkContinue', (incoming, response) => {
      response.writeContinue();
      this.#server.emit('request', incoming, response);
    });
  }

  async start(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    this.url = `http://127.0.0.1:${portOf(this.#server)}`;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const forward = (): Promise<{ status: number; body: Buffer }> => this.#forward(incoming);
    if (this.#left > 0) {
      this.#left -= 1;
      await this.#spoil({ incoming, response, socket: incoming.socket, forward });
      return;
    }
    await passOn({ forward, response });
  }

  async #forward(incoming: IncomingMessage): Promise<{ status: number; body: Buffer }> {
    const body = await buffer(incoming);
    const { method, url: path, headers } = incoming;
    const { hostname, port } = this.#target;
    const forward = httpRequest({ hostname, port, method, path, headers: { ...headers, connection: 'close' } });
    forward.end(body);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      forward.once('response', resolve).once('error', reject);
    });
    return { status: answer.statusCode ?? 0, body: await buffer(answer) };
  }
}

/** Has the service do the work, and tells what it said. */
export async function passOn({ forward, response }: Pick<Victim, 'forward' | 'response'>): Promise<void> {
  const { status, body } = await forward();
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

/** The port that a server listens on. */
export function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  return address.port;
}

/** What can go wrong on the way, by name. */
export const networkFaults: Readonly<Record<string, Spoil>> = {
  'reset before the body': ({ socket }) => {
    socket.resetAndDestroy();
  },
  'reset during the body': async ({ incoming, socket }) => {
    await once(incoming, 'readable');
    socket.resetAndDestroy();
  },
  'reset after the body': async ({ incoming, socket }) => {
    await buffer(incoming);
    socket.resetAndDestroy();
  },
  'answer lost after the work': async ({ forward, socket }) => {
    await forward();
    socket.resetAndDestroy();
  },
  'half an answer': async ({ forward, response }) => {
    const { status, body } = await forward();
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
    response.write(body.subarray(0, Math.floor(body.length / 2)));
    await sleep(20);
    response.destroy();
  },
  'HTML in place of JSON': answered(200, '<html><body>Please log in</body></html>', { 'content-type': 'text/html' }),
  'empty body': answered(200, ''),
  'wrong content type': async ({ forward, response }) => {
    const { status, body } = await forward();
    response.writeHead(status, { 'content-type': 'image/png' }).end(body);
  },
  '429': throttled({}),
  '429, Retry-After in seconds': throttled({ 'retry-after': '1' }),
  '429, Retry-After as a date': throttled({ 'retry-after': new Date(0).toUTCString() }),
  '429, Retry-After absurd': throttled({ 'retry-after': 'soon, -5' }),
  '500': answered(500, status(10020, 'Failure')),
  '502, HTML': answered(502, '<html>Bad gateway</html>', { 'content-type': 'text/html' }),
  '503': answered(503, status(10020, 'Service unavailable')),
  '504': answered(504, status(10020, 'Gateway timeout')),
  'code as text': async ({ forward, response }) => {
    const { status: http, body } = await forward();
    const text = body.toString('utf8').replaceAll(/"code":(\d+)/g, '"code":"$1"');
    response.writeHead(http, { 'content-type': 'application/json' }).end(text);
  },
  'a body that never ends': async ({ forward, response }) => {
    const { status: http } = await forward();
    response.writeHead(http, { 'content-type': 'application/json' });
    response.write('{"status":');
    const blank = Buffer.alloc(1024 * 1024, ' ');
    const more = (): void => {
      while (!response.destroyed && response.write(blank));
    };
    response.on('drain', more);
    more();
  },
  'one byte a second': async ({ forward, response }) => {
    const { status: http, body } = await forward();
    response.writeHead(http, { 'content-type': 'application/json', 'content-length': body.length });
    for (const byte of body) {
      if (response.destroyed) return;
      response.write(Buffer.of(byte));
      await sleep(1000);
    }
  },
  silence: async ({ incoming, response }) => {
    await buffer(incoming);
    if (!response.destroyed) await once(response, 'close');
  },
  '100-continue': async (victim) => {
    victim.response.writeContinue();
    await passOn(victim);
  },
  'redirect to the same host': ({ incoming, response }) => {
    response.writeHead(307, { location: incoming.url ?? '/' }).end();
  },
  'redirect to another host': answered(307, '', { location: 'http://127.0.0.2:9/' }),
};

function answered(http: number, body: string, headers: Readonly<Record<string, string>> = {}): Spoil {
  return async ({ incoming, response }) => {
    await buffer(incoming);
    response.writeHead(http, { 'content-type': 'application/json', ...headers }).end(body);
  };
}

function throttled(headers: Readonly<Record<string, string>>): Spoil {
  return answered(429, status('CONN_THROTTLED', 'Throttled'), headers);
}

function status(code: number | string, description: string): string {
  return JSON.stringify({ status: { code, description } });
}
