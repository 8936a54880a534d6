import type { Figure } from './figures.js';
import { bin, median, runNode, type Sink } from './processes.js';

const rounds = 15;

/** What starting costs, beside a Node that does nothing; in turn, so that a busy moment hits all alike. */
export async function startUp(sink: Sink): Promise<readonly Figure[]> {
  const cases = {
    nothing: ['-e', '0'],
    version: [bin, '--version'],
    help: [bin, '--help'],
    list: [bin, 'list', '--per-page', '128', '-o', 'ndjson'],
  };
  const seconds = { nothing: [] as number[], version: [] as number[], help: [] as number[], list: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['nothing', 'version', 'help', 'list'] as const) {
      seconds[name].push((await runNode(cases[name], { env: sink.env })).seconds);
    }
  }
  const ratio = (name: 'version' | 'help' | 'list'): number => median(seconds[name]) / median(seconds.nothing);
  return [
    { name: '`--version` / `node -e 0`', value: ratio('version'), unit: '' },
    { name: '`--help` / `node -e 0`', value: ratio('help'), unit: '' },
    { name: '`list`, one page / `node -e 0`', value: ratio('list'), unit: '' },
  ];
}
