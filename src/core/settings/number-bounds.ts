export interface Bounds {
  readonly min: number;
  readonly max?: number;
}

/** What keeps a text from being a whole number within bounds, as a clause; undefined if nothing does. */
export function wholeProblem(text: string, bounds: Bounds): string | undefined {
  return /^\d{1,15}$/.test(text) ? boundsProblem(Number(text), bounds) : 'must be a whole number';
}

/** What keeps a text from being a number within bounds, as a clause; undefined if nothing does. */
export function decimalProblem(text: string, bounds: Bounds): string | undefined {
  return /^\d{1,15}(\.\d+)?$|^\.\d+$/.test(text) ? boundsProblem(Number(text), bounds) : 'must be a number';
}

function boundsProblem(value: number, { min, max = Infinity }: Bounds): string | undefined {
  if (value < min) return `must be at least ${min}`;
  return value > max ? `must be at most ${max}` : undefined;
}
