import { conceptsOf, statusLine } from './card.js';
import { byId, isChord, make } from './elements.js';
import { pictureOf } from './picture.js';

/** @import { Card } from '../listing.js' */

const both = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/**
 * @typedef {object} Steps
 * @property {(seq: number, by: 1 | -1) => Card | undefined} step - the card beside the one that is open
 * @property {(seq: number) => void} leave - the window was closed
 */

/** One input in full, over the list. */
export class Details {
  #dialog = byId('details', HTMLDialogElement);
  #picture = byId('details-picture', HTMLElement);
  #title = byId('details-id', HTMLElement);
  #facts = byId('details-facts', HTMLElement);
  #whole = byId('details-whole', HTMLElement);
  #steps;
  #seq = 0;
  #shown = '';
  #media = '';

  /** @param {Steps} steps */
  constructor(steps) {
    this.#steps = steps;
    const close = () => {
      this.#dialog.close();
    };
    byId('close', HTMLElement).addEventListener('click', close);
    byId('previous', HTMLElement).addEventListener('click', () => {
      this.#step(-1);
    });
    byId('next', HTMLElement).addEventListener('click', () => {
      this.#step(1);
    });
    this.#dialog.addEventListener('click', ({ target }) => {
      if (target === this.#dialog) close(); // beside the window
    });
    this.#dialog.addEventListener('keydown', (event) => {
      if (isChord(event) || event.target instanceof HTMLMediaElement) return;
      if (event.key === 'ArrowLeft') this.#step(-1);
      if (event.key === 'ArrowRight') this.#step(1);
    });
    this.#dialog.addEventListener('close', () => {
      this.#picture.replaceChildren(); // ends what plays
      this.#media = '';
      steps.leave(this.#seq);
    });
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** @param {Card} card */
  open(card) {
    this.#draw(card);
    this.#dialog.showModal();
  }

  /**
   * Keeps what is open up to date.
   *
   * @param {readonly Card[]} cards
   */
  update(cards) {
    const card = this.#dialog.open ? cards.find(({ seq }) => seq === this.#seq) : undefined;
    if (card !== undefined && JSON.stringify(card) !== this.#shown) this.#draw(card);
  }

  /** @param {1 | -1} by */
  #step(by) {
    const card = this.#steps.step(this.#seq, by);
    if (card !== undefined) this.#draw(card);
  }

  /** @param {Card} card */
  #draw(card) {
    const shown = JSON.stringify(card);
    const media = JSON.stringify([card.id, card.media]);
    if (media !== this.#media) this.#picture.replaceChildren(pictureOf(card.media, card.id));
    if (card.seq !== this.#seq) this.#whole.textContent = '';
    this.#seq = card.seq;
    this.#shown = shown;
    this.#media = media;
    this.#title.textContent = card.id;
    this.#facts.replaceChildren(statusLine(card.status), facts(card));
    void wholeOf(card).then((text) => {
      if (this.#shown === shown) this.#whole.textContent = text;
    });
  }
}

/** @param {Card} card */
function facts({ user, app, createdAt, concepts, status, media }) {
  const added = make('time', '', both.format(new Date(createdAt)));
  added.dateTime = createdAt;
  /** @type {readonly (readonly [string, readonly (Node | string)[]])[]} */
  const rows = [
    ['Why', status.details === undefined ? [] : [status.details]],
    ['Added', [added]],
    ['App', [make('bdi', '', `${user}/${app}`)]],
    ['URL', media?.url === undefined ? [] : [media.url]],
    ['Concepts', conceptsOf(concepts)],
  ];
  const list = make('dl', '');
  for (const [name, values] of rows) {
    if (values.length > 0) list.append(make('dt', '', name), make('dd', '', ...values));
  }
  return list;
}

/** @param {Card} card */
async function wholeOf({ user, app, id }) {
  try {
    const response = await fetch(`/page/input?${new URLSearchParams({ user, app, id }).toString()}`);
    if (!response.ok) return 'This input is gone.';
    /** @type {unknown} */
    const body = await response.json();
    return JSON.stringify(body, undefined, 2);
  } catch {
    return 'The sandbox does not answer.';
  }
}
