import type { ProgressView } from './reporter.js';

/** How far an export is. Each figure is counted. */
export interface ExportCounts {
  exported: number;
  failed: number;
  /** Media that this run saved. */
  saved: number;
  /** Inputs of the app; undefined where only a selection is exported. */
  readonly total: number | undefined;
}

/** How far an export is: a bar, or a line with the same figures. */
export function exportView(counts: ExportCounts): ProgressView {
  const bar = { label: 'exported', part: () => partOf(counts), figures: () => barFigures(counts) };
  return { line: () => lineFigures(counts), bars: [bar] };
}

function partOf({ exported, failed, total }: ExportCounts): number {
  return total === undefined || total === 0 ? 0 : Math.min(1, (exported + failed) / total);
}

/** Short enough for a narrow terminal. */
function barFigures({ exported, failed, saved, total }: ExportCounts): string {
  const of = total === undefined ? '' : `/${total}`;
  return `${exported}${of}  ${saved} media${failed === 0 ? '' : `  ${failed} failed`}`;
}

function lineFigures({ exported, failed, saved, total }: ExportCounts): string {
  const of = total === undefined ? '' : `/${total}`;
  return `${exported}${of} inputs, ${saved} media saved${failed === 0 ? '' : `, ${failed} failed`}`;
}
