import type { Clock } from '../../context.js';
import type { Step } from '../model/steps.js';

/** A source that is silent for so long has paused: what it gave so far is not to wait for more. */
const pauseMs = 1000;

/**
 * Tells where the sources of a list paused, so that every stage behind lets go of what it gathers. Only the time that
 * the list itself takes counts: while the stages behind are busy, nothing is asked of it.
 */
export async function* markPauses(steps: AsyncIterable<Step>, clock: Clock): AsyncGenerator<Step> {
  const iterator = steps[Symbol.asyncIterator]();
  let isDone = false;
  let isUnmarked = false;
  try {
    for (;;) {
      const next = iterator.next();
      if (isUnmarked && (await pauses(next, clock))) {
        isUnmarked = false;
        yield { at: 'pause' };
      }
      const result = await next;
      isDone = result.done === true;
      if (result.done === true) return;
      isUnmarked = true;
      yield result.value;
    }
  } finally {
    if (!isDone) await iterator.return?.();
  }
}

/** True if a promise is still open after the pause. */
async function pauses(next: Promise<unknown>, clock: Clock): Promise<boolean> {
  // a list that is fast has most of its next sources at hand: a timer for each would cost more than the rest
  if (await isSettledFirst(next, nextTurn())) return false;
  const arrived = new AbortController();
  const arrive = (): void => {
    arrived.abort();
  };
  next.then(arrive, arrive);
  await clock.sleep(pauseMs, arrived.signal).catch(() => undefined);
  // after a long computation the timer is due before what came meanwhile is read
  return !(await isSettledFirst(next, nextTurn()));
}

async function isSettledFirst(promise: Promise<unknown>, other: Promise<unknown>): Promise<boolean> {
  const settled = promise.then(
    () => true,
    () => true,
  );
  return await Promise.race([settled, other.then(() => false)]);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
