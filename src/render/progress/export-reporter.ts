import type { Context } from '../../context.js';
import { drawsLive } from './live-terminal.js';
import { openBars, silentReporter, type Reporter } from './add-reporter.js';

/** How far an export is. Each figure is counted. */
export interface ExportCounts {
  exported: number;
  failed: number;
  /** Media that this run saved. */
  saved: number;
  /** Inputs of the app; undefined where only a selection is exported. */
  readonly total: number | undefined;
}

const redrawMs = 100;
/** Off a terminal, a line in so many ms. */
const lineEveryMs = 10_000;

/** Shows how far an export is: a bar on a terminal, a line now and then elsewhere. */
export async function exportReporter(
  counts: ExportCounts,
  { stderr, env }: Context,
  options: { readonly silent: boolean; readonly bars: boolean },
): Promise<Reporter> {
  if (options.silent) return silentReporter(stderr);
  if (options.bars && drawsLive(stderr, env)) return await exportBar(counts, stderr);
  const timer = setInterval(() => {
    stderr.write(`${figuresOf(counts)}\n`);
  }, lineEveryMs);
  timer.unref();
  return {
    line: (text) => void stderr.write(`${text}\n`),
    stop: () => {
      clearInterval(timer);
    },
  };
}

async function exportBar(counts: ExportCounts, stderr: Context['stderr']): Promise<Reporter> {
  const bars = await openBars(stderr);
  const bar = bars.create(1, 0, { label: 'exported', figures: '' });
  let heldUpBy: string | undefined;
  const draw = (): void => {
    bar.update(partOf(counts), { figures: heldUpBy ?? figuresOf(counts) });
  };
  const timer = setInterval(draw, redrawMs);
  timer.unref();
  return {
    line: (text) => {
      bars.log(`${text}\n`);
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

function partOf({ exported, failed, total }: ExportCounts): number {
  return total === undefined || total === 0 ? 0 : Math.min(1, (exported + failed) / total);
}

function figuresOf({ exported, failed, saved, total }: ExportCounts): string {
  const of = total === undefined ? '' : `/${total}`;
  return `${exported}${of} inputs, ${saved} media saved${failed === 0 ? '' : `, ${failed} failed`}`;
}
