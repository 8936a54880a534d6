import type { Counts } from '../../api/answers.js';
import type { Context, TextOutput } from '../../context.js';
import type { Colours } from '../colour.js';
import { drawsLive } from './live-terminal.js';
import { countBar } from './count-bar.js';

export interface LiveCounts {
  show(counts: Counts): void;
  stop(): void;
}

/** Off a terminal, at most one line in so many ms. */
const lineEveryMs = 10_000;

/** How far the app is, on stderr: a bar drawn again and again on a terminal, a line now and then elsewhere. */
export function liveCounts(
  { stderr, clock, env }: Context,
  options: { readonly quiet: boolean; readonly progress: boolean; readonly colours: Colours },
): LiveCounts {
  if (options.quiet || !options.progress) return { show: () => undefined, stop: () => undefined };
  if (drawsLive(stderr, env)) return liveBar(stderr, options.colours);
  let lastMs = clock.now();
  return {
    show(counts) {
      if (clock.now() - lastMs < lineEveryMs) return;
      lastMs = clock.now();
      stderr.write(`${lineOf(counts)}\n`);
    },
    stop: () => undefined,
  };
}

function liveBar(stderr: TextOutput, colours: Colours): LiveCounts {
  let shown = '';
  const clear = (): string => {
    const rows = shown.split('\n').length - 1;
    return rows === 0 ? '' : `\u001b[${rows}A\r\u001b[J`;
  };
  return {
    show(counts) {
      const bar = countBar(counts, stderr.columns ?? 80, colours);
      if (bar === shown) return;
      stderr.write(clear() + bar);
      shown = bar;
    },
    stop: () => void stderr.write(clear()),
  };
}

function lineOf(counts: Counts): string {
  const { processed, processing, to_process: toProcess, errors } = counts;
  return `processed ${processed}, processing ${processing}, to process ${toProcess}, errors ${errors}`;
}
