import { connect, type ClientHttp2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { buffer } from 'node:stream/consumers';
import { isLocalHost } from '../src/sandbox/requests/local-host.js';

/** An answer as it came over HTTP/2. */
export interface GrpcAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
}

/** Hands requests on to a service, over one connection. */
export class GrpcUpstream {
  readonly #target: URL;
  #session: ClientHttp2Session | undefined;

  constructor(target: string) {
    this.#target = new URL(target);
  }

  async send(headers: IncomingHttpHeaders, body: Buffer): Promise<GrpcAnswer> {
    if (this.#session === undefined || this.#session.closed || this.#session.destroyed) {
      this.#session = connect(this.#target).on('error', () => undefined);
    }
    const authority = isLocalHost(headers[':authority']) ? headers[':authority'] : this.#target.host;
    const request = this.#session.request({ ...headers, ':authority': authority });
    let trailers: Readonly<Record<string, string>> = {};
    request.once('trailers', (got: IncomingHttpHeaders) => (trailers = texts(got)));
    const answered = new Promise<IncomingHttpHeaders>((resolve, reject) => {
      request.once('response', resolve).once('error', reject);
      // a connection that breaks off before the answer is no error of the request
      request.once('close', () => {
        reject(new Error('the service closed the connection'));
      });
    });
    request.end(body);
    const head = texts(await answered);
    const answer = await buffer(request);
    const isCut = head['content-type']?.startsWith('application/grpc') === true && !isEnded(head) && !isEnded(trailers);
    if (isCut) throw new Error('the service closed the connection in its answer');
    return { headers: head, body: answer, trailers };
  }

  close(): void {
    this.#session?.destroy();
  }
}

/** Answers as the service did, or with what stands in its place. */
export function answerWith(stream: ServerHttp2Stream, { headers, body, trailers }: GrpcAnswer): void {
  if (stream.destroyed) return;
  stream.respond({ ...headers, ':status': Number(headers[':status']) }, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers(trailers);
  });
  stream.end(body);
}

function isEnded(headers: Readonly<Record<string, string>>): boolean {
  return headers['grpc-status'] !== undefined;
}

function texts(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
