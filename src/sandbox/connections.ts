import { createServer as createPlainServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { reasonOf, SandboxError } from './sandbox-error.js';

/** A certificate and its key, as the text of PEM files. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export interface ConnectionTakers {
  readonly http1: (socket: Socket) => void;
  readonly http2: (socket: Socket) => void;
}

const address = '127.0.0.1';
const maxConnections = 256;
const firstBytesMs = 30_000;
const preface = Buffer.from('PRI * HTTP/2.0');

// Who knows both is a browser or curl and wants pages or JSON; gRPC clients offer h2 alone
const protocols = ['http/1.1', 'h2'];

/** Listens on one port of this machine, and gives each connection to the protocol that its first bytes speak. */
export class Connections {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /**
   * @throws SandboxError where the certificate or its key cannot be used
   */
  constructor(takers: ConnectionTakers, tls: TlsFiles | undefined) {
    const take = (socket: Socket): void => {
      sortByFirstBytes(socket, takers);
    };
    this.#server = tls === undefined ? createPlainServer(take) : secureServer(tls, take);
    this.#server.maxConnections = maxConnections;
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** @throws SandboxError where the port cannot be used */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (cause) => {
        const isTaken = 'code' in cause && cause.code === 'EADDRINUSE';
        const reason = isTaken ? 'is taken' : `cannot be used: ${reasonOf(cause)}`;
        reject(new SandboxError(`port ${port} ${reason}`, { hint: 'choose another with --port, or 0 for any', cause }));
      });
      this.#server.listen(port, address, () => {
        const bound = this.#server.address();
        resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
      });
    });
  }

  /** Takes no more connections. */
  close(): void {
    this.#server.close();
  }

  /** Ends the connections that are left. */
  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** The address of a port that listens here. */
export function urlOf(port: number, tls: TlsFiles | undefined): string {
  return `${tls === undefined ? 'http' : 'https'}://${address}:${port}`;
}

function secureServer({ cert, key }: TlsFiles, take: (socket: Socket) => void): Server {
  try {
    return createTlsServer({ cert, key, ALPNProtocols: protocols, handshakeTimeout: firstBytesMs }, take);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SandboxError(`cannot use the certificate and its key: ${reason}`, {
      hint: '--tls-cert and --tls-key take PEM files that belong together',
      cause,
    });
  }
}

function sortByFirstBytes(socket: Socket, takers: ConnectionTakers): void {
  let seen = Buffer.alloc(0);
  const giveUp = setTimeout(() => socket.destroy(), firstBytesMs).unref();
  const finish = (): void => {
    clearTimeout(giveUp);
    socket.off('readable', look).off('close', finish);
  };
  const look = (): void => {
    const piece: unknown = socket.read();
    if (!Buffer.isBuffer(piece)) return;
    seen = Buffer.concat([seen, piece]);
    const length = Math.min(seen.length, preface.length);
    const isHttp2 = seen.subarray(0, length).equals(preface.subarray(0, length));
    if (isHttp2 && length < preface.length) return;
    finish();
    socket.unshift(seen);
    (isHttp2 ? takers.http2 : takers.http1)(socket);
    socket.off('error', ignore);
  };
  const ignore = (): void => undefined; // 'close' follows
  socket.on('error', ignore).on('close', finish).on('readable', look);
}
