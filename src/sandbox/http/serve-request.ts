import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../wire/json.js';
import { statusCodes } from '../../wire/status.js';
import type { Api } from '../api.js';
import { type Answer, answerThrown } from '../operations/answers.js';
import type { GatewayError } from '../operations/faults.js';
import { perform } from '../operations/service.js';
import type { Reply } from '../reply.js';
import { checkKey } from '../requests/key-check.js';
import { chooseApp } from '../requests/named-app.js';
import { notFound, Refusal } from '../requests/refusals.js';
import { newRequestId, prefixHeader } from '../requests/request-id.js';
import { answerJson, statusJson } from './answer-json.js';
import type { Exchange } from './exchange.js';
import { readNamedApp } from './json-requests.js';
import { readQueryApp } from './query.js';
import { findRoute } from './routes.js';

/** A request under /v2, taken apart as far as its address goes. */
export interface ApiRequest {
  readonly exchange: Exchange;
  /** The path's parts after /v2; undefined where it cannot be read. */
  readonly parts: readonly string[] | undefined;
  readonly query: URLSearchParams;
  readonly origin: string;
}

/** An answer, and the lists that are printed even if it has none. */
interface RestAnswer {
  readonly answer: Answer;
  readonly lists: readonly string[];
}

const httpByCode: ReadonlyMap<number, number> = new Map<number, number>([
  [statusCodes.ok, 200],
  [statusCodes.mixed, 207],
  [statusCodes.keyInvalid, 401],
  [statusCodes.keyNotFound, 401],
  [statusCodes.doesNotExist, 404],
  [statusCodes.methodNotAllowed, 405],
  [statusCodes.messageTooLarge, 413],
  [99009, 500],
]);

/** Answers a request under /v2, or has it fail in the way that was asked for. */
export async function serveRequest(api: Api, request: ApiRequest): Promise<void> {
  const { faults } = api.service;
  if (faults.latencyMs > 0) await sleep(faults.latencyMs, undefined, { signal: api.signal });
  const { exchange } = request;
  const throttled = faults.throttled();
  if (throttled !== undefined) {
    // The code is a name here, as recorded
    const status = { ...statusJson(throttled), code: 'CONN_THROTTLED', req_id: requestId(request) };
    await exchange.send(replyOf(429, { status }));
    return;
  }
  const trouble = faults.gatewayError();
  if (trouble !== undefined) {
    await exchange.send(gatewayReply(trouble));
    return;
  }
  const { answer, lists } = await answerOf(api, request);
  const status = { ...statusJson(answer.status), req_id: requestId(request) };
  const emptyLists = Object.fromEntries(lists.map((list) => [list, []]));
  const body = { status, ...emptyLists, ...answerJson(answer) };
  await deliver(exchange, replyOf(httpByCode.get(answer.status.code) ?? 400, body), faults.loss());
}

async function deliver(exchange: Exchange, reply: Reply, loss: 'drop' | 'truncate' | undefined): Promise<void> {
  if (loss === 'drop') exchange.drop();
  else if (loss === 'truncate') exchange.sendHalf(reply);
  else await exchange.send(reply);
}

async function answerOf(api: Api, request: ApiRequest): Promise<RestAnswer> {
  const { service } = api;
  const { exchange, query, origin } = request;
  const route = request.parts && findRoute(exchange.request.method ?? '', request.parts);
  const lists = route?.endpoint?.lists ?? [];
  try {
    checkKey(exchange.request.headers.authorization, api.key);
    if (route === undefined) throw notFound();
    const { endpoint, id } = route;
    if (endpoint === undefined) throw new Refusal(statusCodes.methodNotAllowed, 'Method Not Allowed');
    const body = (await exchange.readJson()) ?? {};
    const app = chooseApp([route, readNamedApp(body), readQueryApp(query)]);
    const now = Math.floor(api.now());
    const answer = await perform(service, now, () => endpoint.run(service, { id, query, body }, { app, now, origin }));
    return { answer, lists };
  } catch (thrown) {
    return { answer: answerThrown(thrown), lists };
  }
}

function gatewayReply({ http, text, asHtml }: GatewayError): Reply {
  if (!asHtml) return replyOf(http, { status: { code: statusCodes.failure, description: text } });
  const content = `<html><head><title>${http} ${text}</title></head><body><h1>${http} ${text}</h1></body></html>\n`;
  return { http, contentType: 'text/html', content };
}

function replyOf(http: number, body: JsonObject): Reply {
  return { http, contentType: 'application/json', content: JSON.stringify(body) };
}

function requestId({ exchange }: ApiRequest): string {
  return newRequestId(exchange.request.headers[prefixHeader]);
}
