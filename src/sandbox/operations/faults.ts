import { statusCodes } from '../../wire/status.js';
import { randomNumbers } from './random.js';
import type { End } from '../state/records.js';

/** Faults that the sandbox produces on request. Rates are shares of 1; 0 and an empty list mean never. */
export interface FaultOptions {
  /** Waited before each answer. */
  readonly latencyMs: number;
  /** Requests a second that are served; the rest is refused. 0: all. */
  readonly throttleRps: number;
  /** Inputs that end at 30002. */
  readonly failRate: number;
  /** Inputs whose id or URL holds `text` end at `code`; the first that fits counts. */
  readonly outcomes: readonly { readonly text: string; readonly code: number }[];
  /** Requests answered with a 5xx, with nothing done. */
  readonly errorRate: number;
  /** Requests whose answer is lost after the work was done. */
  readonly dropRate: number;
  /** Requests whose answer breaks off half way, after the work was done. */
  readonly truncateRate: number;
  readonly seed: number;
}

export const noFaults: FaultOptions = {
  latencyMs: 0,
  throttleRps: 0,
  failRate: 0,
  outcomes: [],
  errorRate: 0,
  dropRate: 0,
  truncateRate: 0,
  seed: 1,
};

/** An answer of the gateway before the service. */
export interface GatewayError {
  readonly http: number;
  readonly text: string;
  /** A page of HTML, as proxies send it, in place of a status. */
  readonly asHtml: boolean;
}

const gatewayTexts: readonly (readonly [number, string])[] = [
  [502, 'Bad gateway'],
  [503, 'Service unavailable'],
  [504, 'Gateway timeout'],
  [500, 'Internal server error'],
];

/** Decides what goes wrong; each kind draws from numbers of its own, so that one option does not shift another. */
export class Faults {
  readonly latencyMs: number;
  readonly #options: FaultOptions;
  readonly #now: () => number;
  readonly #draws: Readonly<Record<'fail' | 'error' | 'drop' | 'truncate', () => number>>;
  #tokens: number;
  #filledMs: number;

  constructor(options: FaultOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
    this.latencyMs = options.latencyMs;
    this.#tokens = Math.max(1, options.throttleRps);
    this.#filledMs = now();
    this.#draws = {
      fail: randomNumbers(options.seed),
      error: randomNumbers(options.seed + 1),
      drop: randomNumbers(options.seed + 2),
      truncate: randomNumbers(options.seed + 3),
    };
  }

  /** How a request that is one too many is refused. */
  throttled(): End | undefined {
    const rps = this.#options.throttleRps;
    if (rps <= 0) return undefined;
    const now = this.#now();
    this.#tokens = Math.min(Math.max(1, rps), this.#tokens + ((now - this.#filledMs) / 1000) * rps);
    this.#filledMs = now;
    if (this.#tokens < 1) {
      return { code: statusCodes.throttled, details: `exceeded limit of ${rps} requests per second` };
    }
    this.#tokens -= 1;
    return undefined;
  }

  gatewayError(): GatewayError | undefined {
    if (!this.#hits('error', this.#options.errorRate)) return undefined;
    const [http, text] = gatewayTexts[Math.floor(this.#draws.error() * gatewayTexts.length)] ?? [502, 'Bad gateway'];
    return { http, text, asHtml: this.#draws.error() < 0.5 };
  }

  /** Decides how an answer is delivered. */
  loss(): 'drop' | 'truncate' | undefined {
    if (this.#hits('drop', this.#options.dropRate)) return 'drop';
    return this.#hits('truncate', this.#options.truncateRate) ? 'truncate' : undefined;
  }

  /** How an input is made to end, whatever its media are. */
  endOf(id: string, urls: readonly string[]): End | undefined {
    const outcome = this.#options.outcomes.find(({ text }) => [id, ...urls].some((name) => name.includes(text)));
    if (outcome !== undefined) return { code: outcome.code };
    if (!this.#hits('fail', this.#options.failRate)) return undefined;
    return { code: statusCodes.inputFailed, details: 'The sandbox was asked to fail some inputs' };
  }

  #hits(kind: 'fail' | 'error' | 'drop' | 'truncate', rate: number): boolean {
    return rate > 0 && this.#draws[kind]() < rate;
  }
}
