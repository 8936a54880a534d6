import { type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { create, fromBinary, fromJson, toBinary, type JsonValue } from '@bufbuild/protobuf';
import { messagePrefix, readMessage } from '../../src/api/grpc/frames.js';
import { openSession } from '../../src/api/grpc/session.js';
import { messageToJson } from '../../src/api/grpc/to-json.js';
import { originUrl } from '../../src/api/network/base-url.js';
import { isList, isObject, type Json, type JsonObject } from '../../src/wire/json.js';
import { UserAppIDSetSchema, type UserAppIDSet } from '../../src/wire/proto/accounts_pb.js';
import { V2 } from '../../src/wire/proto/service_pb.js';
import { operations, type Answer, type Caller, type CallOptions, type Gate, type Target } from './operations.js';

/** A gRPC call before anything of it is read. */
export interface RawCall extends CallOptions {
  /** The last part of its path. */
  readonly method: string;
  readonly message: Uint8Array;
}

/** The end of a call, with the bytes of its answer. */
export interface RawEnd extends Omit<Answer, 'body'> {
  readonly bytes: Buffer;
}

/** The service over gRPC, with nothing between the probes and what it says. */
export class GrpcCaller implements Caller {
  readonly #target: Target;
  readonly #gate: Gate;
  #session: ClientHttp2Session | undefined;

  constructor(target: Target, gate: Gate) {
    this.#target = target;
    this.#gate = gate;
  }

  async call(name: keyof typeof operations, fields: JsonObject, options: CallOptions = {}): Promise<Answer> {
    const { rpc } = operations[name];
    const method = V2.methods.find((one) => one.name === rpc);
    if (method === undefined) throw new Error(`no method ${rpc}`);
    const message = toBinary(method.input, fromJson(method.input, mutable({ ...this.#app(), ...fields })));
    const { bytes, ...ended } = await this.send({ method: rpc, message, ...options });
    const answer = await readMessage(bytes, ended.headers['grpc-encoding']);
    return { ...ended, body: answer ? messageToJson(method.output, fromBinary(method.output, answer)) : {} };
  }

  /** Sends what the probe wrote, as it stands. */
  async send({ method, message, authorization = `Key ${this.#target.key}` }: RawCall): Promise<RawEnd> {
    const signal = await this.#gate.pass();
    const session = await this.#connect(signal);
    const stream = session.request(
      {
        ':method': 'POST',
        ':authority': this.#origin.host,
        ':path': `/clarifai.api.V2/${method}`,
        'content-type': 'application/grpc',
        te: 'trailers',
        'grpc-accept-encoding': 'identity,gzip',
        ...(authorization !== '' && { authorization }),
      },
      { endStream: false, signal },
    );
    const pieces: Buffer[] = [];
    let headers: Readonly<Record<string, string>> = {};
    let trailers: Readonly<Record<string, string>> = {};
    let error: Error | undefined;
    stream.once('response', (got) => (headers = textsOf(got)));
    stream.once('trailers', (got: IncomingHttpHeaders) => (trailers = textsOf(got)));
    stream.on('data', (piece: Buffer) => pieces.push(piece));
    stream.on('error', (thrown: Error) => (error ??= thrown));
    stream.end(Buffer.concat([messagePrefix(message.length), message]));
    await new Promise<void>((resolve) => stream.once('close', resolve));
    if (error !== undefined) throw error;
    const status = trailers['grpc-status'] ?? headers['grpc-status'];
    const ended = { http: Number(headers[':status'] ?? 0), grpc: status === undefined ? undefined : Number(status) };
    return { ...ended, headers, trailers, bytes: Buffer.concat(pieces) };
  }

  /** Sends a message that the probe makes of the app's name. */
  async sendInApp(method: string, make: (app: UserAppIDSet) => Uint8Array): Promise<RawEnd> {
    const { userId, appId } = this.#target;
    return await this.send({ method, message: make(create(UserAppIDSetSchema, { userId, appId })) });
  }

  /** The protocol that TLS agreed on; `h2c` in the clear. */
  async protocol(): Promise<string> {
    return (await this.#connect(await this.#gate.pass())).alpnProtocol ?? 'none';
  }

  inApp(appId: string): GrpcCaller {
    return new GrpcCaller({ ...this.#target, appId }, this.#gate);
  }

  close(): void {
    this.#session?.destroy();
  }

  async #connect(signal: AbortSignal): Promise<ClientHttp2Session> {
    if (this.#session === undefined || this.#session.closed || this.#session.destroyed) {
      this.#session = await openSession({ origin: this.#origin, proxy: undefined, ca: [] }, signal);
    }
    return this.#session;
  }

  get #origin(): URL {
    return originUrl({ ...this.#target, insecureHttp: false });
  }

  #app(): JsonObject {
    return { user_app_id: { user_id: this.#target.userId, app_id: this.#target.appId } };
  }
}

function textsOf(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** The library takes JSON that may be written to. */
function mutable(value: Json): JsonValue {
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mutable(item)]));
  return isList(value) ? value.map((item) => mutable(item)) : value;
}
