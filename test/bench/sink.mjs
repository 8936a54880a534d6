// A service that takes whatever comes and does as little as it can: it counts the bytes, finds the ids without
// parsing, and answers each input as taken, and as indexed when it is asked. Run as a process of its own; prints its port.
import { Buffer } from 'node:buffer';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { URL } from 'node:url';
import { leanServer } from './lean-server.mjs';

const quote = 0x22;
const longestId = 48;
/** Ids in the order of adding, undefined for those deleted since, and the place of each. */
const ordered = [];
const known = new Map();
const requests = new Map();
const latencyMs = Number(process.argv[2] ?? '0');
/** Every so many-th input fails, until it is deleted and added again; 0 for none. */
const failEvery = Number(process.argv[3] ?? '0');
const failing = new Set();
/** Failed ones that were deleted. */
const forgiven = new Set();
/** As small as a file can be whose kind its content tells. */
const media = 'GIF89a';
let mediaUrl = '';
/** Of the inputs that are listed; they are there without having been added. */
const listedId = /^input\d{8}$/;
const complete = '{"code":30000,"description":"Download complete"}';
const failed = '{"code":30002,"description":"Download failed"}';
let bodyBytes = 0;
let made = 0;

const listPage = memoizedPages();

/** What becomes of a request. */
function open(method, target) {
  const url = new URL(target, 'http://sink');
  if (url.pathname === '/sink') return { take: () => undefined, answer: () => seen(method === 'DELETE') };
  const path = url.pathname.replace(/^.*?(?=\/inputs)/, '');
  if (path === '/media') return { take: () => undefined, answer: () => media };
  const kind = `${method} ${path}${url.searchParams.has('ids') ? '?ids' : ''}`;
  requests.set(kind, (requests.get(kind) ?? 0) + 1);
  if (method === 'POST') return new Adding();
  if (method === 'PATCH') return collect(({ inputs }) => inputsBody(inputs.map(({ id }) => id)));
  if (method === 'DELETE') return collect(remove);
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
    failing.clear();
    forgiven.clear();
    ordered.length = 0;
  }
  return text;
}

/** A small body, parsed. */
function collect(answer) {
  const pieces = [];
  return {
    take: (piece) => pieces.push(Buffer.from(piece)),
    answer: () => answer(JSON.parse(Buffer.concat(pieces).toString())),
  };
}

function remove({ ids }) {
  for (const id of ids) {
    const place = known.get(id);
    if (place !== undefined) ordered[place] = undefined;
    known.delete(id);
    if (failing.delete(id)) forgiven.add(id);
  }
  return '{"status":{"code":10000}}';
}

function reading(path, url) {
  if (path === '/inputs/stream') return streamPage(url);
  if (path === '/inputs/status') return countsBody();
  if (!url.searchParams.has('ids')) return listPage(url);
  return inputsBody(url.searchParams.getAll('ids').filter((id) => known.has(id) || listedId.test(id)));
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
      if (failEvery > 0 && ordered.length % failEvery === 0 && !forgiven.has(id)) failing.add(id);
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
  const status = failing.has(id) ? failed : complete;
  return `{"id":"${id}","data":{"image":{"url":"${mediaUrl}"}},"created_at":"2026-01-01T00:00:00Z","status":${status}}`;
}

function inputsBody(ids) {
  return `{"status":{"code":10000},"inputs":[${ids.map(done).join(',')}]}`;
}

function countsBody() {
  const counts = { processed: known.size, to_process: 0, errors: 0, processing: 0 };
  return JSON.stringify({ status: { code: 10000 }, counts });
}

/** A page of what was added, in the order of adding. */
function streamPage(url) {
  const perPage = Number(url.searchParams.get('per_page') ?? '20');
  const place = known.get(url.searchParams.get('last_id'));
  const step = url.searchParams.get('descending') === 'true' ? -1 : 1;
  const ids = [];
  for (
    let at = place === undefined ? (step < 0 ? ordered.length - 1 : 0) : place + step;
    ids.length < perPage;
    at += step
  ) {
    if (at < 0 || at >= ordered.length) break;
    if (ordered[at] !== undefined) ids.push(ordered[at]);
  }
  return inputsBody(ids);
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
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  mediaUrl = `http://127.0.0.1:${port}/media`;
  process.stdout.write(`${port}\n`);
});
// ends with whoever started it
process.stdin.on('end', () => process.exit()).resume();
