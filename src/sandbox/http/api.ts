import { setTimeout as sleep } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../wire/json.js';
import { statusCodes } from '../../wire/status.js';
import { type Answer, statusBody } from '../operations/answers.js';
import { appOfBody } from '../requests/bodies.js';
import type { Exchange, Reply } from './exchange.js';
import { checkKey } from './key-check.js';
import type { App } from '../state/records.js';
import { notFound, Refusal } from '../requests/refusals.js';
import { type Endpoint, routeOf } from './routes.js';
import type { Call, Service } from '../operations/service.js';

/** A request under /v2, taken apart as far as its address goes. */
export interface ApiRequest {
  readonly exchange: Exchange;
  /** The path's parts after /v2; undefined where it cannot be read. */
  readonly parts: readonly string[] | undefined;
  readonly query: URLSearchParams;
  readonly origin: string;
}

export interface Api {
  readonly service: Service;
  readonly key: string;
  readonly now: () => number;
  /** Ends waits when the server closes. */
  readonly signal: AbortSignal;
}

/** Whose inputs a key without any other word is for; `me` is the same user. */
const ownApp: App = { user: 'sandbox', app: 'sandbox' };

const httpByCode: ReadonlyMap<number, number> = new Map<number, number>([
  [statusCodes.ok, 200],
  [statusCodes.mixed, 207],
  [statusCodes.keyInvalid, 401],
  [statusCodes.keyNotFound, 401],
  [statusCodes.doesNotExist, 404],
  [statusCodes.methodNotAllowed, 405],
  [statusCodes.messageTooLarge, 413],
]);

const internalError = 99009;

/** Answers a request under /v2, or has it fail in the way that was asked for. */
export async function serveApi(api: Api, request: ApiRequest): Promise<void> {
  const { faults } = api.service;
  if (faults.latencyMs > 0) await sleep(faults.latencyMs, undefined, { signal: api.signal });
  const { exchange } = request;
  const throttled = faults.throttled();
  if (throttled !== undefined) {
    await exchange.send(replyOf(429, { status: { ...throttled, req_id: requestId(request) } }));
    return;
  }
  const trouble = faults.gatewayError();
  if (trouble !== undefined) {
    await exchange.send({ http: trouble.http, contentType: trouble.contentType, content: trouble.text });
    return;
  }
  const answer = await answerOf(api, request);
  const status = { ...statusBody(answer), req_id: requestId(request) };
  await deliver(exchange, replyOf(httpOf(answer.code), { status, ...answer.fields }), faults.loss());
}

async function deliver(exchange: Exchange, reply: Reply, loss: 'drop' | 'truncate' | undefined): Promise<void> {
  if (loss === 'drop') exchange.drop();
  else if (loss === 'truncate') exchange.sendHalf(reply);
  else await exchange.send(reply);
}

async function answerOf(api: Api, request: ApiRequest): Promise<Answer> {
  const route = request.parts && routeOf(request.exchange.request.method ?? '', request.parts);
  try {
    checkKey(request.exchange.request.headers.authorization, api.key);
    if (route === undefined) throw notFound();
    const { endpoint, id } = route;
    if (endpoint === undefined) throw new Refusal(statusCodes.methodNotAllowed, 'Method Not Allowed');
    const body = (await request.exchange.readJson()) ?? {};
    const app = appOf([route, appOfBody(body), appOfQuery(request.query)]);
    const now = Math.floor(api.now());
    return await work(api.service, endpoint, { app, id, query: request.query, body, now, origin: request.origin });
  } catch (thrown) {
    return refusalAnswer(thrown, route?.endpoint);
  }
}

async function work(service: Service, endpoint: Endpoint, call: Call): Promise<Answer> {
  try {
    service.store.settle(call.now);
    return await endpoint.run(service, call);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) service.failed(thrown);
    throw thrown;
  }
}

/** The one place where what was thrown becomes a body. */
function refusalAnswer(thrown: unknown, endpoint: Endpoint | undefined): Answer {
  const fields = Object.fromEntries((endpoint?.lists ?? []).map((list) => [list, []]));
  if (thrown instanceof Refusal) return { code: thrown.code, details: thrown.details, fields };
  return { code: internalError, details: thrown instanceof Error ? thrown.message : String(thrown), fields };
}

interface NamedApp {
  readonly user: string | undefined;
  readonly app: string | undefined;
}

/** The first name that is given counts: the path's, the body's, the query's, the key's own. */
function appOf(named: readonly NamedApp[]): App {
  const user = named.find((one) => one.user !== undefined)?.user ?? ownApp.user;
  const app = named.find((one) => one.app !== undefined)?.app ?? ownApp.app;
  return { user: user === 'me' ? ownApp.user : user, app };
}

function appOfQuery(query: URLSearchParams): NamedApp {
  const named = (name: string): string | undefined => query.getAll(`user_app_id.${name}`).find((value) => value !== '');
  return { user: named('user_id'), app: named('app_id') };
}

function httpOf(code: number): number {
  return httpByCode.get(code) ?? (code === internalError ? 500 : 400);
}

function replyOf(http: number, body: JsonObject): Reply {
  return { http, contentType: 'application/json', content: JSON.stringify(body) };
}

/** 32 hex digits, after the prefix that the request may ask for. */
function requestId({ exchange }: ApiRequest): string {
  const prefix = exchange.request.headers['x-clarifai-request-id-prefix'];
  const id = randomBytes(16).toString('hex');
  return typeof prefix === 'string' && prefix !== '' ? `${prefix}-${id}` : id;
}
