import stringWidth from 'string-width';
import type { Counts } from '../../api/answers.js';
import { countNames } from '../../wire/messages.js';
import type { CountName } from '../../wire/messages.js';
import type { Colours } from '../colour.js';

type Paint = (text: string) => string;

/** The counts in the order of an input's life, each with its own fill, so that they are told apart without colour. */
function segments(
  colours: Colours,
): readonly { readonly name: CountName; readonly fill: string; readonly paint: Paint }[] {
  return [
    { name: 'processed', fill: '█', paint: colours.green },
    { name: 'processing', fill: '▓', paint: colours.yellow },
    { name: 'to_process', fill: '░', paint: colours.cyan },
    { name: 'errors', fill: '×', paint: colours.red },
    { name: 'reindexed', fill: '█', paint: colours.greenBright },
    { name: 'reindexing', fill: '▓', paint: colours.yellowBright },
    { name: 'to_reindex', fill: '░', paint: colours.cyanBright },
    { name: 'reindex_errors', fill: '×', paint: colours.redBright },
  ];
}

/** The counts as one stacked bar and their numbers. */
export function countBar(counts: Counts, width: number, colours: Colours): string {
  const total = countNames.reduce((sum, name) => sum + counts[name], 0);
  const places = shares(
    segments(colours).map(({ name }) => counts[name]),
    Math.max(10, Math.min(60, width - 2)),
  );
  const bar = segments(colours).map(({ fill, paint }, index) => paint(fill.repeat(places[index] ?? 0)));
  const numbers = segments(colours)
    .filter(({ name }) => counts[name] > 0 || !name.includes('reindex'))
    .map(({ name, fill, paint }) => `${paint(fill)} ${name} ${counts[name]}`);
  return `${total === 0 ? '·'.repeat(10) : bar.join('')}\n${wrapSegments(numbers, width).join('\n')}\n`;
}

/** Parts on as many lines as they need; a line that the terminal breaks itself could not be drawn over. */
function wrapSegments(parts: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = [...lines.slice(-1), part].join('  ');
    if (lines.length > 0 && stringWidth(longer) < width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}

/** Places for each count: none for zero, at least one for anything else. */
function shares(counts: readonly number[], places: number): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const least = counts.map((count) => (count === 0 ? 0 : 1));
  const spare = places - least.reduce<number>((sum, one) => sum + one, 0);
  return counts.map((count, index) => (least[index] ?? 0) + Math.floor((count / Math.max(1, total)) * spare));
}
