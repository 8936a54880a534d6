import type { MultiBar } from 'cli-progress';
import type { TextOutput } from '../../context.js';
import type { Progress } from '../../core/add/progress.js';
import type { Summary } from '../../core/add/summary.js';
import { bytesText, durationText } from '../text.js';
import { truncate } from '../text-width.js';

/** Shows how far an `add` is; core code never asks which one it has. */
export interface Reporter {
  /** A line that stays, such as a failure. */
  line(text: string): void;
  /** Shows what the run is held up by, where there are bars; undefined once it goes on. */
  state?(text: string | undefined): void;
  stop(): void;
}

export interface Watched {
  readonly summary: Summary;
  readonly progress: Progress;
  /** False with `--no-wait`: nothing to show of the indexing. */
  readonly awaited: boolean;
  /** True for a run that goes on for weeks: a line that tells nothing new would fill its log. */
  readonly isEndless?: boolean;
}

/** Redraws at most so often. */
const redrawsPerSecond = 10;
const lineEveryMs = 10_000;
const maxBarPlaces = 40;
/** A line is written over a bar. Source: xterm's control sequences. */
const clearRight = '\u001b[K';

/** Nothing but the lines that stay. */
export function silentReporter(stderr: TextOutput): Reporter {
  return { line: (text) => void stderr.write(`${text}\n`), stop: () => undefined };
}

/** Off a terminal: a line every ten seconds, never an escape sequence. */
export function lineReporter(stderr: TextOutput, watched: Watched): Reporter {
  let last = '';
  const timer = setInterval(() => {
    const line = progressLine(watched);
    if (watched.isEndless !== true || line !== last) stderr.write(`${line}\n`);
    last = line;
  }, lineEveryMs);
  timer.unref();
  return {
    line: (text) => void stderr.write(`${text}\n`),
    stop: () => {
      clearInterval(timer);
    },
  };
}

function progressLine({ summary, progress }: Watched): string {
  const { outcomes } = summary;
  const sent = `${bytesText(progress.movedBytes)} sent, ${summary.accepted} accepted`;
  return `${summary.done} of ${summary.read}${progress.sourcesKnown ? '' : '+'} sources done: ${sent}, ${outcomes.failed} failed`;
}

/** Bars on a terminal, each with its label and its figures. */
export async function openBars(stderr: TextOutput): Promise<MultiBar> {
  const { MultiBar, Format } = (await import('cli-progress')).default;
  return new MultiBar({
    stream: stderr,
    fps: redrawsPerSecond,
    hideCursor: true,
    gracefulExit: false,
    emptyOnZero: true,
    // a line that stays moves the bars down, also one that shows the same as before
    forceRedraw: true,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    format: (options, params, payload: { label: string; figures: string }) => {
      const width = (stderr.columns ?? 80) - 1;
      const barsize = Math.max(5, Math.min(maxBarPlaces, width - payload.label.length - payload.figures.length - 4));
      const bar = Format.BarFormat(params.progress, { ...options, barsize });
      return truncate(`${payload.label} ${bar}  ${payload.figures}`, width);
    },
  });
}

/** On a terminal: one bar for what is sent, one for what is indexed. */
export async function barReporter(stderr: TextOutput, watched: Watched): Promise<Reporter> {
  const startedMs = performance.now();
  const bars = await openBars(stderr);
  const upload = bars.create(1, 0, { label: 'sent   ', figures: '' });
  const indexed = watched.awaited ? bars.create(1, 0, { label: 'indexed', figures: '' }) : undefined;
  const shown: ShownParts = { sent: 0, indexed: 0 };
  let moved = { bytes: 0, afterMs: 0 };
  let heldUpBy: string | undefined;
  const draw = (): void => {
    const bytes = watched.progress.movedBytes;
    // while nothing is sent any more, the rate is that of the sending
    if (bytes !== moved.bytes) moved = { bytes, afterMs: performance.now() - startedMs };
    raise(shown, watched);
    upload.update(shown.sent, { figures: heldUpBy ?? uploadFigures(watched, moved.afterMs) });
    indexed?.update(shown.indexed, { figures: indexedFigures(watched.summary) });
  };
  const timer = setInterval(draw, 1000 / redrawsPerSecond);
  timer.unref();
  return {
    line: (text) => {
      bars.log(text.replaceAll(/$/gm, clearRight) + '\n');
    },
    state: (text) => {
      heldUpBy = text;
    },
    stop: () => {
      clearInterval(timer);
      draw();
      bars.update();
      bars.stop();
    },
  };
}

/** How much of each bar was full already: what is found later must not make it fall. */
interface ShownParts {
  sent: number;
  indexed: number;
}

function raise(shown: ShownParts, watched: Watched): void {
  shown.sent = Math.max(shown.sent, sentPart(watched));
  shown.indexed = Math.max(shown.indexed, indexedPart(watched));
}

/** A bar that is not done lacks its last place, whatever was rounded. */
const almost = 1 - 1 / maxBarPlaces;

function sentPart({ summary, progress }: Watched): number {
  const { totalBytes, movedBytes, sentInputs, sourcesKnown } = progress;
  const isDone = sourcesKnown && sentInputs >= inputsToSend({ summary, progress });
  if (isDone) return 1;
  return totalBytes <= 0 ? 0 : Math.min(almost, movedBytes / totalBytes);
}

function indexedPart({ summary, progress }: Watched): number {
  const settled = summary.done - summary.outcomes.pending - summary.outcomes.unsent;
  if (progress.sourcesKnown && settled >= summary.read) return 1;
  return summary.read === 0 ? 0 : Math.min(almost, settled / summary.read);
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

function indexedFigures({ outcomes: { added, updated, exists, failed }, read }: Summary): string {
  return `${added + updated + exists}/${read}${failed > 0 ? `  ${failed} failed` : ''}`;
}
