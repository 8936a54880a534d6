import type { MultiBar } from 'cli-progress';
import type { Context, TextOutput } from '../../context.js';
import { truncate } from '../text-width.js';
import { drawsLive } from './live-terminal.js';

/** Shows how far a run is; core code never asks where. */
export interface Reporter {
  /** A line that stays, such as a failure. */
  line(text: string): void;
  /** Shows what the run is held up by, where there are bars; undefined once it goes on. */
  state?(text: string | undefined): void;
  stop(): void;
}

/** What there is to show of a run, asked for again and again. */
export interface ProgressView {
  /** For where no bars can be drawn; undefined if there is nothing new to tell. */
  line(): string | undefined;
  /** On a terminal, one below the other; what holds up the run is shown in the first one. */
  readonly bars: readonly ProgressBar[];
}

export interface ProgressBar {
  readonly label: string;
  /** How much of it is full, 0 to 1. */
  part(): number;
  /** What stands behind it. */
  figures(): string;
}

interface ReporterOptions {
  readonly quiet: boolean;
  readonly progress: boolean;
  readonly verbose: boolean;
}

/** Redraws at most so often. */
const redrawsPerSecond = 10;
const lineEveryMs = 10_000;
/** Places of the longest bar. */
export const maxBarPlaces = 40;
/** A line is written over the bars, which cli-progress keeps from wrapping. Source: xterm's control sequences. */
const clearBelow = '\u001b[J';
const wrapOn = '\u001b[?7h';
const wrapOff = '\u001b[?7l';

/** Bars on a terminal, a line every ten seconds elsewhere, and only the lines that stay if nothing else is wanted. */
export async function openReporter(
  { stderr, env }: Pick<Context, 'stderr' | 'env'>,
  { quiet, progress, verbose }: ReporterOptions,
  view: ProgressView,
): Promise<Reporter> {
  if (quiet || !progress) return lineReporter(stderr);
  // the lines of -v would stand between the bars
  if (drawsLive(stderr, env) && !verbose) return await barReporter(stderr, view);
  const timer = setInterval(() => {
    const line = view.line();
    if (line !== undefined) stderr.write(`${line}\n`);
  }, lineEveryMs);
  timer.unref();
  return lineReporter(stderr, timer);
}

/** Never an escape sequence. */
function lineReporter(stderr: TextOutput, timer?: NodeJS.Timeout): Reporter {
  return {
    line: (text) => void stderr.write(`${text}\n`),
    stop: () => {
      clearInterval(timer);
    },
  };
}

async function barReporter(stderr: TextOutput, view: ProgressView): Promise<Reporter> {
  const bars = await openBars(stderr);
  const drawn = view.bars.map((bar) => ({ bar, single: bars.create(1, 0, { label: bar.label, figures: '' }) }));
  let heldUpBy: string | undefined;
  const draw = (): void => {
    for (const [index, { bar, single }] of drawn.entries()) {
      single.update(bar.part(), { figures: (index === 0 ? heldUpBy : undefined) ?? bar.figures() });
    }
  };
  const timer = setInterval(draw, 1000 / redrawsPerSecond);
  timer.unref();
  return {
    line: (text) => {
      bars.log(`${clearBelow}${wrapOn}${text}\n${wrapOff}`);
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

/** Bars, each with its label and its figures. */
async function openBars(stderr: TextOutput): Promise<MultiBar> {
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
