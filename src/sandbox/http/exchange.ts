import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Reply } from '../reply.js';
import { receiveJson } from './request-body.js';

// An unwanted body is read up to here, so that its sender gets to read the answer
const drainedBytes = 1_000_000_000;
const drainMs = 10_000;
// A refused body up to here is read before the answer, which keeps the connection
const keptBytes = 1_000_000;

/** One request and its response. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly #response: ServerResponse;
  /** The client sends its body only when told to continue. */
  #held: boolean;

  constructor(request: IncomingMessage, response: ServerResponse, held: boolean) {
    this.request = request;
    this.#response = response;
    this.#held = held;
  }

  get isSecure(): boolean {
    return this.request.socket instanceof TLSSocket;
  }

  readJson(): Promise<unknown> {
    return receiveJson(this.request, () => {
      if (this.#held) this.#response.writeContinue();
      this.#held = false;
    });
  }

  async send(reply: Reply): Promise<void> {
    const content = Buffer.from(reply.content);
    const small = Number(this.request.headers['content-length'] ?? 0) <= keptBytes;
    if (!this.#held && small) await this.#drain(keptBytes);
    const closing = !this.request.complete;
    this.#head(reply, content.length, closing);
    this.#response.write(this.request.method === 'HEAD' ? '' : content);
    // The length told the client that the answer is whole: it can read it while the rest of its body is thrown away
    if (closing && !this.#held) await this.#drain(drainedBytes);
    this.#response.end();
  }

  /** Sends the first half of an answer, then breaks off. */
  sendHalf(reply: Reply): void {
    const content = Buffer.from(reply.content);
    this.#head(reply, content.length, false);
    this.#response.write(content.subarray(0, Math.floor(content.length / 2)), () => {
      this.drop();
    });
  }

  drop(): void {
    this.request.socket.destroy();
  }

  #head({ http, contentType, headers }: Reply, length: number, closing: boolean): void {
    this.#response.writeHead(http, {
      'Content-Type': contentType,
      'Content-Length': length,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...(closing ? { Connection: 'close' } : {}),
      ...headers,
    });
  }

  async #drain(most: number): Promise<void> {
    const { request } = this;
    if (request.complete || request.destroyed) return;
    await new Promise<void>((resolve) => {
      let left = most;
      const timer = setTimeout(resolve, drainMs);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      request.on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left < 0) done();
      });
      request.once('end', done).once('close', done).resume();
    });
  }
}
