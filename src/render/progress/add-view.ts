import type { Progress } from '../../core/add/progress.js';
import type { Summary } from '../../core/add/summary.js';
import { bytesText, durationText } from '../text.js';
import { maxBarPlaces, type ProgressBar, type ProgressView } from './reporter.js';

export interface Watched {
  readonly summary: Summary;
  readonly progress: Progress;
  /** False with `--no-wait`: nothing to show of the indexing. */
  readonly awaited: boolean;
  /** True for a run that goes on for weeks: a line that tells nothing new would fill its log. */
  readonly isEndless?: boolean;
}

/** How far an `add` is: one bar for what is sent, one for what is indexed. */
export function addView(watched: Watched): ProgressView {
  let last = '';
  const indexed = {
    label: 'indexed',
    part: rising(() => indexedPart(watched)),
    figures: () => indexedFigures(watched.summary),
  };
  return {
    line: () => {
      const line = progressLine(watched);
      const isNew = watched.isEndless !== true || line !== last;
      last = line;
      return isNew ? line : undefined;
    },
    bars: [sentBar(watched), ...(watched.awaited ? [indexed] : [])],
  };
}

function sentBar(watched: Watched): ProgressBar {
  const startedMs = performance.now();
  let moved = { bytes: 0, afterMs: 0 };
  return {
    label: 'sent   ',
    part: rising(() => sentPart(watched)),
    figures: () => {
      const bytes = watched.progress.movedBytes;
      // while nothing is sent any more, the rate is that of the sending
      if (bytes !== moved.bytes) moved = { bytes, afterMs: performance.now() - startedMs };
      return uploadFigures(watched, moved.afterMs);
    },
  };
}

/** A part that never falls: what is found later makes the whole larger, and no bar shorter. */
function rising(part: () => number): () => number {
  let shown = 0;
  return () => (shown = Math.max(shown, part()));
}

function progressLine({ summary, progress }: Watched): string {
  const { outcomes } = summary;
  const sent = `${bytesText(progress.movedBytes)} sent, ${summary.accepted} accepted`;
  return `${summary.done} of ${summary.read}${progress.sourcesKnown ? '' : '+'} sources done: ${sent}, ${outcomes.failed} failed`;
}

/** A bar that is not done lacks its last place, whatever was rounded. */
const almost = 1 - 1 / maxBarPlaces;

function sentPart({ summary, progress }: Watched): number {
  const { totalBytes, movedBytes, sentInputs, sourcesKnown } = progress;
  const isDone = sourcesKnown && sentInputs >= inputsToSend({ summary, progress });
  if (isDone) return 1;
  return totalBytes <= 0 ? 0 : Math.min(almost, movedBytes / totalBytes);
}

/** How many inputs are indexed, of how many: a failure keeps the bar short, a duplicate does not count. */
function indexedCounts({ read, outcomes }: Summary): { readonly indexed: number; readonly toIndex: number } {
  const { added, updated, exists, duplicate } = outcomes;
  return { indexed: added + updated + exists, toIndex: read - duplicate };
}

function indexedPart({ summary, progress }: Watched): number {
  const { indexed, toIndex } = indexedCounts(summary);
  if (progress.sourcesKnown && indexed >= toIndex) return 1;
  return toIndex === 0 ? 0 : Math.min(almost, indexed / toIndex);
}

/** All that was read, without what the app has and what failed before it was sent. */
function inputsToSend({ summary, progress }: Pick<Watched, 'summary' | 'progress'>): number {
  const refusedBefore = summary.outcomes.duplicate + summary.unsendable;
  return Math.max(0, summary.read - progress.presentInputs - refusedBefore);
}

function uploadFigures({ summary, progress }: Watched, sendingMs: number): string {
  const { totalBytes, movedBytes, sourcesKnown, sentInputs } = progress;
  const rate = sendingMs > 0 ? (movedBytes / sendingMs) * 1000 : 0;
  const leftMs = rate > 0 ? ((totalBytes - movedBytes) / rate) * 1000 : 0;
  const toSend = inputsToSend({ summary, progress });
  if (sourcesKnown && toSend === 0) return 'nothing to send';
  return [
    `${sentInputs}/${toSend}${sourcesKnown ? '' : '+'}`,
    bytesText(movedBytes),
    `${bytesText(Math.round(rate))}/s`,
    ...(sourcesKnown && leftMs > 0 ? [`ETA ${durationText(leftMs)}`] : []),
  ].join('  ');
}

function indexedFigures(summary: Summary): string {
  const { indexed, toIndex } = indexedCounts(summary);
  const { failed } = summary.outcomes;
  return `${indexed}/${toIndex}${failed > 0 ? `  ${failed} failed` : ''}`;
}
