import type { LogLine } from '../api/policy/try.js';
import type { InputsService, RequestSizes } from '../api/service.js';
import { MissingKeyError } from '../api/errors.js';
import type { Context } from '../context.js';
import type { Settings } from '../core/settings/settings.js';
import { settingProblem } from '../core/settings/names.js';
import { plain } from '../render/text.js';
import { serviceUrl } from './service-url.js';
import type { Session } from './session.js';
import { TroubleNotices } from './trouble-notices.js';
import { fileText } from './option-files.js';

/** What the service is opened with. */
export type ServiceSources = Pick<Session, 'context' | 'options' | 'settings' | 'messages'>;

/** The service, for the account and the app of the settings; to be closed. Throws MissingKeyError, UsageError. */
export async function openService(sources: ServiceSources): Promise<InputsService> {
  const { context, options, messages } = sources;
  const settings = sources.settings();
  const key = keyOf(settings);
  const { openDispatcher, proxyFor } = await import('../api/rest/connection.js');
  const timeoutMs = Number(settings.timeout?.value) * 1000;
  const url = serviceUrl(sources);
  const caFile = settings['ca-cert']?.value;
  const ca = caFile === undefined ? [] : await authoritiesIn(caFile, context);
  const direct = options.sandbox ? url.hostname : undefined;
  const dispatcher = await openDispatcher({ env: context.env, timeoutMs, ca, direct });
  const { Delivery } = await import('../api/policy/delivery.js');
  const { RestClient } = await import('../api/rest/client.js');
  const { clock, stopping, leaving } = context;
  const proxy = direct === undefined ? proxyFor(url, context.env) : undefined;
  const notices = new TroubleNotices(messages, context, url.host);
  const delivery = new Delivery({
    retries: Number(settings.retries?.value),
    requestsPerSecond: Number(settings.rps?.value),
    proxy,
    clock,
    stopping,
    log: (line) => {
      messages.verbose(lineText(line));
    },
    onTrouble: (trouble) => {
      notices.show(trouble);
    },
    address: { origin: url.origin, setBy: settings['api-base']?.from },
  });
  return new RestClient(delivery, { baseUrl: url, key, timeoutMs, dispatcher, proxy, clock, leaving });
}

/** How large requests get, which can be told without a key. */
export async function requestSizes(): Promise<RequestSizes> {
  return (await import('../api/rest/requests.js')).restSizes;
}

async function authoritiesIn(file: string, { cwd, env }: Context): Promise<readonly string[]> {
  const { authorities } = await import('../api/rest/authorities.js');
  return authorities(await fileText(file, '--ca-cert', cwd), `--ca-cert ${file}`, env);
}

/** The key, if it can be one; it is never shown, not even when it is wrong. */
function keyOf(settings: Settings): string {
  const key = settings['api-key']?.value;
  if (key === undefined) {
    throw new MissingKeyError('no API key', {
      hint: "run 'clarifai-inputs config init', or set CLARIFAI_PAT, or try it without an account: --sandbox",
    });
  }
  if (settingProblem('api-key', key) !== undefined) {
    throw new MissingKeyError('the API key holds characters that no key has');
  }
  return key;
}

function lineText({ request, outcome, ms, reqId }: LogLine): string {
  const id = reqId === undefined ? '' : ` req_id=${plain(reqId)}`;
  const shown = request.length > 200 ? `${request.slice(0, 200)}…` : request;
  return `${plain(shown)} -> ${plain(outcome)} in ${Math.round(ms)} ms${id}`;
}
