import { once } from 'node:events';
import { createServer, type Http2Server, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';

/** A request as it came over the wire: nothing of its body is read yet. */
export interface GrpcRequest {
  /** `PostInputs`. */
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly stream: ServerHttp2Stream;
  /** How many came before it. */
  readonly index: number;
}

export interface GrpcServer {
  readonly url: string;
  readonly requests: readonly GrpcRequest[];
  /** Connections that were opened. */
  readonly sessions: () => number;
}

/** A service that answers as a test has it, on a free port until the test ends. */
export async function serveGrpc(
  t: TestContext,
  answer: (request: GrpcRequest) => void | Promise<void>,
): Promise<GrpcServer> {
  const server = createServer();
  const requests: GrpcRequest[] = [];
  let sessions = 0;
  server.on('session', (session) => {
    sessions += 1;
    t.after(() => {
      session.destroy();
    });
  });
  server.on('sessionError', () => undefined);
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    const method = (headers[':path'] ?? '').split('/').at(-1) ?? '';
    const request = { method, headers, stream, index: requests.length };
    requests.push(request);
    void answer(request);
  });
  const url = await listen(t, server);
  return { url, requests, sessions: () => sessions };
}

async function listen(t: TestContext, server: Http2Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  return `http://127.0.0.1:${address.port}`;
}

/** The message of a request, read whole. */
export async function readRequest<Desc extends DescMessage>(
  schema: Desc,
  { stream }: GrpcRequest,
): Promise<MessageShape<Desc>> {
  return fromBinary(schema, (await buffer(stream)).subarray(5));
}

/** A message with its prefix. */
export function framed<Desc extends DescMessage>(schema: Desc, fields: MessageInitShape<Desc>): Buffer {
  const message = toBinary(schema, create(schema, fields));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

export interface Answer {
  readonly body?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly trailers?: Readonly<Record<string, string>>;
}

/** Answers in gRPC's way: status 0 unless the trailers say otherwise. */
export function respond(
  stream: ServerHttp2Stream,
  { body = Buffer.alloc(0), headers = {}, trailers = {} }: Answer,
): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...headers }, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers({ 'grpc-status': '0', ...trailers });
  });
  stream.end(body);
}

/** Answers with a status and nothing else, in one frame. */
export function fail(stream: ServerHttp2Stream, status: number, more: Readonly<Record<string, string>> = {}): void {
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(status), ...more },
    { endStream: true },
  );
}
