import { readFile } from 'node:fs/promises';
import { inputJson } from '../http/answer-json.js';
import { showInput, type View } from '../operations/answers.js';
import type { Reply } from '../reply.js';
import { listingOf, type Wanted } from './search.js';
import type { Store } from '../state/store.js';

export interface PageRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly view: View;
}

// the build copies them beside the compiled code, so that the place is the same from src and from dist
const folder = new URL('browser/', import.meta.url);

const fileForm = /^\/page\/([a-z]+\.(?:css|js))$/;
const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

// Nothing from elsewhere, nothing written into the page, no text that is made into markup
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "media-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const headers = {
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
};

// A large screen and as much above and below it
const maxCards = 600;
// Above every number of adding, of which there are 10^12
const newest = 1e12 - 2;

/** The page at / and what it loads; undefined for any other path. */
export async function pageReply(request: PageRequest, store: Store): Promise<Reply | undefined> {
  const { path, query, view } = request;
  if (path === '/page/inputs') return json(await listingOf(store, parseSearch(query), view.now));
  if (path === '/page/input') return detailsReply(request, store);
  const name = path === '/' ? 'page.html' : fileForm.exec(path)?.[1];
  return name === undefined ? undefined : fileReply(name);
}

async function fileReply(name: string): Promise<Reply | undefined> {
  const content = await readFile(new URL(name, folder)).catch(() => undefined);
  const contentType = contentTypes[name.slice(name.lastIndexOf('.') + 1)];
  return content && contentType !== undefined ? { http: 200, contentType, content, headers } : undefined;
}

function detailsReply({ query, view }: PageRequest, store: Store): Reply | undefined {
  const app = { user: query.get('user') ?? '', app: query.get('app') ?? '' };
  const input = store.find(app, query.get('id') ?? '');
  return input && json(inputJson(showInput(input, view)));
}

function parseSearch(query: URLSearchParams): Wanted {
  return {
    upto: parseWhole(query, 'upto', { defaultValue: newest, max: newest }),
    offset: parseWhole(query, 'offset', { defaultValue: 0, max: newest }),
    limit: parseWhole(query, 'limit', { defaultValue: 60, max: maxCards }),
    status: parseWhole(query, 'status', { defaultValue: 0, max: 99_999 }),
    concept: query.get('concept') ?? '',
    text: query.get('text') ?? '',
    user: query.get('user') ?? '',
    app: query.get('app') ?? '',
  };
}

/** A number of the query, made to fit. */
function parseWhole(
  query: URLSearchParams,
  name: string,
  { defaultValue, max }: { defaultValue: number; max: number },
): number {
  const text = query.get(name) ?? '';
  return /^\d+$/.test(text) ? Math.min(max, Number(text)) : defaultValue;
}

function json(content: object): Reply {
  return { http: 200, contentType: 'application/json', content: JSON.stringify(content), headers };
}
