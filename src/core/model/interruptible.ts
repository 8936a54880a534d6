/**
 * Items as they come, until a signal is aborted: then it rejects with the signal's reason at once, even while the next
 * item is awaited, for which somebody may have to type or to write into a pipe.
 *
 * @param release - lets go of the source, so that waiting for it no longer keeps the process
 */
export async function* interruptible<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal,
  release: () => void = () => undefined,
): AsyncGenerator<T> {
  signal.throwIfAborted();
  const iterator = items[Symbol.asyncIterator]();
  const { promise: aborted, reject } = rejecting();
  const stop = (): void => {
    reject(signal.reason);
  };
  signal.addEventListener('abort', stop, { once: true });
  let isDone = false;
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      isDone = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    if (signal.aborted) release();
    // not awaited: it would wait for the item that does not come
    else if (!isDone) await iterator.return?.();
  }
}

function rejecting(): { readonly promise: Promise<never>; readonly reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  // it may be rejected while nothing is awaited
  promise.catch(() => undefined);
  return { promise, reject };
}
