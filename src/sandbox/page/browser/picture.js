import { make } from './elements.js';

/** @import { CardMedia } from '../listing.js' */

const excerptLength = 600;

/** Images that browsers show; of others, that is the reason. */
const shownTypes = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/bmp', 'image/avif']);

/**
 * What there is to see or hear of an input. What is elsewhere is named, and not fetched.
 *
 * @param {CardMedia | undefined} media
 * @param {string} label
 * @returns {HTMLElement}
 */
export function pictureOf(media, label) {
  if (media === undefined) return note('∅', 'no media');
  const { kind, path, url, contentType } = media;
  if (path === undefined) return note('↗', `${kind} at`, url ?? 'no address');
  switch (kind) {
    case 'image':
      return image(path, label, contentType);
    case 'video':
      return player('video', path, label);
    case 'audio':
      return make('div', 'note', make('span', 'symbol', '♪'), player('audio', path, label));
    case 'text':
      return excerpt(path);
  }
}

/**
 * @param {string} symbol
 * @param {readonly string[]} lines
 */
function note(symbol, ...lines) {
  const mark = make('span', 'symbol', symbol);
  mark.ariaHidden = 'true';
  return make('div', 'note', mark, ...lines.map((line) => make('span', 'line', line)));
}

/**
 * @param {string} path
 * @param {string} label
 * @param {string | undefined} contentType
 */
function image(path, label, contentType) {
  const picture = make('img', '');
  picture.loading = 'lazy';
  picture.decoding = 'async';
  picture.alt = label;
  picture.draggable = false;
  picture.addEventListener('error', () => {
    picture.replaceWith(note('⊘', whyNotShown(contentType)));
  });
  picture.src = path;
  return picture;
}

/** @param {string | undefined} contentType */
function whyNotShown(contentType) {
  const isUnknown = contentType === undefined || !contentType.startsWith('image/') || shownTypes.has(contentType);
  return isUnknown
    ? 'cannot be shown here'
    : `${contentType.slice('image/'.length).toUpperCase()}: browsers cannot show it`;
}

/**
 * @param {'video' | 'audio'} kind
 * @param {string} path
 * @param {string} label
 */
function player(kind, path, label) {
  const media = make(kind, '');
  media.controls = true;
  media.preload = 'none';
  media.ariaLabel = label;
  media.addEventListener('error', () => {
    media.replaceWith(note(kind === 'video' ? '▷' : '♪', 'cannot be played here'));
  });
  media.src = path;
  return media;
}

/** @param {string} path */
function excerpt(path) {
  const text = make('p', 'excerpt');
  text.dir = 'auto';
  beginning(path).then(
    (beginningText) => {
      text.textContent = beginningText === '' ? 'empty' : beginningText;
    },
    () => {
      text.replaceWith(note('⊘', 'cannot be shown here'));
    },
  );
  return text;
}

/**
 * The first characters of a text, however long the rest of it is.
 *
 * @param {string} path
 */
async function beginning(path) {
  const response = await fetch(path);
  const reader = response.ok ? response.body?.getReader() : undefined;
  if (reader === undefined) throw new Error(`HTTP ${response.status}`);
  const { value } = await reader.read();
  await reader.cancel();
  return new TextDecoder().decode(value).slice(0, excerptLength);
}
