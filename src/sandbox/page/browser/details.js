import { conceptsOf, statusLine } from './card.js';
import { byId, isChord, make } from './elements.js';
import { pictureOf } from './picture.js';
import { formatMoment } from './time.js';

/** @import { Card } from '../listing.js' */

/**
 * @typedef {object} Steps
 * @property {(seq: number, by: 1 | -1) => Card | undefined} step - the card beside the one that is open
 * @property {(seq: number) => void} leave - the window was closed
 */

/** One input in full, over the list. */
export class Details {
  #dialog = byId('details', HTMLDialogElement);
  #picture = byId('details-picture', HTMLElement);
  #title = byId('details-title', HTMLElement);
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
    if (media !== this.#media) this.#picture.replaceChildren(pictureOf(card.media, card.title));
    if (card.seq !== this.#seq) this.#whole.textContent = '';
    this.#seq = card.seq;
    this.#shown = shown;
    this.#media = media;
    this.#title.textContent = card.title;
    this.#facts.replaceChildren(statusLine(card.status), factsOf(card), metadataRows(card.metadata));
    void loadInput(card).then((answer) => {
      if (this.#shown !== shown) return;
      this.#whole.textContent = typeof answer === 'string' ? answer : JSON.stringify(answer, undefined, 2);
      // the card's own are clipped
      if (typeof answer !== 'string') this.#facts.lastElementChild?.replaceWith(metadataRows(metadataOf(answer)));
    });
  }
}

/** @param {Card} card */
function factsOf({ user, app, id, createdAt, concepts, status, media }) {
  const added = make('time', '', formatMoment(new Date(createdAt)));
  added.dateTime = createdAt;
  return rowsOf([
    ['Why', status.details === undefined ? [] : [status.details]],
    ['ID', [make('code', '', id), copyButton(id)]],
    ['Added', [added]],
    ['App', [make('bdi', '', `${user}/${app}`)]],
    ['URL', media?.url === undefined ? [] : [media.url]],
    ['Concepts', conceptsOf(concepts)],
  ]);
}

/** @param {readonly (readonly [string, string])[]} metadata */
function metadataRows(metadata) {
  const section = make('section', 'metadata-rows');
  if (metadata.length > 0) section.append(make('h3', '', 'Metadata'));
  section.append(rowsOf(metadata.map(([key, value]) => [key, [make('bdi', '', value)]])));
  return section;
}

/** @param {readonly (readonly [string, readonly (Node | string)[]])[]} rows */
function rowsOf(rows) {
  const list = make('dl', '');
  for (const [name, values] of rows) {
    if (values.length > 0) list.append(make('dt', '', make('bdi', '', name)), make('dd', '', ...values));
  }
  return list;
}

/** @param {string} id */
function copyButton(id) {
  const button = make('button', 'copy', 'Copy');
  button.type = 'button';
  button.ariaLabel = 'Copy the ID';
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(id).then(
      () => {
        button.textContent = 'Copied';
      },
      () => {
        button.textContent = 'Not allowed';
      },
    );
  });
  return button;
}

/**
 * Top-level keys of the metadata, with their values as text.
 *
 * @param {object} input - as the API tells it
 * @returns {readonly (readonly [string, string])[]}
 */
function metadataOf(input) {
  const data = 'data' in input ? input.data : undefined;
  const metadata = typeof data === 'object' && data !== null && 'metadata' in data ? data.metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null) return [];
  return Object.entries(metadata).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
}

/**
 * The input as the API tells it, or why it is not to be had.
 *
 * @param {Card} card
 * @returns {Promise<object | string>}
 */
async function loadInput({ user, app, id }) {
  try {
    const response = await fetch(`/page/input?${new URLSearchParams({ user, app, id }).toString()}`);
    if (!response.ok) return 'This input is gone.';
    /** @type {unknown} */
    const body = await response.json();
    return typeof body === 'object' && body !== null ? body : 'The sandbox does not answer.';
  } catch {
    return 'The sandbox does not answer.';
  }
}
