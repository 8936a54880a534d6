/** Nothing moved, or nothing was answered, for as long as a request may take. */
export class StalledError extends Error {}

export interface StallTimer {
  readonly signal: AbortSignal;
  readonly stopped: boolean;
  /** Something moved: the time begins anew. */
  touch(): void;
  stop(): void;
}

/** Aborts when nobody touched it for `timeoutMs`, or when the run leaves. */
export function startStallTimer(timeoutMs: number, leaving: AbortSignal): StallTimer {
  const controller = new AbortController();
  const leave = (): void => {
    controller.abort(leaving.reason);
  };
  if (leaving.aborted) leave();
  leaving.addEventListener('abort', leave, { once: true });
  const timer = setTimeout(() => {
    controller.abort(new StalledError(`no answer within ${timeoutMs / 1000} s`));
  }, timeoutMs);
  let stopped = false;
  return {
    signal: controller.signal,
    get stopped() {
      return stopped;
    },
    touch: () => void timer.refresh(),
    stop() {
      stopped = true;
      clearTimeout(timer);
      leaving.removeEventListener('abort', leave);
    },
  };
}
