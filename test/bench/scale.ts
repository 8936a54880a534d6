import type { Figure } from './figures.js';
import { bin, runNode, type Sink } from './processes.js';

/** How time and memory grow with the number of sources; URLs from standard input, awaited until each is indexed. */
export async function scale(sink: Sink, quick: boolean): Promise<readonly Figure[]> {
  const counts = quick ? [1000, 10_000, 100_000] : [1000, 10_000, 100_000, 1_000_000];
  const figures: Figure[] = [];
  const secondsPerSource: number[] = [];
  for (const count of counts) {
    await sink.seen();
    const used = await runNode([bin, 'add', '-', '--rps', '0', '-q', '-o', 'ndjson'], {
      env: sink.env,
      stdin: urls(count),
    });
    const { inputs } = await sink.seen();
    const arrived = used.code === 0 && inputs === count;
    secondsPerSource.push(used.seconds / count);
    const name = count.toLocaleString('en');
    figures.push(
      { name: `${name} URLs: seconds`, value: arrived ? used.seconds : Number.NaN, unit: ' s' },
      {
        name: `${name} URLs: peak memory`,
        value: arrived ? used.peakMiB : Number.NaN,
        unit: ' MiB',
      },
    );
  }
  const most = (counts.at(-1) ?? 0).toLocaleString('en');
  const [first = Number.NaN] = secondsPerSource;
  const last = secondsPerSource.at(-1) ?? Number.NaN;
  figures.push({ name: `time a source, ${most} URLs / 1,000`, value: last / first, unit: '' });
  // starting weighs on a thousand sources more than on a million: the growth behind it
  const second = secondsPerSource[1] ?? Number.NaN;
  figures.push({ name: `time a source, ${most} URLs / 10,000`, value: last / second, unit: '' });
  return figures;
}

/** The lines of so many addresses, in chunks. */
export function* urls(count: number): Generator<string> {
  const perChunk = 1000;
  for (let from = 0; from < count; from += perChunk) {
    const lines = Array.from({ length: Math.min(perChunk, count - from) }, (_, index) => {
      return `https://photos.example/albums/${Math.floor((from + index) / 500)}/${from + index}.jpg\n`;
    });
    yield lines.join('');
  }
}
