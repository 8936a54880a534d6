import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { create, fromBinary, fromJson, toBinary, type DescMethod, type JsonValue } from '@bufbuild/protobuf';
import { messageToJson } from '../src/api/grpc/to-json.js';
import { codeOf } from '../src/api/answers.js';
import { isObject, isList, type Json, type JsonObject } from '../src/wire/json.js';
import { V2 } from '../src/wire/proto/service_pb.js';
import { answerWith, GrpcUpstream } from './grpc-upstream.js';
import type { Injected, Recorded } from './recording-proxy.js';

/** A gRPC request with the same request as REST has it, so that tests can look at one form of both. */
export interface RecordedCall {
  readonly recorded: Recorded;
  readonly method: DescMethod;
}

/** The gRPC half of the recording proxy: what it takes in, what it hands on, what it answers itself. */
export class GrpcRecorder {
  readonly #server: Http2Server;
  readonly #upstream: GrpcUpstream;

  constructor(target: string, take: (call: RecordedCall, stream: ServerHttp2Stream) => Promise<void>) {
    this.#upstream = new GrpcUpstream(target);
    this.#server = createServer();
    this.#server.on('sessionError', () => undefined);
    this.#server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      const name = (headers[':path'] ?? '').split('/').at(-1) ?? '';
      const method = V2.methods.find((one) => one.name === name);
      if (method === undefined) throw new Error(`no method ${name}`);
      void buffer(stream)
        .then(async (body) => {
          await take({ recorded: asRest(method, { ...headers }, body), method }, stream);
        })
        .catch(() => stream.session?.destroy());
    });
  }

  accept(socket: Socket): void {
    this.#server.emit('connection', socket);
  }

  close(): void {
    this.#upstream.close();
  }

  /** Has the service do the work; its answer goes on, or is lost with the connection. */
  async forward({ recorded }: RecordedCall, stream: ServerHttp2Stream, lose: boolean): Promise<void> {
    const answer = await this.#upstream.send(recorded.headers, recorded.body);
    if (lose) stream.session?.destroy();
    else answerWith(stream, answer);
  }
}

/** What a test answers as REST would, in gRPC's way: a body with a status is a message, anything else stays HTTP. */
export function injectGrpc(stream: ServerHttp2Stream, { method }: RecordedCall, injected: Injected): void {
  const { status, headers = {}, body = '' } = injected;
  const more = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  if (!isObject(body) || (status >= 400 && !isObject(body['status']))) {
    stream.respond({ ':status': status, 'content-type': 'text/html', ...more });
    stream.end(typeof body === 'string' ? body : JSON.stringify(body));
    return;
  }
  const json = isObject(body['status']) ? { ...body, status: grpcStatusOf(body['status'], status) } : body;
  const message = fromJson(method.output, mutable(json), { ignoreUnknownFields: true });
  const bytes = toBinary(method.output, create(method.output, message));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(bytes.length, 1);
  stream.respond({ ':status': 200, ...more, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers({ 'grpc-status': '0' });
  });
  stream.end(Buffer.concat([prefix, bytes]));
}

function grpcStatusOf(status: JsonObject, http: number): JsonObject {
  return { ...status, code: codeOf(status['code']), http_status_code: http };
}

function mutable(value: Json): JsonValue {
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mutable(item)]));
  return isList(value) ? value.map((item) => mutable(item)) : value;
}

/** Method, path and query that the same request has over REST. */
const routes: Readonly<Record<string, readonly [method: string, path: string, query?: readonly string[]]>> = {
  PostInputs: ['POST', '/inputs'],
  ListInputs: ['GET', '/inputs', ['page', 'per_page', 'ids']],
  StreamInputs: ['GET', '/inputs/stream', ['per_page', 'last_id', 'descending']],
  GetInput: ['GET', '/inputs/{input_id}'],
  GetInputCount: ['GET', '/inputs/status'],
  PatchInputs: ['PATCH', '/inputs'],
  DeleteInput: ['DELETE', '/inputs/{input_id}'],
  DeleteInputs: ['DELETE', '/inputs'],
  ListConcepts: ['GET', '/concepts', ['page', 'per_page']],
  ListDatasets: ['GET', '/datasets', ['page', 'per_page']],
  GetDataset: ['GET', '/datasets/{dataset_id}'],
  ListDatasetInputs: ['GET', '/datasets/{dataset_id}/inputs', ['page', 'per_page']],
  PostInputsDataSources: ['POST', '/inputs/data_sources'],
  GetInputsAddJob: ['GET', '/inputs/jobs/add/{id}'],
  ListInputsAddJobs: ['GET', '/inputs/jobs/add', ['page', 'per_page']],
  GetInputsExtractionJob: ['GET', '/inputs/jobs/extraction/{inputs_extraction_job_id}'],
};

function asRest(method: DescMethod, headers: Recorded['headers'], body: Buffer): Recorded {
  const { user_app_id: app, ...fields } = messageToJson(method.input, fromBinary(method.input, body.subarray(5)));
  const [verb = '', path = '', names = []] = routes[method.name] ?? [];
  const prefix = isObject(app) ? `/v2/users/${textOf(app['user_id'])}/apps/${textOf(app['app_id'])}` : '/v2';
  const query = new URLSearchParams();
  for (const name of names) {
    const value = fields[name];
    for (const item of isList(value) ? value : value === undefined ? [] : [value]) query.append(name, textOf(item));
  }
  const status = fields['status'];
  if (isObject(status)) query.set('status.code', textOf(status['code']));
  const whole = prefix + path.replace(/\{(\w+)\}/, (_, name: string) => encodeURIComponent(textOf(fields[name])));
  return { method: verb, path: whole, query, headers, body, json: verb === 'GET' ? undefined : fields };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
