import { sanitizeForTerminal } from '../../src/render/text.js';
import { transportNames, transports, type Finding, type Row, type Transport } from './assumption.js';

/** How many findings there are of each result. */
export type Tally = Readonly<Record<Finding['result'], number>>;

/** All rows, each with what was assumed; what is not as assumed is told below its row. */
export function printTable(rows: readonly Row[], tried: readonly Transport[]): string {
  const cells = [
    ['ASSUMPTION', ...tried.map((transport) => transportNames[transport]), 'ASSUMED', 'CONTRACT'],
    ...rows.map((row) => [row.name, ...tried.map((transport) => resultOf(row, transport)), row.assumed, row.source]),
  ].map((line) => line.map(sanitizeForTerminal));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const print = (line: readonly string[]): string =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [...cells.entries()]
    .flatMap(([index, line]) => [print(line), ...(index === 0 ? [] : detailsOf(rows[index - 1], tried))])
    .join('\n');
}

/** `REST: 71 same, 1 differs`. */
export function printTally(rows: readonly Row[], transport: Transport): string {
  const parts = Object.entries(tallyOf(rows, transport)).filter(([, count]) => count > 0);
  return `${transportNames[transport]}: ${parts.map(([result, count]) => `${count} ${result}`).join(', ')}`;
}

/** Counts the findings over one transport. */
export function tallyOf(rows: readonly Row[], transport: Transport): Tally {
  const tally = { same: 0, differs: 0, 'could not be told': 0, 'not tried': 0 };
  for (const { findings } of rows) {
    const finding = findings[transport];
    if (finding !== undefined) tally[finding.result] += 1;
  }
  return tally;
}

/** Whether there is anything that is not as assumed, or of which that could not be told. */
export function hasDoubts(rows: readonly Row[]): boolean {
  return transports.some((transport) => {
    const tally = tallyOf(rows, transport);
    return tally.differs + tally['could not be told'] > 0;
  });
}

function resultOf({ findings }: Row, transport: Transport): string {
  return findings[transport]?.result ?? '-';
}

function detailsOf(row: Row | undefined, tried: readonly Transport[]): readonly string[] {
  const lines = tried.flatMap((transport) => {
    const finding = row?.findings[transport];
    if (finding === undefined || isPlain(finding, row)) return [];
    const text = 'reason' in finding ? finding.reason : finding.observed;
    return [{ name: transportNames[transport], text: sanitizeForTerminal(text) }];
  });
  const [first] = lines;
  const isOne = first !== undefined && lines.length > 1 && lines.every(({ text }) => text === first.text);
  if (isOne) return [`    ${first.text}`];
  return lines.map(({ name, text }) => `    ${name}: ${text}`);
}

/** The row alone says it: of several texts that would do, the one that came is worth telling. */
function isPlain(finding: Finding, row: Row | undefined): boolean {
  return finding.result === 'same' && row?.assumed.includes(' or ') !== true;
}
