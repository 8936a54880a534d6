// A service that takes whatever comes and does as little as it can: it counts the bytes, finds the ids without
// parsing, and answers each input as taken, and as indexed when it is asked. Run as a process of its own; prints its port.
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { URL } from 'node:url';
import { leanServer } from './lean-server.mjs';

const quote = 0x22;
const longestId = 48;
/** Ids in the order of adding, and the place of each. */
const ordered = [];
const known = new Map();
const requests = new Map();
const latencyMs = Number(process.argv[2] ?? '0');
let bodyBytes = 0;
let made = 0;

const listPage = memoizedPages();

/** What becomes of a request. */
function open(method, target) {
  const url = new URL(target, 'http://sink');
  if (url.pathname === '/sink') return { take: () => undefined, answer: () => seen(method === 'DELETE') };
  const path = url.pathname.slice(url.pathname.indexOf('/inputs'));
  const kind = `${method} ${path}${url.searchParams.has('ids') ? '?ids' : ''}`;
  requests.set(kind, (requests.get(kind) ?? 0) + 1);
  if (method === 'POST') return new Adding();
  return {
    take: () => undefined,
    async answer() {
      if (latencyMs > 0) await sleep(latencyMs);
      return reading(path, url);
    },
  };
}

/** What came since it was last asked. */
function seen(forget) {
  const text = JSON.stringify({ requests: Object.fromEntries(requests), bodyBytes, inputs: known.size });
  requests.clear();
  bodyBytes = 0;
  if (forget) {
    known.clear();
    ordered.length = 0;
  }
  return text;
}

function reading(path, url) {
  if (path === '/inputs/stream') return streamPage(url);
  if (path === '/inputs/status') return countsBody();
  if (!url.searchParams.has('ids')) return listPage(url);
  const there = url.searchParams.getAll('ids').filter((id) => known.has(id));
  return `{"status":{"code":10000},"inputs":[${there.map(done).join(',')}]}`;
}

/**
 * Finds the ids of a body in their order; an input that was sent without one gets one. It looks at nothing but what
 * stands between quotes, of which base64 has none, so that the sink costs next to nothing beside what it measures.
 */
class Adding {
  #ids = [];
  #inputs = 0;
  /** What stands in the quotes that are open, as far as it matters; undefined outside of quotes. */
  #word;
  #key = '';

  take(piece) {
    bodyBytes += piece.length;
    let from = 0;
    for (let at = piece.indexOf(quote); at >= 0; at = piece.indexOf(quote, from)) {
      if (this.#word === undefined) this.#word = '';
      else this.#closed(this.#word + wordIn(piece, from, at));
      from = at + 1;
    }
    if (this.#word !== undefined) this.#word += wordIn(piece, from, piece.length);
  }

  #closed(word) {
    if (this.#key === 'id') this.#ids.push(word);
    if (word === 'data') this.#inputs += 1;
    this.#key = this.#key === 'id' ? '' : word;
    this.#word = undefined;
  }

  answer() {
    while (this.#ids.length < this.#inputs) this.#ids.push(`made${(made += 1)}`);
    for (const id of this.#ids) {
      if (known.has(id)) continue;
      known.set(id, ordered.length);
      ordered.push(id);
    }
    return `{"status":{"code":10000,"description":"Ok"},"inputs":[${this.#ids.map(pending).join(',')}]}`;
  }
}

/** Text that is short enough to be a name or an id. */
function wordIn(bytes, from, to) {
  return to - from <= longestId ? bytes.latin1Slice(from, to) : '';
}

function pending(id) {
  return `{"id":"${id}","data":{"image":{"url":""}},"status":{"code":30001,"description":"Download pending"}}`;
}

function done(id) {
  return `{"id":"${id}","data":{"image":{"url":""}},"created_at":"2026-01-01T00:00:00Z","status":{"code":30000,"description":"Download complete"}}`;
}

function countsBody() {
  const counts = { processed: known.size, to_process: 0, errors: 0, processing: 0 };
  return JSON.stringify({ status: { code: 10000 }, counts });
}

/** A page of what was added, in the order of adding. */
function streamPage(url) {
  const perPage = Number(url.searchParams.get('per_page') ?? '20');
  const place = known.get(url.searchParams.get('last_id'));
  if (url.searchParams.get('descending') === 'true') {
    const end = place ?? ordered.length;
    const page = ordered.slice(Math.max(0, end - perPage), end).reverse();
    return `{"status":{"code":10000},"inputs":[${page.map(done).join(',')}]}`;
  }
  const begin = place === undefined ? 0 : place + 1;
  const page = ordered.slice(begin, begin + perPage);
  return `{"status":{"code":10000},"inputs":[${page.map(done).join(',')}]}`;
}

/** 100,000 inputs of some 310 bytes each, a page of which is made once. */
function memoizedPages() {
  const total = 100_000;
  const pages = new Map();
  const one = (index) =>
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

const server = leanServer(open);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
// ends with whoever started it
process.stdin.on('end', () => process.exit()).resume();
