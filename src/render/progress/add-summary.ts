import type { Progress } from '../../core/add/progress.js';
import type { Summary } from '../../core/add/summary.js';
import { adviceFor } from '../advice.js';
import type { Colours } from '../colour.js';
import { bytesText, durationText } from '../text.js';

/** The last lines of an `add`: figures that add up, and what to do about the failures. */
export function summaryLines(
  summary: Summary,
  progress: Progress,
  end: { readonly elapsedMs: number; readonly hints: readonly string[]; readonly colours: Colours },
): readonly string[] {
  const { outcomes, read, skipped } = summary;
  const figures = Object.entries(outcomes).map(([outcome, count]) => `${outcome}: ${count}`);
  const sent = `${bytesText(progress.sentBytes)} sent in ${durationText(end.elapsedMs)}`;
  const passedOver = skipped === 0 ? '' : `; skipped: ${skipped} files that are no media`;
  return [
    `${end.colours.bold(`sources: ${read}`)} = ${figures.join(', ')}`,
    `${sent}${passedOver}`,
    ...(summary.annotationsIgnored === 0 ? [] : [notesLeftLine(summary.annotationsIgnored)]),
    ...summary.failures.map(({ code, name, count }) => {
      const what = code === null ? name : `${code} ${name}`;
      return `${end.colours.red('failed:')} ${count} with ${what}; hint: ${adviceFor({ code, name })}`;
    }),
    ...end.hints.map((hint) => `hint: ${hint}`),
  ];
}

function notesLeftLine(count: number): string {
  return `note: ${count} that exist were left as they are; --on-conflict update merges concepts, metadata and geo into them`;
}
