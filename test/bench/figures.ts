import { goals, type Goal } from './goals.js';

/** One line of the result; what it is to reach stands in `goals` under its name. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** A ratio as it is read: two digits where they tell something. */
function formatValue(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Beside its goal: reached, beyond, or by how much it is missed. */
function judge(value: number, { goal, beyond, want }: Goal): string {
  if (!Number.isFinite(value)) return 'missed';
  const reaches = (limit: number): boolean => (want === 'less' ? value <= limit : value >= limit);
  if (beyond !== undefined && reaches(beyond)) return 'beyond';
  if (reaches(goal)) return 'reached';
  return `missed: ${formatValue(want === 'less' ? value / goal : goal / value)} times`;
}

/** The first lines of the table of Markdown that all figures are printed as. */
export const tableHead = '| figure | measured | goal | beyond |  |\n| --- | --- | --- | --- | --- |\n';

/** What a part measured beside its goals, and the goals that it measured nothing for. */
export function figureRows(part: string, figures: readonly Figure[]): string {
  const goalsByName = goals[part] ?? {};
  const measured = new Set(figures.map(({ name }) => name));
  const rows = figures.map(({ name, value, unit }) => {
    const goal = goalsByName[name];
    return [
      name,
      Number.isFinite(value) ? `${formatValue(value)}${unit}` : 'fails',
      ...limits(goal),
      goal === undefined ? '' : judge(value, goal),
    ];
  });
  const unmeasured = Object.entries(goalsByName)
    .filter(([name]) => !measured.has(name))
    .map(([name, goal]) => [name, '', ...limits(goal), 'not measured']);
  return [...rows, ...unmeasured].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function limits(goal: Goal | undefined): readonly string[] {
  const sign = goal?.want === 'more' ? '≥' : '≤';
  return [goal?.goal, goal?.beyond].map((value) => (value === undefined ? '' : `${sign} ${formatValue(value)}`));
}
