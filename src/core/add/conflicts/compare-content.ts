import type { AppInput, AppMedia } from '../../../api/answers.js';
import { textBeside } from '../../../api/media.js';
import { valueAt } from '../../../wire/json.js';
import { excerpt } from '../../model/excerpt.js';
import type { Candidate, Found } from '../../model/steps.js';

/**
 * Compares a source with the media of the input that has its id, as far as the service tells of it: kind, URL, text,
 * and the numbers of pixels and characters.
 *
 * @returns what the app has instead; `'same'`, or `'unknown'` where there was nothing to compare
 */
export function compareContent({ candidate, input }: Found): 'same' | 'unknown' | { readonly instead: string } {
  const { kind } = candidate.input;
  const medium = input.media.find((one) => one.kind === kind);
  if (medium !== undefined) return compareTextBeside(candidate, input) ?? compareMedium(candidate, medium);
  const [other] = input.media;
  return other === undefined ? 'unknown' : { instead: withArticle[other.kind] };
}

/** What the app has instead of the text beside an image; undefined where that is the same, or none is given. */
export function compareTextBeside(candidate: Candidate, input: AppInput): { readonly instead: string } | undefined {
  const given = candidate.input.textBeside;
  if (given === undefined) return undefined;
  const text = textBeside(input);
  const compared = text === undefined ? { instead: 'no text' } : compareText(given, text);
  return typeof compared === 'object' ? { instead: `the image with ${compared.instead}` } : undefined;
}

const withArticle = { image: 'an image', video: 'a video', audio: 'an audio file', text: 'a text' } as const;

function compareMedium({ input: { kind, content } }: Candidate, medium: AppMedia): ReturnType<typeof compareContent> {
  switch (content.at) {
    case 'url':
      return medium.url === undefined || isOwnCopy(medium)
        ? 'unknown'
        : sameUnless(content.url !== medium.url, excerpt(medium.url));
    case 'text':
      return compareText(content.text, medium);
    case 'file':
      return kind === 'image' ? comparePixels(content.pixels, medium) : 'unknown';
  }
}

function compareText(text: string, medium: AppMedia): ReturnType<typeof compareContent> {
  if (medium.text !== undefined) return sameUnless(text !== medium.text, 'another text');
  const count = valueAt(medium.info, ['char_count']);
  // whether the service counts what is outside the basic plane once or twice is not documented
  if (typeof count !== 'number' || count === text.length || count === Array.from(text).length) return 'unknown';
  return { instead: `a text of ${count} characters` };
}

/** The number of pixels is the same however a picture is turned. Equal numbers don't prove anything. */
function comparePixels(pixels: number | undefined, { info }: AppMedia): 'unknown' | { readonly instead: string } {
  const [width, height] = [valueAt(info, ['width']), valueAt(info, ['height'])];
  const isTold = typeof width === 'number' && typeof height === 'number' && width > 0 && height > 0;
  if (pixels === undefined || !isTold || width * height === pixels) return 'unknown';
  return { instead: `a picture of ${width}x${height}` };
}

function sameUnless(differs: boolean, instead: string): 'same' | { readonly instead: string } {
  return differs ? { instead } : 'same';
}

/** True for media at an address of the service's own, which is not the one that it was added from. */
function isOwnCopy({ url = '', hosted }: AppMedia): boolean {
  const origins = [hosted?.prefix ?? '', 'https://data.clarifai.com'].filter((one) => URL.canParse(one));
  return URL.canParse(url) && origins.some((origin) => new URL(origin).origin === new URL(url).origin);
}

/** How a source is told apart from others: whether its id says what it holds. */
export function isIdOfContent({ draft }: Candidate, idFrom: string): boolean {
  return idFrom === 'hash' && draft.id === undefined;
}

/** What a user is told of an input that exists and holds something else. */
export function otherContentText(input: AppInput, instead: string): string {
  return `the app has ${instead} under the ID '${input.id}'`;
}
