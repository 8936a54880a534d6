/**
 * Maps items with several of them under way at once, and yields the results in the items' order.
 *
 * @param width - how many are under way at most
 */
export async function* mapOrdered<T, R>(
  items: AsyncIterable<T>,
  width: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const mapped = map(item);
      // one that fails while another is waited for must not end the program: it is heard when its turn comes
      mapped.catch(() => undefined);
      underWay.push(mapped);
      const first = underWay.length < width ? undefined : underWay.shift();
      if (first !== undefined) yield await first;
    }
    for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) yield await next;
  } finally {
    // what is given up must not end the program by a rejection that nobody hears
    await Promise.allSettled(underWay);
  }
}
