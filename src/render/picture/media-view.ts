import stringWidth from 'string-width';
import type { TagInput } from '../../core/tag/input.js';
import type { CellSize, PictureRenderer } from './picture.js';
import { sanitizeForTerminal } from '../text.js';

/** A view of an input: its picture as it was sent, or words in place of it. */
export type MediaView =
  | { readonly at: 'picture'; readonly bytes: Buffer; readonly renderer: PictureRenderer }
  | { readonly at: 'words'; readonly text: string };

/** Gets what is at an address; rejects with the reason why it can't. */
export type Fetch = (address: string, signal: AbortSignal) => Promise<Buffer>;

/** Characters of a text that are shown at most. */
const excerptLength = 4000;

export interface ViewOptions {
  readonly fetch: Fetch;
  /** Undefined where the terminal shows no pictures. */
  readonly renderer: PictureRenderer | undefined;
  /** Aborted once nobody looks any more. */
  readonly signal: AbortSignal;
}

/** Loads what there is to see of an input. Rejects with the reason why there is nothing. */
export async function loadView(
  { media, facts }: TagInput,
  { fetch, renderer, signal }: ViewOptions,
): Promise<MediaView> {
  if (media === undefined) return words('no media');
  if (media.at === 'text') return words(media.text);
  const { kind, url } = media;
  if (kind === 'text') return words((await fetch(url, signal)).toString('utf8', 0, 4 * excerptLength));
  const what = [kind, facts].filter((part) => part !== '').join(', ');
  if (kind !== 'image') return words(`${what}\nA terminal cannot play it. Open it in a browser:\n${url}`);
  if (renderer === undefined) return words(`${what}\nA terminal with 256 colors or more shows it.`);
  return { at: 'picture', bytes: await fetch(url, signal), renderer };
}

function words(text: string): MediaView {
  return { at: 'words', text: text.slice(0, excerptLength) };
}

/** A text from outside on so many lines of a terminal; what does not fit is left out. */
export function wrapText(text: string, { columns, rows }: CellSize): readonly string[] {
  const lines = text.split(/\r\n|[\n\r]/).flatMap((line) => wrapLine(sanitizeForTerminal(line), columns));
  return lines.length <= rows ? lines : [...lines.slice(0, Math.max(0, rows - 1)), '…'];
}

function wrapLine(line: string, columns: number): readonly string[] {
  const lines = [''];
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    const width = stringWidth(segment);
    if (used + width > columns) {
      lines.push('');
      used = 0;
    }
    lines.push(`${lines.pop() ?? ''}${segment}`);
    used += width;
  }
  return lines;
}
