import type { AddRecord } from '../../core/model/steps.js';
import type { Progress } from '../../core/add/progress.js';
import type { Summary } from '../../core/add/summary.js';
import type { Colours } from '../colour.js';
import { bytesText, durationText, plainExcerpt } from '../text.js';
import { skippedLine } from './source-notices.js';

/** A reason quotes more than one value at times. */
const maxReasonChars = 600;

/** A failed source, by name, with its code, what it means and what was said. */
export function failureLine(record: AddRecord, colours: Colours): string {
  const { code, name, description } = record.status;
  const what = code === null ? '' : `${code} ${name}: `;
  return `${colours.red('failed:')} ${plainExcerpt(record.source)}: ${what}${plainExcerpt(description, maxReasonChars)}`;
}

/** The last lines of an `add`: figures that add up, and what to do about the failures. */
export function summaryLines(
  summary: Summary,
  progress: Progress,
  end: { readonly elapsedMs: number; readonly hints: readonly string[]; readonly colours: Colours },
): readonly string[] {
  const { outcomes, read, skipped } = summary;
  const figures = Object.entries(outcomes).map(([outcome, count]) => `${outcome}: ${count}`);
  const sent = `${bytesText(progress.sentBytes)} sent in ${durationText(end.elapsedMs)}`;
  return [
    `${end.colours.bold(`sources: ${read}`)} = ${figures.join(', ')}`,
    sent,
    ...(skipped.size === 0 ? [] : [skippedLine(skipped)]),
    ...(summary.annotationsIgnored === 0 ? [] : [notesLeftLine(summary.annotationsIgnored)]),
    ...summary.failures.map(({ code, name, advice, count }) => {
      const what = code === null ? name : `${code} ${name}`;
      return `${end.colours.red('failed:')} ${count} with ${what}; hint: ${advice}`;
    }),
    ...end.hints.map((hint) => `hint: ${hint}`),
  ];
}

function notesLeftLine(count: number): string {
  return `note: ${count} that exist were left as they are; --on-conflict update merges concepts, metadata and geo into them`;
}
