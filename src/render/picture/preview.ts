import type { TagInput } from '../../core/tag/input.js';
import { messageOf } from '../../errors.js';
import { drawPicture, makeSmallCopy, type CellSize } from './picture.js';
import { loadView, wrapText, type ViewOptions } from './media-view.js';
import { sanitizeForTerminal } from '../text.js';

/** Lines of a terminal that a picture takes at most. */
const maxRows = 24;

/** Formats a view of an input, below its id, for a terminal's ordinary lines. */
export async function formatPreview(input: TagInput, options: ViewOptions, terminal: CellSize): Promise<string> {
  const place = { columns: terminal.columns - 1, rows: Math.max(1, Math.min(maxRows, terminal.rows - 3)) };
  const shown = await drawIn(place, input, options).catch((error: unknown) =>
    wrapText(`not shown: ${messageOf(error)}`, place).join('\n'),
  );
  return `${sanitizeForTerminal(input.id)}\n${shown}\n`;
}

async function drawIn(place: CellSize, input: TagInput, options: ViewOptions): Promise<string> {
  const view = await loadView(input, options);
  if (view.at === 'words') return wrapText(view.text, place).join('\n');
  const { lines, rows } = await drawPicture(await makeSmallCopy(view.bytes), view.renderer, place);
  if (view.renderer.protocol === 'half-blocks') return lines.join('\n');
  // what pixels are drawn over has to be on the screen before, and the cursor goes below by itself
  return `${'\n'.repeat(rows)}\u001b[${rows}A${lines.join('')}\u001b[${rows}B\r`;
}
