import type { TagInput } from '../../core/tag/input.js';
import { messageOf } from '../../errors.js';
import { drawn, smallCopy, type Places } from './picture.js';
import { look, wordLines, type Looking } from './media-view.js';
import { plain } from '../text.js';

/** Lines of a terminal that a picture takes at most. */
const mostRows = 24;

/** What there is to see of an input, below its id, as a terminal shows it among its other lines. */
export async function preview(input: TagInput, looking: Looking, terminal: Places): Promise<string> {
  const place = { columns: terminal.columns - 1, rows: Math.max(1, Math.min(mostRows, terminal.rows - 3)) };
  const shown = await shownIn(place, input, looking).catch((error: unknown) =>
    wordLines(`not shown: ${messageOf(error)}`, place).join('\n'),
  );
  return `${plain(input.id)}\n${shown}\n`;
}

async function shownIn(place: Places, input: TagInput, looking: Looking): Promise<string> {
  const sight = await look(input, looking);
  if (sight.at === 'words') return wordLines(sight.text, place).join('\n');
  const { lines, rows } = await drawn(await smallCopy(sight.bytes), sight.brush, place);
  if (sight.brush.way === 'halves') return lines.join('\n');
  // what pixels are drawn over has to be on the screen before, and the cursor goes below by itself
  return `${'\n'.repeat(rows)}\u001b[${rows}A${lines.join('')}\u001b[${rows}B\r`;
}
