import { make } from './elements.js';
import { pictureOf } from './picture.js';
import { formatDay, formatMoment, formatTime } from './time.js';

/** @import { Card, CardStatus } from '../listing.js' */

/** Told apart by their forms as well as by their colours. */
const marks = new Map([
  [30001, '○'],
  [30003, '◐'],
]);

/** An input in the list: made once, then kept up to date. */
export class CardNode {
  element = make('li', 'card');
  button = make('button', 'id');
  #picture = make('div', 'picture');
  #app = make('bdi', 'app');
  #text = make('div', 'text');
  #shown = '';
  #media = '';

  /** @param {Card} card */
  constructor(card) {
    this.button.type = 'button';
    this.button.tabIndex = -1;
    this.button.ariaHasPopup = 'dialog';
    this.element.append(this.#picture, this.#app, this.button, this.#text);
    this.card = card;
  }

  /**
   * @param {Card} card
   * @param {boolean} withApp - whether to say whose it is
   */
  update(card, withApp) {
    this.card = card;
    const shown = JSON.stringify([card, withApp]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const media = JSON.stringify(card.media);
    if (media !== this.#media) this.#picture.replaceChildren(pictureOf(card.media, card.title));
    this.#media = media;
    this.#app.textContent = withApp ? `${card.user}/${card.app}` : '';
    this.element.dataset['phase'] = card.status.phase;
    this.button.textContent = card.title;
    this.button.title = card.title === card.id ? card.id : `${card.title}\n${card.id}`;
    this.button.ariaDescription = card.status.name;
    this.#text.replaceChildren(
      statusLine(card.status),
      make('div', 'concepts', ...conceptsOf(card.concepts)),
      make('div', 'last', metadataOf(card), timeOf(card.createdAt)),
    );
  }
}

/** @param {CardStatus} status */
export function statusLine(status) {
  const line = make(
    'div',
    'status',
    mark(status),
    make('span', 'name', status.name),
    make('span', 'code', `${status.code}`),
  );
  line.dataset['phase'] = status.phase;
  line.title = [status.name, status.details ?? ''].filter((text) => text !== '').join(': ');
  return line;
}

/** @param {Pick<CardStatus, 'code' | 'phase'>} status */
export function mark({ code, phase }) {
  const symbol = make('span', 'mark', marks.get(code) ?? { open: '○', done: '✓', failed: '✕' }[phase]);
  symbol.ariaHidden = 'true';
  return symbol;
}

/** @param {Card['concepts']} concepts */
export function conceptsOf(concepts) {
  if (concepts.length === 0) return [make('span', 'faint', 'no concepts')];
  return concepts.map(({ name, value }) => {
    const isThere = value >= 0.5;
    const concept = make('span', isThere ? 'concept' : 'concept absent', make('bdi', '', name));
    if (!isThere) concept.prepend('not ');
    if (value > 0 && value < 1) concept.append(` ${value}`);
    concept.title = name;
    return concept;
  });
}

/** @param {Card} card */
function metadataOf({ metadata }) {
  const line = make('span', 'metadata');
  // the title names the file already
  const isPath = (/** @type {readonly [string, string]} */ [key]) => key === 'path';
  for (const [key, value] of [...metadata.filter((pair) => !isPath(pair)), ...metadata.filter(isPath)])
    line.append(make('bdi', 'key', key), ' ', make('bdi', '', value), '  ');
  line.title = metadata.map(([key, value]) => `${key}: ${value}`).join('\n');
  return line;
}

/** @param {string} iso */
export function timeOf(iso) {
  const moment = new Date(iso);
  const isToday = formatDay(moment) === formatDay(new Date());
  const element = make('time', '', (isToday ? formatTime : formatDay)(moment));
  element.dateTime = iso;
  element.title = formatMoment(moment);
  return element;
}
