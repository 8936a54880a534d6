import { connect, type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2';
import type { TestContext } from 'node:test';
import { create, toBinary } from '@bufbuild/protobuf';
import { ListInputsRequestSchema, PostInputsRequestSchema } from '../../../src/wire/proto/requests/inputs_pb.js';
import { key } from '../raw-http.js';

/** How a call ended. */
export interface Ended {
  readonly http: number | undefined;
  /** `grpc-status`; undefined: it was broken off. */
  readonly code: number | undefined;
  readonly message: string | undefined;
  /** What came in place of a message or beside it, with its prefix. */
  readonly bytes: Buffer;
}

/** A connection of our own making, until the test ends. */
export function openSession(t: TestContext, port: number): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  t.after(() => {
    session.destroy();
  });
  return session;
}

/** Opens a call and sends nothing yet. */
export function openCall(
  session: ClientHttp2Session,
  method: string,
  headers: OutgoingHttpHeaders = {},
): ClientHttp2Stream {
  const stream = session.request({
    ':method': 'POST',
    ':path': `/clarifai.api.V2/${method}`,
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization: `Key ${key}`,
    ...headers,
  });
  stream.on('error', () => undefined);
  return stream;
}

/** Resolves when a call has ended in one way or another. */
export function endOf(stream: ClientHttp2Stream): Promise<Ended> {
  return new Promise((resolve) => {
    let http: number | undefined;
    const trailers = new Map<string, unknown>();
    const pieces: Buffer[] = [];
    const keep = (headers: object): void => {
      for (const [name, value] of Object.entries(headers)) trailers.set(name, value);
    };
    stream.on('response', (headers) => {
      http = headers[':status'];
      keep(headers);
    });
    stream.on('trailers', keep);
    stream.on('data', (piece: Buffer) => pieces.push(piece));
    stream.on('close', () => {
      const [code, message] = [trailers.get('grpc-status'), trailers.get('grpc-message')];
      resolve({
        http,
        code: code === undefined ? undefined : Number(code),
        message: typeof message === 'string' ? decodeURI(message) : undefined,
        bytes: Buffer.concat(pieces),
      });
    });
  });
}

/** A message with the five bytes before it. */
export function framed(message: Uint8Array, { length = message.length, flag = 0 } = {}): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flag, 0);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

/** One call from its beginning to its end. */
export async function callRaw(
  session: ClientHttp2Session,
  method: string,
  body: Uint8Array,
  headers: OutgoingHttpHeaders = {},
): Promise<Ended> {
  const stream = openCall(session, method, headers);
  const ended = endOf(stream);
  stream.end(body);
  return await ended;
}

/** A request for the newest inputs. */
export const listAll = framed(toBinary(ListInputsRequestSchema, create(ListInputsRequestSchema)));

/** A request to add one input by URL, without its prefix. */
export function postUrl(id: string): Uint8Array {
  const inputs = [{ id, data: { image: { url: `https://pictures.example/${id}.jpg` } } }];
  return toBinary(PostInputsRequestSchema, create(PostInputsRequestSchema, { inputs }));
}
