export interface Bounds {
  readonly min: number;
  readonly max?: number;
}

/** Why a text is not an integer within bounds, as a clause; undefined if it is one. */
export function integerProblem(text: string, bounds: Bounds): string | undefined {
  return /^\d{1,15}$/.test(text) ? boundsProblem(Number(text), bounds) : 'must be a whole number';
}

/** Why a text is not a number within bounds, as a clause; undefined if it is one. */
export function decimalProblem(text: string, bounds: Bounds): string | undefined {
  return /^\d{1,15}(\.\d+)?$|^\.\d+$/.test(text) ? boundsProblem(Number(text), bounds) : 'must be a number';
}

function boundsProblem(value: number, { min, max = Infinity }: Bounds): string | undefined {
  if (value < min) return `must be at least ${min}`;
  return value > max ? `must be at most ${max}` : undefined;
}
