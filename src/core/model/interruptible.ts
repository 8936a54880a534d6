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
  // an endless source must leave nothing behind: a race with one promise of the signal would keep every item
  let reject: (reason: unknown) => void = () => undefined;
  const stop = (): void => {
    reject(signal.reason);
  };
  signal.addEventListener('abort', stop, { once: true });
  let isDone = false;
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await new Promise<IteratorResult<T>>((resolve, refuse) => {
        reject = refuse;
        iterator.next().then(resolve, refuse);
      });
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
