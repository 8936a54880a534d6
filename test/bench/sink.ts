import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

// A service that takes whatever comes and does as little as it can: it counts the bytes, scans for ids without
// parsing, and answers each input as taken, and as indexed when it is asked. Run as a process of its own; prints its port.

const idMark = Buffer.from('"id":"');
/** Ids in the order of adding, and the place of each. */
const ordered: string[] = [];
const known = new Map<string, number>();
const requests = new Map<string, number>();
const latencyMs = Number(process.argv[2] ?? '0');
let bodyBytes = 0;
let made = 0;

const listPage = memoizedPages();

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sink');
  if (url.pathname === '/sink') {
    end(response, JSON.stringify({ requests: Object.fromEntries(requests), bodyBytes, inputs: known.size }));
    requests.clear();
    bodyBytes = 0;
    if (request.method === 'DELETE') {
      known.clear();
      ordered.length = 0;
    }
    return;
  }
  const path = url.pathname.slice(url.pathname.indexOf('/inputs'));
  const kind = `${request.method ?? ''} ${path}${url.searchParams.has('ids') ? '?ids' : ''}`;
  requests.set(kind, (requests.get(kind) ?? 0) + 1);
  if (request.method === 'POST') {
    const ids = await idsOf(request);
    for (const id of ids) {
      if (known.has(id)) continue;
      known.set(id, ordered.length);
      ordered.push(id);
    }
    end(response, `{"status":{"code":10000,"description":"Ok"},"inputs":[${ids.map(pending).join(',')}]}`);
    return;
  }
  if (latencyMs > 0) await sleep(latencyMs);
  if (path === '/inputs/stream') end(response, streamPage(url));
  else if (path === '/inputs/status') end(response, countsBody());
  else if (url.searchParams.has('ids')) {
    const there = url.searchParams.getAll('ids').filter((id) => known.has(id));
    end(response, `{"status":{"code":10000},"inputs":[${there.map(done).join(',')}]}`);
  } else end(response, listPage(url));
}

/** The ids of a body in their order; one that was sent without an id gets one. */
async function idsOf(request: IncomingMessage): Promise<readonly string[]> {
  const ids: string[] = [];
  let rest = Buffer.alloc(0);
  let inputs = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bodyBytes += chunk.length;
    // what may hold the start of an id is looked at again with the next chunk
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let at = bytes.indexOf(idMark); at >= 0; at = bytes.indexOf(idMark, from)) {
      const end = bytes.indexOf(0x22, at + idMark.length);
      if (end < 0) break;
      ids.push(bytes.toString('latin1', at + idMark.length, end));
      from = end;
    }
    inputs += countOf(chunk, '"data":');
    rest = Buffer.from(bytes.subarray(Math.max(from, bytes.length - 64)));
  }
  while (ids.length < inputs) ids.push(`made${(made += 1)}`);
  return ids;
}

function countOf(bytes: Buffer, text: string): number {
  let count = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) count += 1;
  return count;
}

function pending(id: string): string {
  return `{"id":"${id}","data":{"image":{"url":""}},"status":{"code":30001,"description":"Download pending"}}`;
}

function done(id: string): string {
  return `{"id":"${id}","data":{"image":{"url":""}},"created_at":"2026-01-01T00:00:00Z","status":{"code":30000,"description":"Download complete"}}`;
}

function countsBody(): string {
  const counts = { processed: known.size, to_process: 0, errors: 0, processing: 0 };
  return JSON.stringify({ status: { code: 10000 }, counts });
}

/** A page of what was added, in the order of adding. */
function streamPage(url: URL): string {
  const perPage = Number(url.searchParams.get('per_page') ?? '20');
  const lastId = url.searchParams.get('last_id');
  const place = lastId === null ? undefined : known.get(lastId);
  if (url.searchParams.get('descending') === 'true') {
    const end = place ?? ordered.length;
    const page = ordered.slice(Math.max(0, end - perPage), end).reverse();
    return `{"status":{"code":10000},"inputs":[${page.map(done).join(',')}]}`;
  }
  const begin = place === undefined ? 0 : place + 1;
  return `{"status":{"code":10000},"inputs":[${ordered
    .slice(begin, begin + perPage)
    .map(done)
    .join(',')}]}`;
}

/** 100,000 inputs of some 310 bytes each, a page of which is made once. */
function memoizedPages(): (url: URL) => string {
  const total = 100_000;
  const pages = new Map<string, string>();
  const one = (index: number): string =>
    JSON.stringify({
      id: `input${String(index).padStart(8, '0')}`,
      data: {
        image: { url: `https://samples.example/photos/${index}.jpg`, image_info: { width: 512, height: 384 } },
        concepts: [{ id: 'dog', name: 'dog', value: 1, app_id: 'demo' }],
        metadata: { camera: 'left', index },
      },
      created_at: '2026-01-01T00:00:00.000Z',
      status: { code: 30000, description: 'Download complete' },
    });
  return (url) => {
    const page = Number(url.searchParams.get('page') ?? '1');
    const perPage = Number(url.searchParams.get('per_page') ?? '128');
    const key = `${page} ${perPage}`;
    const first = (page - 1) * perPage;
    const length = Math.max(0, Math.min(perPage, total - first));
    const text =
      pages.get(key) ??
      `{"status":{"code":10000},"inputs":[${Array.from({ length }, (_, index) => one(first + index)).join(',')}]}`;
    pages.set(key, text);
    return text;
  };
}

function end(response: ServerResponse, text: string): void {
  response.setHeader('content-type', 'application/json');
  response.end(text);
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  answer(request, response).catch((error: unknown) => {
    response.destroy(error instanceof Error ? error : undefined);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
// ends with whoever started it
process.stdin.on('end', () => process.exit()).resume();
