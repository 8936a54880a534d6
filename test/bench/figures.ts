/** One line of the result: a figure beside what it is to reach. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Undefined for what is only told. */
  readonly goal?: number;
  readonly beyond?: number;
  /** Which way is better. */
  readonly want?: 'more' | 'less';
}

/** A ratio as it is read: two digits where they tell something. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return 'fails';
  if (value >= 100) return String(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Beside its goal: reached, beyond, or by how much it is missed. */
export function verdict({ value, goal, beyond, want = 'less' }: Figure): string {
  if (goal === undefined) return '';
  const reaches = (limit: number): boolean => (want === 'less' ? value <= limit : value >= limit);
  if (beyond !== undefined && reaches(beyond)) return 'beyond';
  if (reaches(goal)) return 'reached';
  return `missed: ${shown(want === 'less' ? value / goal : goal / value)} times`;
}

/** All figures as a table of Markdown. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${shown(figure.value)}${figure.unit}`,
    limit(figure, figure.goal),
    limit(figure, figure.beyond),
    verdict(figure),
  ]);
  const all = [['figure', 'measured', 'goal', 'beyond', ''], ['---', '---', '---', '---', '---'], ...rows];
  return all.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function limit({ want = 'less' }: Figure, value: number | undefined): string {
  return value === undefined ? '' : `${want === 'less' ? '≤' : '≥'} ${shown(value)}`;
}
