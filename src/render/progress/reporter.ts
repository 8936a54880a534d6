import type { MultiBar, SingleBar } from 'cli-progress';
import type { TextOutput } from '../../context.js';
import type { Progress } from '../../core/add/progress.js';
import type { Summary } from '../../core/add/summary.js';
import { bytesText, durationText } from '../text.js';
import { truncated } from '../text-width.js';

/** Shows how far an `add` is; core code never asks which one it has. */
export interface Reporter {
  /** A line that stays, such as a failure. */
  line(text: string): void;
  stop(): void;
}

export interface Watched {
  readonly summary: Summary;
  readonly progress: Progress;
  /** False with `--no-wait`: nothing to show of the indexing. */
  readonly awaited: boolean;
}

/** Redraws at most so often. */
const redrawsPerSecond = 10;
const lineEveryMs = 10_000;
/** A line is written over a bar. Source: xterm's control sequences. */
const clearRight = '\u001b[K';

/** Nothing but the lines that stay. */
export function silentReporter(stderr: TextOutput): Reporter {
  return { line: (text) => void stderr.write(`${text}\n`), stop: () => undefined };
}

/** Off a terminal: a line every ten seconds, never an escape sequence. */
export function lineReporter(stderr: TextOutput, watched: Watched): Reporter {
  const timer = setInterval(() => {
    stderr.write(`${progressLine(watched)}\n`);
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

/** On a terminal: one bar for what is sent, one for what is indexed. */
export async function barReporter(stderr: TextOutput, watched: Watched): Promise<Reporter> {
  const { MultiBar, Format } = (await import('cli-progress')).default;
  const startedMs = performance.now();
  const bars: MultiBar = new MultiBar({
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
      const barsize = Math.max(5, Math.min(40, width - payload.label.length - payload.figures.length - 4));
      const bar = Format.BarFormat(params.progress, { ...options, barsize });
      return truncated(`${payload.label} ${bar}  ${payload.figures}`, width);
    },
  });
  const upload = bars.create(1, 0, { label: 'sent   ', figures: '' });
  const indexed = watched.awaited ? bars.create(1, 0, { label: 'indexed', figures: '' }) : undefined;
  let moved = { bytes: 0, afterMs: 0 };
  const draw = (): void => {
    const bytes = watched.progress.movedBytes;
    // while nothing is sent any more, the rate is that of the sending
    if (bytes !== moved.bytes) moved = { bytes, afterMs: performance.now() - startedMs };
    drawUpload(upload, watched, moved.afterMs);
    if (indexed !== undefined) drawIndexed(indexed, watched.summary);
  };
  const timer = setInterval(draw, 1000 / redrawsPerSecond);
  timer.unref();
  return {
    line: (text) => {
      bars.log(`${truncated(text, 10_000)}${clearRight}\n`);
    },
    stop: () => {
      clearInterval(timer);
      draw();
      bars.update();
      bars.stop();
    },
  };
}

function drawUpload(bar: SingleBar, { summary, progress }: Watched, sendingMs: number): void {
  const { totalBytes, movedBytes, sourcesKnown } = progress;
  const rate = sendingMs > 0 ? (movedBytes / sendingMs) * 1000 : 0;
  const eta =
    sourcesKnown && rate > 0 && movedBytes < totalBytes
      ? `ETA ${durationText(((totalBytes - movedBytes) / rate) * 1000)}`
      : '';
  const known = sourcesKnown ? String(summary.read) : `${summary.read}+`;
  bar.setTotal(Math.max(1, totalBytes));
  const figures = [`${progress.sentInputs}/${known}`, bytesText(movedBytes), `${bytesText(Math.round(rate))}/s`, eta];
  bar.update(totalBytes === 0 ? Number(sourcesKnown) : movedBytes, {
    figures: figures.filter((text) => text !== '').join('  '),
  });
}

function drawIndexed(bar: SingleBar, summary: Summary): void {
  const { added, exists, failed } = summary.outcomes;
  bar.setTotal(Math.max(1, summary.read));
  bar.update(added + exists + failed, {
    figures: `${added + exists}/${summary.read}${failed > 0 ? `  ${failed} failed` : ''}`,
  });
}
