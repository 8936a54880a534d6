import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { Connections } from '../src/sandbox/connections.js';
import type { GrpcRecorder } from './grpc-recorder.js';
import { isLocalHost } from '../src/sandbox/requests/local-host.js';

/** A request as it came over the wire. */
export interface Recorded {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body, parsed; undefined where it is none. */
  readonly json: unknown;
}

/** An answer in place of the server's. A string goes out as it stands, anything else as JSON. */
export interface Injected {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: unknown;
}

/** `drop`: the connection breaks, the server never sees the request. `lose`: it does the work, its answer is lost. */
export type Intercepted = Injected | 'drop' | 'lose' | undefined;
export type Intercept = (request: Recorded) => Intercepted | Promise<Intercepted>;

/** A reverse proxy before a server: sees all that is sent, and can answer in its place. */
export class RecordingProxy {
  readonly requests: Recorded[] = [];
  intercept: Intercept = () => undefined;
  /** The most requests that were open at one time, by method. */
  readonly peak = new Map<string, number>();
  readonly #open = new Map<string, number>();
  readonly #target: URL;
  readonly #agent = new Agent({ keepAlive: true });
  url = '';

  constructor(target: string) {
    this.#target = new URL(target);
  }

  /** Listens on a free port until the test ends. */
  async start(t: TestContext): Promise<void> {
    const server = createServer((request, response) => {
      this.#take(request, response).catch(() => response.destroy());
    });
    // loaded by the first test that speaks gRPC
    let grpc: Promise<GrpcRecorder> | undefined;
    const openGrpc = async (): Promise<GrpcRecorder> => {
      const { GrpcRecorder, injectGrpc } = await import('./grpc-recorder.js');
      const recorder: GrpcRecorder = new GrpcRecorder(this.#target.href, async (call, stream) => {
        this.#count(call.recorded.method, 1);
        stream.once('close', () => {
          this.#count(call.recorded.method, -1);
        });
        this.requests.push(call.recorded);
        const answer = await this.intercept(call.recorded);
        if (answer === 'drop') stream.session?.destroy();
        else if (typeof answer === 'object') injectGrpc(stream, call, answer);
        else await recorder.forward(call, stream, answer === 'lose');
      });
      return recorder;
    };
    const connections = new Connections(
      {
        http1: (socket) => server.emit('connection', socket),
        http2: (socket) =>
          void (grpc ??= openGrpc()).then((recorder) => {
            recorder.accept(socket);
          }),
      },
      undefined,
    );
    this.url = `http://127.0.0.1:${await connections.listen(0)}`;
    t.after(async () => {
      this.#agent.destroy();
      (await grpc)?.close();
      connections.close();
      connections.destroyAll();
    });
  }

  /** How many requests are open now. */
  open(method: string): number {
    return this.#open.get(method) ?? 0;
  }

  async #take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '' } = incoming;
    this.#count(method, 1);
    response.once('close', () => {
      this.#count(method, -1);
    });
    const recorded = await record(incoming);
    this.requests.push(recorded);
    const answer = await this.intercept(recorded);
    if (answer === 'drop') response.destroy();
    else if (typeof answer === 'object') inject(response, answer);
    else await this.#forward(incoming, { recorded, response, lose: answer === 'lose' });
  }

  async #forward(
    incoming: IncomingMessage,
    { recorded, response, lose }: { recorded: Recorded; response: ServerResponse; lose: boolean },
  ): Promise<void> {
    const { hostname, port } = this.#target;
    const { method, url: path } = incoming;
    // the name of another machine, which led here through a proxy
    const headers = isLocalHost(incoming.headers.host)
      ? incoming.headers
      : { ...incoming.headers, host: this.#target.host };
    const forward = httpRequest({ hostname, port, method, path, headers, agent: this.#agent });
    forward.end(recorded.body);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      forward.once('response', resolve).once('error', reject);
    });
    const body = await buffer(answer);
    if (lose) response.destroy();
    else response.writeHead(answer.statusCode ?? 500, answer.headers).end(body);
  }

  #count(method: string, change: 1 | -1): void {
    const open = this.open(method) + change;
    this.#open.set(method, open);
    this.peak.set(method, Math.max(open, this.peak.get(method) ?? 0));
  }
}

async function record(incoming: IncomingMessage): Promise<Recorded> {
  const { method = '', headers } = incoming;
  const url = new URL(incoming.url ?? '/', 'http://proxy');
  const body = await buffer(incoming);
  return { method, path: url.pathname, query: url.searchParams, headers, body, json: parsed(body) };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function inject(response: ServerResponse, { status, headers = {}, body = '' }: Injected): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}
