import { codesByName } from '../../wire/status.js';
import type { ListRequest, PageRequest, StreamRequest } from '../requests/list-requests.js';
import type { NamedApp } from '../requests/named-app.js';
import { invalidRequest } from '../requests/refusals.js';

const maxUint32 = 0xffff_ffff;

/** The query of a request that is answered by pages. */
export function readPage(query: URLSearchParams): PageRequest {
  return { page: readWhole(query, 'page'), perPage: readWhole(query, 'per_page') };
}

/** The query of GET /inputs. */
export function readList(query: URLSearchParams): ListRequest {
  const ids = query.getAll('ids').filter((id) => id !== '');
  return { ...readPage(query), ids, code: readCode(query) };
}

/** The query of GET /inputs/stream. */
export function readStream(query: URLSearchParams): StreamRequest {
  return {
    perPage: readWhole(query, 'per_page'),
    lastId: query.get('last_id') ?? '',
    descending: readFlag(query, 'descending'),
    byId: readFlag(query, 'order_by_id'),
  };
}

/** The app that a query names. */
export function readQueryApp(query: URLSearchParams): NamedApp {
  const named = (name: string): string | undefined => query.getAll(`user_app_id.${name}`).find((value) => value !== '');
  return { user: named('user_id'), app: named('app_id') };
}

function readWhole(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? '';
  if (!/^\d*$/.test(text) || Number(text) > maxUint32) throw invalidRequest(`${name} must be from 1 to ${maxUint32}`);
  return Number(text);
}

function readFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? '';
  if (/^(?:true|1)$/i.test(text)) return true;
  if (/^(?:false|0|)$/i.test(text)) return false;
  throw invalidRequest(`${name} must be true or false`);
}

/** The code of `status.code`, given by name or number; 0 where all are wanted. */
function readCode(query: URLSearchParams): number {
  const text = query.get('status.code') ?? '';
  if (/^\d*$/.test(text)) return Number(text);
  const code = Object.hasOwn(codesByName, text) ? codesByName[text] : undefined;
  if (code === undefined) throw invalidRequest('status.code must be the name or the number of a status code');
  return code;
}
