import { existsSync } from 'node:fs';
import type { AppId, GrpcClient } from '../api/grpc/client.js';
import { isLoopback } from '../api/network/base-url.js';
import { describeProxy, findProxy } from '../api/network/proxies.js';
import type { Delivery } from '../api/policy/delivery.js';
import type { LogLine } from '../api/policy/try.js';
import type { RestClient } from '../api/rest/client.js';
import type { InputsService, RequestSizes } from '../api/service.js';
import { MissingKeyError } from '../api/errors.js';
import type { Context } from '../context.js';
import type { Settings } from '../core/settings/settings.js';
import { settingProblem } from '../core/settings/names.js';
import { vendorConfigPath } from '../core/settings/vendor-context.js';
import { sanitizeForTerminal } from '../render/text.js';
import { serviceOrigin, serviceUrl } from './service-url.js';
import type { ServiceOptions, Session } from './session.js';
import { TroubleNotices } from './trouble-notices.js';
import { fileText } from './option-files.js';

/** The settings and options that the service is opened with. */
export type ServiceSources = Pick<Session, 'context' | 'options' | 'settings' | 'messages'>;

/** The service, for the account and the app of the settings; to be closed. Throws MissingKeyError, UsageError. */
export async function openService(
  sources: ServiceSources,
  options: ServiceOptions = { patient: false },
): Promise<InputsService> {
  return (await openWay(sources, options)).service;
}

/** Two apps: where it is one service for one key, they share its budget of requests. Throws as `openService` does. */
export async function openServices(
  from: ServiceSources,
  to: ServiceSources,
): Promise<{ readonly from: InputsService; readonly to: InputsService }> {
  const first = await openWay(from, {});
  const isSameService = serviceUrl(from).origin === serviceUrl(to).origin && keyOf(from) === keyOf(to);
  const second = await openWay(to, { shared: isSameService ? first.delivery : undefined });
  return { from: first.service, to: second.service };
}

interface OpenedService {
  readonly service: InputsService;
  readonly delivery: Delivery;
}

interface WayOptions extends Partial<ServiceOptions> {
  /** Of another app, whose budget of requests is this one's too. */
  readonly shared?: Delivery | undefined;
}

async function openWay(sources: ServiceSources, { patient = false, shared }: WayOptions): Promise<OpenedService> {
  const { context } = sources;
  const settings = sources.settings();
  const key = keyOf(sources);
  const url = serviceUrl(sources);
  const caFile = settings['ca-cert']?.value;
  const direct = isLoopback(url.hostname) ? url.hostname : undefined;
  const way: Way = {
    key,
    timeoutMs: Number(settings.timeout?.value) * 1000,
    ca: caFile === undefined ? [] : await authoritiesIn(caFile, context),
    direct,
    proxy: direct === undefined ? describeProxy(url, context.env) : undefined,
  };
  const delivery = shared ?? (await openDelivery(sources, way, patient));
  const open = settings.transport?.value === 'grpc' ? openGrpc : openRest;
  return { service: await open(sources, way, delivery), delivery };
}

/** How large requests get, which can be told without a key. */
export async function requestSizes(transport: string | undefined): Promise<RequestSizes> {
  if (transport === 'grpc') return (await import('../api/grpc/requests.js')).grpcSizes;
  return (await import('../api/rest/requests.js')).restSizes;
}

/** The parts that both transports need to reach the service. */
interface Way {
  readonly key: string;
  readonly timeoutMs: number;
  readonly ca: readonly string[];
  readonly direct: string | undefined;
  readonly proxy: string | undefined;
}

async function openDelivery(sources: ServiceSources, { proxy }: Way, patient: boolean): Promise<Delivery> {
  const { context, messages } = sources;
  const settings = sources.settings();
  const { Delivery } = await import('../api/policy/delivery.js');
  const { origin, host } = serviceUrl(sources);
  const notices = new TroubleNotices(messages, context, host);
  return new Delivery({
    retries: Number(settings.retries?.value),
    patient,
    requestsPerSecond: Number(settings.rps?.value),
    proxy,
    clock: context.clock,
    stopping: context.stopping,
    log: (line) => {
      messages.verbose(lineText(line));
    },
    onTrouble: (trouble) => {
      notices.show(trouble);
    },
    address: { origin, setBy: settings['api-base']?.from },
  });
}

async function openRest(sources: ServiceSources, way: Way, delivery: Delivery): Promise<RestClient> {
  const { clock, leaving, env } = sources.context;
  const { openDispatcher } = await import('../api/rest/connection.js');
  const { RestClient } = await import('../api/rest/client.js');
  const dispatcher = await openDispatcher({ env, ...way });
  return new RestClient(delivery, { baseUrl: serviceUrl(sources), ...way, dispatcher, clock, leaving });
}

async function openGrpc(sources: ServiceSources, way: Way, delivery: Delivery): Promise<GrpcClient> {
  const { clock, leaving, env } = sources.context;
  const { direct, ca, proxy } = way;
  const origin = serviceOrigin(sources);
  const { SessionPool } = await import('../api/grpc/session-pool.js');
  const { GrpcClient } = await import('../api/grpc/client.js');
  const pool = new SessionPool({ origin, proxy: findProxy(origin, { env, direct }), ca });
  let media: Promise<RestClient> | undefined;
  return new GrpcClient(delivery, {
    connection: { ...way, pool, clock, leaving, host: origin.host, proxy },
    app: appOf(sources.settings()),
    media: {
      fetchMedia: async (...request) => {
        await (await (media ??= openRest(sources, way, delivery))).fetchMedia(...request);
      },
      close: async () => {
        await (await media)?.close();
      },
    },
  });
}

/** The app of the settings; its owner is the key's user (`me`) if no user is set. */
function appOf(settings: Settings): AppId | undefined {
  const appId = settings['app-id']?.value;
  return appId === undefined ? undefined : { appId, userId: settings['user-id']?.value ?? 'me' };
}

async function authoritiesIn(file: string, context: Context): Promise<readonly string[]> {
  const { authorities } = await import('../api/network/authorities.js');
  return authorities(await fileText(file, '--ca-cert', context), `--ca-cert ${file}`, context.env);
}

/** The key, if it can be one; it is never shown, not even when it is wrong. */
function keyOf(sources: ServiceSources): string {
  const settings = sources.settings();
  const key = settings['api-key']?.value;
  if (key === undefined) {
    throw new MissingKeyError(`no API key${ignoredContext(sources)}`, {
      hint: "run 'clarifai-inputs config init', set CLARIFAI_PAT, or try it without an account: --sandbox",
    });
  }
  const problem = settingProblem('api-key', key);
  if (problem === undefined) return key;
  const { from } = settings['api-key'] ?? {};
  throw new MissingKeyError(`the API key ${problem}`, {
    hint: from === undefined ? undefined : `correct it in ${from}`,
  });
}

/** The key that the vendor's own client would use, where it is left alone: it goes to no service but its own. */
function ignoredContext({ context, options, settings }: ServiceSources): string {
  const path = vendorConfigPath(context);
  const isOther = options.profile !== undefined || settings()['api-base']?.origin !== 'default';
  return isOther && existsSync(path) ? ` (one in ${path} is not used with a profile or another API base)` : '';
}

function lineText({ request, outcome, ms, reqId }: LogLine): string {
  const id = reqId === undefined ? '' : ` req_id=${sanitizeForTerminal(reqId)}`;
  const shown = request.length > 200 ? `${request.slice(0, 200)}…` : request;
  return `${sanitizeForTerminal(shown)} -> ${sanitizeForTerminal(outcome)} in ${Math.round(ms)} ms${id}`;
}
