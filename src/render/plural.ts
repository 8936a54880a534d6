/** A number of things: `1 input`, `30 inputs`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Counts by outcome, in the order given: `40 inputs: 38 deleted, 2 failed`. Zero counts are left out. */
export function tallyText(total: string, figures: Iterable<readonly [outcome: string, count: number]>): string {
  const parts = [...figures].flatMap(([outcome, count]) => (count === 0 ? [] : [`${count} ${outcome}`]));
  return parts.length === 0 ? total : `${total}: ${parts.join(', ')}`;
}
