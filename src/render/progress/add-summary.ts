import type { Progress } from '../../core/add/progress.js';
import type { Summary } from '../../core/add/summary.js';
import { adviceFor } from '../advice.js';
import type { Colours } from '../colour.js';
import { countText, tallyText } from '../plural.js';
import { bytesText, durationText } from '../text.js';
import { skippedLine } from './source-notices.js';

/** The last lines of an `add`: figures that add up, and what to do about the failures. */
export function summaryLines(
  summary: Summary,
  progress: Progress,
  end: { readonly elapsedMs: number; readonly hints: readonly string[]; readonly colours: Colours },
): readonly string[] {
  const { outcomes, read, skipped } = summary;
  const sent = progress.sentBytes === 0 ? 'done' : `${bytesText(progress.sentBytes)} sent`;
  return [
    end.colours.bold(tallyText(countText(read, 'source'), Object.entries(outcomes))),
    `${sent} in ${durationText(end.elapsedMs)}`,
    ...(skipped.size === 0 ? [] : [skippedLine(skipped)]),
    ...(summary.annotationsIgnored === 0 ? [] : [notesLeftLine(summary.annotationsIgnored)]),
    ...(summary.notCompared === 0 ? [] : [notComparedLine(summary.notCompared)]),
    ...summary.failures.map(({ code, name, count }) => {
      const what = code === null ? name : `${code} ${name}`;
      const advice = adviceFor({ code, name });
      return `${end.colours.red('failed:')} ${count} with ${what}${advice === '' ? '' : `; hint: ${advice}`}`;
    }),
    ...end.hints.map((hint) => `hint: ${hint}`),
  ];
}

function notesLeftLine(count: number): string {
  return `note: ${countText(count, 'input')} ${count === 1 ? 'exists' : 'exist'} with other concepts, metadata or geo and ${count === 1 ? 'was' : 'were'} not changed; --on-conflict update merges what was given`;
}

function notComparedLine(count: number): string {
  return `note: ${countText(count, 'input')} ${count === 1 ? 'exists' : 'exist'} by ID alone; contents were not compared`;
}
