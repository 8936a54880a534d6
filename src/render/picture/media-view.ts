import stringWidth from 'string-width';
import type { TagInput } from '../../core/tag/input.js';
import type { Brush, Places } from './picture.js';
import { plain } from '../text.js';

/** What there is to see of an input: a picture as it was sent, or words in its place. */
export type Sight =
  | { readonly at: 'picture'; readonly bytes: Buffer; readonly brush: Brush }
  | { readonly at: 'words'; readonly text: string };

/** Gets what is at an address; rejects with the reason why it can't. */
export type Fetch = (address: string, unwanted: AbortSignal) => Promise<Buffer>;

/** Of a text, so many characters are looked at. */
const excerptLength = 4000;

export interface Looking {
  readonly fetch: Fetch;
  /** Undefined where the terminal shows no pictures. */
  readonly brush: Brush | undefined;
  /** Aborted once nobody looks any more. */
  readonly unwanted: AbortSignal;
}

/** Looks at an input. Rejects with the reason why there is nothing to see. */
export async function look({ media, facts }: TagInput, { fetch, brush, unwanted }: Looking): Promise<Sight> {
  if (media === undefined) return words('no media');
  if (media.at === 'text') return words(media.text);
  switch (media.kind) {
    case 'text':
      return words((await fetch(media.url, unwanted)).toString('utf8', 0, 4 * excerptLength));
    case 'image':
      if (brush === undefined)
        return words(`image${facts && `, ${facts}`}: a terminal with 256 colours or more shows it`);
      return { at: 'picture', bytes: await fetch(media.url, unwanted), brush };
    default:
      return words(`${media.kind}${facts && `, ${facts}`}: not shown here`);
  }
}

function words(text: string): Sight {
  return { at: 'words', text: text.slice(0, excerptLength) };
}

/** A text from outside on so many lines of a terminal; what does not fit is left out. */
export function wordLines(text: string, { columns, rows }: Places): readonly string[] {
  const lines = text.split(/\r\n|[\n\r]/).flatMap((line) => wrapped(plain(line), columns));
  return lines.length <= rows ? lines : [...lines.slice(0, Math.max(0, rows - 1)), '…'];
}

function wrapped(line: string, columns: number): readonly string[] {
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
