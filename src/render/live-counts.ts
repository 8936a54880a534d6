import type { Counts } from '../api/decode.js';
import type { Context } from '../context.js';

export interface LiveCounts {
  show(counts: Counts): void;
  stop(): void;
}

/** Off a terminal, at most one line in so many ms. */
const lineEveryMs = 10_000;

/** How far the app is, on stderr: one line drawn again and again on a terminal, a line now and then elsewhere. */
export function liveCounts(
  context: Context,
  options: { readonly quiet: boolean; readonly progress: boolean },
): LiveCounts {
  const { stderr, clock, env } = context;
  if (options.quiet || !options.progress) return { show: () => undefined, stop: () => undefined };
  if (stderr.isTTY === true && env['TERM'] !== 'dumb') {
    return {
      show: (counts) => void stderr.write(`\r\u001b[2K${lineOf(counts)}`),
      stop: () => void stderr.write('\r\u001b[2K'),
    };
  }
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

function lineOf(counts: Counts): string {
  const { processed, processing, to_process: toProcess, errors } = counts;
  return `processed ${processed}, processing ${processing}, to process ${toProcess}, errors ${errors}`;
}
