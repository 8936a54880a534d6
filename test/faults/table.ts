import type { Outcome } from './scene.js';

/** One row of the matrix. */
export interface Row {
  readonly fault: string;
  readonly command: string;
  /** What the fault spoils: one request or source, or with Infinity all of them. */
  readonly times: number;
  readonly outcome: Outcome;
  /** Inputs that a record or the exit code says are there, and are not; or that are gone and should not be. */
  readonly lost: number;
  readonly doubled: number;
  /** The exit code of the same command, once the fault is over. */
  readonly again: number | null;
}

/** The matrix as it is printed. */
export function tableOf(rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const head = ['fault', 'command', 'spoilt', 'exit', 'lost', 'doubled', 'message'];
  return [head, head.map(() => '---'), ...rows.map(cellsOf)].map(line).join('');
}

/** The message is the first line that tells of a failure, else the first, without what differs from run to run. */
function cellsOf({ fault, command, times, outcome, lost, doubled }: Row): readonly string[] {
  const lines = outcome.stderr.split('\n');
  const message = lines.find((text) => /^(error|failed): |^\{"error"/.test(text)) ?? lines[0] ?? '';
  const said = message
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/\/[^ ]*clarifai-inputs-faults-\w+\//g, '')
    .replaceAll('|', '\\|');
  return [
    fault,
    command,
    times === 1 ? 'one' : 'all',
    String(outcome.code),
    String(lost),
    String(doubled),
    said.slice(0, 90),
  ];
}
