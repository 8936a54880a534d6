import type { JsonObject } from '../../wire/json.js';
import { type MediaKind, mediaKinds } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import { examine, maxBytes } from './examine.js';
import type { End, StoredInput, StoredMedia } from '../state/records.js';
import type { Store } from '../state/store.js';

export interface UrlFetcher {
  readonly take: (input: StoredInput) => void;
  /** Resolves when nothing is being fetched any more; abort the signal first. */
  readonly ended: () => Promise<void>;
}

export interface FetchOptions {
  readonly store: Store;
  readonly indexMs: number;
  readonly now: () => number;
  /** Ends all fetches. */
  readonly signal: AbortSignal;
}

interface Found {
  readonly kind: MediaKind;
  readonly end: End;
  readonly info?: JsonObject;
}

/** An input whose fetch never ends, for instance because the sandbox did, fails after this time. */
export const fetchDeadlineMs = 600_000;

/** The end of such an input. */
export const unfetched: End = { code: statusCodes.inputFailed, details: 'The URL was not fetched in time' };

const width = 8;
const timeoutMs = 30_000;
// What tells a video's or a sound's format
const headBytes = 65_536;

/** Fetches the URLs of inputs in the background and writes down how they end. */
export function startFetching(options: FetchOptions): UrlFetcher {
  const queue: StoredInput[] = [];
  const running = new Set<Promise<void>>();
  const fill = (): void => {
    while (running.size < width && !options.signal.aborted) {
      const input = queue.shift();
      if (input === undefined) return;
      const work = fetchInput(options, input).catch(() => undefined); // left to its deadline
      running.add(work);
      void work.then(() => {
        running.delete(work);
        fill();
      });
    }
  };
  return {
    take: (input) => {
      queue.push(input);
      fill();
    },
    ended: async () => {
      await Promise.all(running);
    },
  };
}

async function fetchInput({ store, indexMs, now, signal }: FetchOptions, input: StoredInput): Promise<void> {
  const found = await Promise.all(
    mediaKinds.flatMap((kind) => {
      const url = input.media[kind]?.url;
      return url === undefined ? [] : [fetchMedium(kind, url, signal)];
    }),
  );
  if (signal.aborted) return;
  const end = found.find((one) => one.end.code !== statusCodes.inputOk)?.end ?? { code: statusCodes.inputOk };
  const doneMs = Math.max(Math.floor(now()), input.createdMs + indexMs);
  store.write(() => {
    const current = store.find(input.app, input.id);
    if (current?.seq !== input.seq) return; // deleted meanwhile
    const inProgressMs = Math.min(current.inProgressMs, doneMs);
    store.replace(current, { ...current, inProgressMs, doneMs, end, media: addMediaInfo(current.media, found) });
  });
}

function addMediaInfo(media: StoredInput['media'], found: readonly Found[]): StoredInput['media'] {
  const entries = found.map(({ kind, info }): [MediaKind, StoredMedia] => [
    kind,
    { ...media[kind], ...(info && { info }) },
  ]);
  return { ...media, ...Object.fromEntries(entries) };
}

async function fetchMedium(kind: MediaKind, url: string, closing: AbortSignal): Promise<Found> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await fetch(url, { signal });
    if (response.ok) return { kind, ...(await look(kind, response)) };
    await response.body?.cancel();
    const side = response.status < 500 ? 'Client' : 'Server';
    const details = `${response.status} ${side} Error: ${response.statusText} for url: ${url}`;
    return { kind, end: { code: statusCodes.inputFailed, details } };
  } catch {
    return { kind, end: { code: statusCodes.inputConnectionFailed, details: `Could not connect to url: ${url}` } };
  }
}

async function look(kind: MediaKind, response: Response): Promise<Omit<Found, 'kind'>> {
  const most = maxBytes[kind];
  const kept = kind === 'image' || kind === 'text' ? most : headBytes;
  const announced = Number(response.headers.get('content-length') ?? Number.NaN);
  if (announced > most) {
    await response.body?.cancel();
    return { end: { code: statusCodes.inputOverLimit } };
  }
  // An announced length that is within the limit saves reading on to the end
  const { head, size } = await read(response, { kept, most: announced >= 0 ? kept : most });
  if (size > most) return { end: { code: statusCodes.inputOverLimit } };
  const { end, info } = examine(kind, head);
  return { end, ...(info && { info }) };
}

/** Reads until there are more than `most` bytes, and keeps those that begin within the first `kept`. */
async function read(
  response: Response,
  { kept, most }: { readonly kept: number; readonly most: number },
): Promise<{ readonly head: Buffer; readonly size: number }> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of piecesOf(response)) {
    if (size < kept) pieces.push(piece);
    size += piece.length;
    if (size > most) break;
  }
  return { head: Buffer.concat(pieces), size };
}

async function* piecesOf(response: Response): AsyncGenerator<Uint8Array> {
  for await (const piece of response.body ?? []) {
    if (piece instanceof Uint8Array) yield piece;
  }
}
