/** @import { Listing } from '../listing.js' */

// While inputs are being indexed, otherwise, and while the sandbox does not answer
const intervalMs = { open: 400, still: 1200, trouble: 2500 };
// A sandbox that takes long to answer is asked less often
const restPerWork = 5;

/**
 * @typedef {object} Asking
 * @property {() => URLSearchParams} query - what to ask for next
 * @property {(listing: Listing) => void} take - gets each answer that is to the latest question
 * @property {(trouble: boolean) => void} tell - whether the sandbox answers
 */

/** Asks for the listing again and again: one request at a time, none while nobody looks. */
export class Feed {
  #asking;
  #busy = false;
  #asked = 0;
  #stale = false;
  /** @type {number | undefined} */
  #timer;

  /** @param {Asking} asking */
  constructor(asking) {
    this.#asking = asking;
    document.addEventListener('visibilitychange', () => {
      this.ask();
    });
  }

  /** Asks now, or as soon as the request under way is answered. */
  ask() {
    clearTimeout(this.#timer);
    if (document.hidden) return;
    this.#asked += 1;
    if (!this.#busy) void this.#run();
  }

  /** The same after a change that makes the answer under way useless. */
  askAnew() {
    this.#stale = this.#busy;
    this.ask();
  }

  async #run() {
    this.#busy = true;
    const asked = this.#asked;
    const waitMs = await this.#step();
    this.#busy = false;
    this.#stale = false;
    const isAskedAgain = this.#asked !== asked;
    this.#timer = setTimeout(
      () => {
        this.ask();
      },
      isAskedAgain ? 0 : waitMs,
    );
  }

  /** @returns {Promise<number>} ms until the next question */
  async #step() {
    const startMs = performance.now();
    const listing = await load(this.#asking.query());
    this.#asking.tell(listing === undefined);
    if (listing === undefined) return intervalMs.trouble;
    const workMs = performance.now() - startMs;
    if (!this.#stale) this.#asking.take(listing);
    const isOpen = listing.statuses.some(({ phase, inputs }) => phase === 'open' && inputs > 0);
    return Math.max(isOpen ? intervalMs.open : intervalMs.still, restPerWork * workMs);
  }
}

/**
 * @param {URLSearchParams} query
 * @returns {Promise<Listing | undefined>}
 */
async function load(query) {
  try {
    const response = await fetch(`/page/inputs?${query.toString()}`, { signal: AbortSignal.timeout(30_000) });
    /** @type {unknown} */
    const body = await response.json();
    return isListing(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The server is of one piece with this page: its answer is told from an error, and trusted.
 *
 * @param {unknown} body
 * @returns {body is Listing}
 */
function isListing(body) {
  return typeof body === 'object' && body !== null && 'cards' in body && 'matching' in body;
}
