import { errorCode, messageOf, plainTextCode } from '../../errors.js';
import type { Unanswered } from '../policy/try.js';
import { StalledError } from './stall-timer.js';

/** How far a request got: a service can do the work of one that was sent whole, and of no other. */
export interface SendState {
  sent: 'none' | 'partial' | 'all';
}

const unansweredKinds = { none: 'unsent', partial: 'cut', all: 'lost' } as const;

/** The host does not exist, or does not speak TLS. */
const wrongAddressCodes: ReadonlySet<unknown> = new Set(['ENOTFOUND', plainTextCode]);

/** The outcome of a try that ended with an error instead of an answer. */
export function unansweredBy(error: unknown, { sent }: SendState): Unanswered {
  return {
    kind: unansweredKinds[sent],
    reason: messageOf(error),
    cause: error,
    isStalled: error instanceof StalledError,
    isWrongAddress: wrongAddressCodes.has(errorCode(error)),
  };
}
