import { once } from 'node:events';
import {
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerWith, GrpcUpstream, type GrpcAnswer } from '../grpc-upstream.js';

/** A gRPC request that the fault may spoil: nothing of it was read yet. */
export interface GrpcVictim {
  readonly stream: ServerHttp2Stream;
  /** Has the service do the work; tells what it answered. */
  readonly forward: () => Promise<GrpcAnswer>;
}

export type GrpcSpoil = (victim: GrpcVictim) => Promise<void> | void;

/** Stands between the tool and the sandbox, and spoils so many requests of a kind. */
export class GrpcFaultProxy {
  readonly #upstream: GrpcUpstream;
  readonly #spoil: GrpcSpoil;
  readonly #server = createServer();
  readonly #sessions = new Set<ServerHttp2Session>();
  /** Requests that are still to be spoilt. */
  #left: number;
  url = '';

  constructor(target: string, spoil: GrpcSpoil, times: number) {
    this.#upstream = new GrpcUpstream(target);
    this.#spoil = spoil;
    this.#left = times;
    this.#server.on('sessionError', () => undefined);
    this.#server.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
    });
    this.#server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      this.#take(stream, headers).catch(() => stream.session?.destroy());
    });
  }

  async start(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.url = `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#upstream.close();
    for (const session of this.#sessions) session.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const forward = async (): Promise<GrpcAnswer> => await this.#upstream.send(headers, await buffer(stream));
    this.#left -= 1;
    if (this.#left >= 0) await this.#spoil({ stream, forward });
    else answerWith(stream, await forward());
  }
}

/** What can go wrong on the way over gRPC, by name. */
export const grpcFaults: Readonly<Record<string, GrpcSpoil>> = {
  'reset before the message': reset(constants.NGHTTP2_CANCEL),
  REFUSED_STREAM: reset(constants.NGHTTP2_REFUSED_STREAM),
  ENHANCE_YOUR_CALM: reset(constants.NGHTTP2_ENHANCE_YOUR_CALM),
  'reset during the message': async ({ stream }) => {
    await once(stream, 'readable');
    stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  },
  'reset after the message': async ({ stream }) => {
    await buffer(stream);
    stream.close(constants.NGHTTP2_CANCEL);
  },
  'connection lost before the message': ({ stream }) => {
    stream.session?.destroy();
  },
  'GOAWAY before the answer': async ({ stream }) => {
    await buffer(stream);
    stream.session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  },
  'GOAWAY in good order': async ({ stream, forward }) => {
    stream.session?.goaway(constants.NGHTTP2_NO_ERROR);
    answerWith(stream, await forward());
  },
  'answer lost after the work': async ({ forward, stream }) => {
    await forward();
    stream.session?.destroy();
  },
  'half an answer': async ({ forward, stream }) => {
    const { headers, body } = await forward();
    stream.respond({ ...headers, ':status': 200 });
    stream.write(body.subarray(0, Math.floor(body.length / 2)));
    await sleep(20);
    stream.close(constants.NGHTTP2_NO_ERROR);
  },
  'trailers without a status': async ({ forward, stream }) => {
    answerWith(stream, { ...(await forward()), trailers: {} });
  },
  'no message': async ({ forward, stream }) => {
    answerWith(stream, { ...(await forward()), body: Buffer.alloc(0) });
  },
  'HTML in place of gRPC': page(200),
  '502, HTML': page(502),
  '503, HTML': page(503),
  '429, Retry-After in seconds': page(429, { 'retry-after': '1' }),
  UNAVAILABLE: status(14),
  'UNAVAILABLE, with a wait': status(14, { 'grpc-retry-pushback-ms': '50' }),
  'UNAVAILABLE, with an absurd wait': status(14, { 'grpc-retry-pushback-ms': 'soon' }),
  DEADLINE_EXCEEDED: status(4),
  'INTERNAL after the work': statusAfterWork(13),
  'UNKNOWN after the work': statusAfterWork(2),
  'CANCELLED after the work': statusAfterWork(1),
  'an answer that never ends': async ({ forward, stream }) => {
    const { headers } = await forward();
    stream.respond({ ...headers, ':status': 200 });
    const more = (): void => {
      while (!stream.destroyed && stream.write(Buffer.alloc(65_536)));
    };
    stream.on('drain', more);
    more();
  },
  'one byte a second': async ({ forward, stream }) => {
    const { headers, body } = await forward();
    stream.respond({ ...headers, ':status': 200 });
    for (const byte of body) {
      if (stream.destroyed) return;
      stream.write(Buffer.of(byte));
      await sleep(1000);
    }
  },
  silence: async ({ stream }) => {
    await buffer(stream);
    if (!stream.destroyed) await once(stream, 'close');
  },
};

function reset(code: number): GrpcSpoil {
  return ({ stream }) => {
    stream.close(code);
  };
}

function page(http: number, headers: Readonly<Record<string, string>> = {}): GrpcSpoil {
  return async ({ stream }) => {
    await buffer(stream);
    stream.respond({ ':status': http, 'content-type': 'text/html', ...headers });
    stream.end('<html><body>Bad gateway</body></html>');
  };
}

function status(code: number, more: Readonly<Record<string, string>> = {}): GrpcSpoil {
  return async ({ stream }) => {
    await buffer(stream);
    failWith(stream, code, more);
  };
}

function statusAfterWork(code: number): GrpcSpoil {
  return async ({ stream, forward }) => {
    await forward();
    failWith(stream, code, {});
  };
}

function failWith(stream: ServerHttp2Stream, code: number, more: Readonly<Record<string, string>>): void {
  const headers = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(code), ...more };
  stream.respond(headers, { endStream: true });
}
