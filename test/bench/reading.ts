import { fileURLToPath } from 'node:url';
import type { Figure } from './figures.js';
import { bin, median, runNode, type Sink } from './processes.js';

const rounds = 5;

/** `list --all` of 100,000 inputs, beside a program that fetches the same pages and throws them away. */
export async function reading(sink: Sink): Promise<readonly Figure[]> {
  const receive = fileURLToPath(new URL('receive-only.mjs', import.meta.url));
  const list = [bin, 'list', '--all', '--per-page', '1000', '-o', 'ndjson', '--rps', '0'];
  await runNode([receive, sink.url]); // the sink makes its pages
  const seconds = { list: [] as number[], receive: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    seconds.list.push((await runNode(list, { env: sink.env })).seconds);
    seconds.receive.push((await runNode([receive, sink.url])).seconds);
  }
  return [
    { name: '`list` of 100,000 as NDJSON', value: median(seconds.list), unit: ' s' },
    {
      name: '`list` of 100,000 as NDJSON / receive only',
      value: median(seconds.list) / median(seconds.receive),
      unit: '',
    },
  ];
}
