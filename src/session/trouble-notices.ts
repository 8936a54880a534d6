import type { Trouble } from '../api/trouble.js';
import type { Context } from '../context.js';
import { durationText } from '../render/text.js';
import type { Messages } from './messages.js';

/** Trouble that ends sooner is not reported where no bars are drawn. */
const toldAfterMs = 3000;
const lineEveryMs = 10_000;

/** Tells whoever waits that requests are being sent again, or not answered: in the bars while there are some, else in a line now and then. */
export class TroubleNotices {
  readonly #messages: Messages;
  readonly #context: Pick<Context, 'clock' | 'stdin'>;
  readonly #host: string;
  #nextLineMs = 0;

  constructor(messages: Messages, context: Pick<Context, 'clock' | 'stdin'>, host: string) {
    this.#messages = messages;
    this.#context = context;
    this.#host = host;
  }

  /** @param trouble - undefined once it is over */
  show(trouble: Trouble | undefined): void {
    const text = trouble && troubleText(trouble, this.#host);
    if (this.#messages.showState(text) || trouble === undefined || text === undefined) return;
    // a prompt or the tagger has the screen
    if (this.#context.stdin.isRaw === true) return;
    const nowMs = this.#context.clock.now();
    const isShort = trouble.kind !== 'waiting' && nowMs + trouble.waitMs - trouble.sinceMs < toldAfterMs;
    if (nowMs < this.#nextLineMs || isShort) return;
    this.#nextLineMs = nowMs + lineEveryMs;
    this.#messages.info(text);
  }
}

function troubleText({ kind, attempt, attempts, waitMs }: Trouble, host: string): string {
  if (kind === 'throttled') return `rate limited; retrying in ${durationText(waitMs)}`;
  if (kind === 'waiting') return `waiting for a response from ${host}`;
  const what = kind === 'busy' ? `${host} is unavailable` : `no response from ${host}`;
  return `${what} (attempt ${attempt}${attempts === undefined ? '' : ` of ${attempts}`})`;
}
