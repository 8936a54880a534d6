import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../api.js';
import { type Answer, answerThrown } from '../operations/answers.js';
import { perform } from '../operations/service.js';
import { checkKey } from '../requests/key-check.js';
import { isLocalHost } from '../requests/local-host.js';
import { chooseApp } from '../requests/named-app.js';
import { newRequestId, prefixHeader } from '../requests/request-id.js';
import { statusMessage } from './answer-messages.js';
import type { GrpcCall } from './grpc-call.js';
import { GrpcError, grpcCodes } from './grpc-status.js';
import { readNamedApp } from './message-requests.js';
import type { Method, ReadRequest } from './method.js';
import { methodOf } from './methods.js';

/** Answers a call, or has it fail in the way that was asked for. */
export async function serveCall(api: Api, call: GrpcCall): Promise<void> {
  const refusal = httpRefusalOf(call);
  if (refusal !== undefined) {
    await call.sendHttpStatus(refusal);
    return;
  }
  try {
    await answerCall(api, call);
  } catch (thrown) {
    await call.sendError(call.signal.aborted ? asGrpcError(call.signal.reason) : asGrpcError(thrown));
  }
}

/** The HTTP status for a request that is not a gRPC call, or is meant for another host. */
function httpRefusalOf({ headers }: GrpcCall): number | undefined {
  if (!isLocalHost(headers[':authority'])) return 421;
  return /^application\/grpc(?:\+proto)?(?:;|$)/.test(headers['content-type'] ?? '') ? undefined : 415;
}

async function answerCall(api: Api, call: GrpcCall): Promise<void> {
  const { faults } = api.service;
  const method = methodOf(call.path);
  if (method === undefined) throw new GrpcError(grpcCodes.unimplemented, `No method ${call.path}.`);
  if (faults.latencyMs > 0) await sleep(faults.latencyMs, undefined, { signal: call.signal });
  const throttled = faults.throttled();
  if (throttled !== undefined) {
    await call.sendMessage(print(method, { status: throttled }, call));
    return;
  }
  const trouble = faults.gatewayError();
  if (trouble !== undefined) throw new GrpcError(grpcCodes.unavailable, trouble.text);
  const message = print(method, await runCall(api, call, method), call);
  call.signal.throwIfAborted();
  const loss = faults.loss();
  if (loss === 'drop') call.drop();
  else if (loss === 'truncate') await call.sendHalf(message);
  else await call.sendMessage(message);
}

async function runCall(api: Api, call: GrpcCall, method: Method): Promise<Answer> {
  const unauthorized = refusedKey(call.headers.authorization, api.key);
  if (unauthorized !== undefined) return unauthorized;
  const { bytes, release } = await call.receive();
  try {
    const request = readRequest(method, bytes);
    const app = chooseApp([readNamedApp(request.userAppId)]);
    const now = Math.floor(api.now());
    const origin = `${call.headers[':scheme'] === 'https' ? 'https' : 'http'}://${call.headers[':authority'] ?? ''}`;
    call.signal.throwIfAborted();
    return await perform(api.service, now, () => request.run(api.service, { app, now, origin })).catch(answerThrown);
  } finally {
    release();
  }
}

/** The answer to a call without the key; its message is not read. */
function refusedKey(authorization: string | undefined, key: string): Answer | undefined {
  try {
    checkKey(authorization, key);
    return undefined;
  } catch (thrown) {
    return answerThrown(thrown);
  }
}

function readRequest(method: Method, bytes: Buffer): ReadRequest {
  try {
    return method.read(bytes);
  } catch {
    throw new GrpcError(grpcCodes.internal, 'The request is not a message of this method.');
  }
}

function print(method: Method, answer: Answer, call: GrpcCall): Uint8Array {
  return method.print(answer, statusMessage(answer.status, newRequestId(call.headers[prefixHeader])));
}

function asGrpcError(thrown: unknown): GrpcError {
  if (thrown instanceof GrpcError) return thrown;
  return new GrpcError(grpcCodes.internal, thrown instanceof Error ? thrown.message : String(thrown));
}
