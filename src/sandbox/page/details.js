import { conceptsOf, statusLine } from './card.js';
import { byId, make } from './elements.js';
import { pictureOf } from './picture.js';

/** @import { Card } from './listing.js' */

const both = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** One input in full, over the list. */
export class Details {
  #dialog = byId('details', HTMLDialogElement);
  #seq = 0;
  #shown = '';

  constructor() {
    this.#dialog.addEventListener('click', ({ target }) => {
      if (target === this.#dialog) this.#dialog.close(); // beside the window
    });
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** @param {Card} card */
  open(card) {
    this.#seq = card.seq;
    this.#shown = '';
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
    if (card !== undefined) this.#draw(card);
  }

  /** @param {Card} card */
  #draw(card) {
    const shown = JSON.stringify(card);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const close = make('button', 'close', '✕');
    close.type = 'button';
    close.ariaLabel = 'Close';
    close.addEventListener('click', () => {
      this.#dialog.close();
    });
    const title = make('h2', '', card.id);
    title.id = 'details-id';
    const whole = make('pre', '');
    whole.tabIndex = 0;
    whole.ariaLabel = 'The input as the API tells it';
    this.#dialog.replaceChildren(
      make('div', 'picture', pictureOf(card.media, card.id)),
      make('div', 'facts', make('div', 'head', title, close), statusLine(card.status), ...facts(card), whole),
    );
    void load(card).then((text) => {
      whole.textContent = text;
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
  return [list];
}

/** @param {Card} card */
async function load({ user, app, id }) {
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
