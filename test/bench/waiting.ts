import { createHash } from 'node:crypto';
import type { Figure } from './figures.js';
import { bin, runNode, Sink } from './processes.js';

const latencyMs = 100;

/** Requests and seconds until it is known that many inputs, all indexed, are done. */
export async function waiting(quick: boolean): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const sink = await Sink.start('sink.mjs', [String(latencyMs)]);
  try {
    for (const count of quick ? [10_000] : [10_000, 100_000]) {
      figures.push(...(await learned(sink, count)));
    }
  } finally {
    sink.stop();
  }
  return figures;
}

async function learned(sink: Sink, count: number): Promise<readonly Figure[]> {
  const urls = Array.from({ length: count }, (_, index) => `https://photos.example/${count}/${index}.jpg`);
  const ids = urls.map((url) => createHash('sha256').update(url).digest('hex').slice(0, 32));
  await sink.seen();
  await runNode([bin, 'add', '-', '--no-wait', '--rps', '0', '-q'], {
    env: sink.env,
    stdin: urls.map((url) => `${url}\n`),
  });
  await sink.seen({ forget: false });
  const args = [bin, 'status', '--wait', '-', '--rps', '0', '-q', '-o', 'ids'];
  const waited = await runNode(args, { env: sink.env, stdin: ids.map((id) => `${id}\n`) });
  const { requests } = await sink.seen();
  const polls = Object.entries(requests).reduce((sum, [, times]) => sum + times, 0);
  const name = `${count.toLocaleString('en')} inputs, all done, ${latencyMs} ms an answer`;
  return [
    {
      name: `${name}: requests`,
      value: waited.code === 0 ? polls : Number.NaN,
      unit: '',
    },
    { name: `${name}: seconds`, value: waited.seconds, unit: ' s' },
  ];
}
