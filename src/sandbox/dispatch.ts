import { statusCodes } from '../wire/status.js';
import type { Api } from './api.js';
import { serveRequest } from './http/serve-request.js';
import { statusJson } from './http/answer-json.js';
import type { Exchange } from './http/exchange.js';
import { mediaReply } from './http/hosted-media.js';
import { settle } from './operations/service.js';
import { type PageRequest, pageReply } from './page/page-routes.js';
import type { Reply } from './reply.js';
import { isLocalHost } from './requests/local-host.js';

/** Answers one request: the API under /v2, else the page or hosted media; only to who asks for this machine. */
export async function dispatch(api: Api, exchange: Exchange): Promise<void> {
  const { url = '/', headers } = exchange.request;
  const host = headers.host ?? '';
  if (!isLocalHost(host)) {
    await exchange.send(plainReply(421, { code: statusCodes.invalidRequest, details: 'Host is not this machine' }));
    return;
  }
  const [path = '', ...search] = url.split('?');
  const parts = partsOf(path);
  const origin = `${exchange.isSecure ? 'https' : 'http'}://${host}`;
  const query = new URLSearchParams(search.join('?'));
  if (parts?.[0] === 'v2') {
    await serveRequest(api, { exchange, parts: parts.slice(1), query, origin });
    return;
  }
  const view = { now: Math.floor(api.now()), origin };
  await exchange.send((await openReply(api, exchange, { path, query, parts: parts ?? [], view })) ?? noSuchPath());
}

interface OpenRequest extends PageRequest {
  readonly parts: readonly string[];
}

/** Pages that are served without a key: the sandbox's page and hosted media. */
async function openReply({ service }: Api, { request }: Exchange, open: OpenRequest): Promise<Reply | undefined> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  await settle(service, open.view.now);
  if (open.parts[0] === 'media') return mediaReply(open.parts.slice(1), service.store, service.mediaStore);
  return pageReply(open, service.store);
}

function noSuchPath(): Reply {
  return plainReply(404, { code: statusCodes.doesNotExist });
}

function plainReply(http: number, status: { readonly code: number; readonly details?: string }): Reply {
  return { http, contentType: 'application/json', content: JSON.stringify({ status: statusJson(status) }) };
}

/** The parts of a path without slashes at its end; undefined where its escapes are broken. */
function partsOf(path: string): readonly string[] | undefined {
  try {
    return path.replace(/^\//, '').replace(/\/+$/, '').split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
