import { CardNode } from './card.js';
import { isChord, make } from './elements.js';

/** @import { Card, Listing } from './listing.js' */

// Beyond this a browser's longest element would not hold the list
const mostShown = 50_000;
const minColumnRem = 12.5;
// Rows that are drawn above and below those on the screen, and screens that are asked for there
const spareRows = 2;
const spareScreens = 1;

/**
 * @typedef {object} Reader
 * @property {() => void} wants - the cards that are wanted have changed
 * @property {(card: Card) => void} opens - an input is to be shown in full
 */

/** The cards on the screen, out of a list of any length, and the keys that walk it. */
export class Grid {
  #list;
  #reader;
  #columns = 1;
  #size = 0;
  #withApp = false;
  /** The cards that are known, by their place in the list. @type {ReadonlyMap<number, Card>} */
  #cards = new Map();
  /** What is drawn, by `seq`. @type {Map<number, CardNode>} */
  #nodes = new Map();
  /** @type {HTMLElement[]} */
  #blanks = [];
  /** The `seq` of the card that Tab leads to. */
  #current = 0;
  /** The place that gets the focus as soon as its card is known. @type {number | undefined} */
  #goal;
  #frame = 0;

  /**
   * @param {HTMLElement} list
   * @param {Reader} reader
   */
  constructor(list, reader) {
    this.#list = list;
    this.#reader = reader;
    list.addEventListener('keydown', (event) => {
      this.#press(event);
    });
    list.addEventListener('focusin', ({ target }) => {
      const node = this.#nodeOf(target);
      if (node !== undefined) this.#current = node.card.seq;
    });
    list.addEventListener('click', ({ target }) => {
      const node = this.#nodeOf(target);
      if (node?.button === target) reader.opens(node.card);
    });
    const draw = () => {
      this.#drawSoon();
    };
    addEventListener('scroll', draw, { passive: true });
    new ResizeObserver(draw).observe(list);
    addEventListener('resize', draw);
  }

  /** The cards on the screen and around it. */
  get window() {
    this.#measure();
    const { first, last } = this.#rows(spareScreens);
    return { offset: first * this.#columns, limit: Math.max(1, last - first) * this.#columns };
  }

  /** Whether the list is at its start and nobody walks it: what is new may move it. */
  get isAtRest() {
    return this.#list.getBoundingClientRect().top >= 0 && !this.#list.contains(document.activeElement);
  }

  /** @param {Listing} listing */
  show({ cards, offset, matching, apps }) {
    this.#size = Math.min(matching, mostShown);
    this.#withApp = apps > 1;
    this.#cards = new Map(cards.map((card, at) => [offset + at, card]));
    this.#draw();
  }

  /** @param {number} index */
  focus(index) {
    if (this.#size === 0) return;
    this.#goal = Math.max(0, Math.min(this.#size - 1, index));
    this.#reach(this.#goal);
    this.#draw();
  }

  /**
   * Goes from a card to the one beside it; undefined where there is none, or none that is known.
   *
   * @param {number} seq
   * @param {1 | -1} by
   */
  step(seq, by) {
    const index = this.#placeOf(seq);
    const card = index === undefined ? undefined : this.#cards.get(index + by);
    if (index !== undefined && card !== undefined) this.focus(index + by);
    return card;
  }

  /** @param {number} seq */
  focusCard(seq) {
    const index = this.#placeOf(seq);
    if (index !== undefined) this.focus(index);
  }

  /** @param {number} seq */
  #placeOf(seq) {
    return [...this.#cards].find(([, card]) => card.seq === seq)?.[0];
  }

  #drawSoon() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      this.#draw();
    });
  }

  #draw() {
    this.#measure();
    const { first, last } = this.#rows(0);
    const from = Math.max(0, first - spareRows) * this.#columns;
    const to = Math.min(this.#size, (last + spareRows) * this.#columns);
    const places = Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
    const known = new Map(places.flatMap((index) => this.#known(index)));
    this.#drop(known);
    this.#fill(known, places);
    this.#point();
    const isMissing = (/** @type {number} */ index) => !this.#cards.has(index);
    if (places.slice(0, this.#size).some(isMissing)) this.#reader.wants();
  }

  /** @param {number} index */
  #known(index) {
    const card = this.#cards.get(index);
    /** @type {[number, { index: number, card: Card }][]} */
    const found = card === undefined ? [] : [[card.seq, { index, card }]];
    return found;
  }

  #measure() {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.#columns = Math.max(2, Math.floor(this.#list.clientWidth / (minColumnRem * rem)));
    this.#list.style.setProperty('--columns', String(this.#columns));
    this.#list.style.setProperty('--rows', String(Math.ceil(this.#size / this.#columns)));
  }

  get #rowHeight() {
    return this.#list.getBoundingClientRect().height / Math.max(1, Math.ceil(this.#size / this.#columns));
  }

  /**
   * The rows on the screen, and those of so many screens more on each side; before anything is known, a guess.
   *
   * @param {number} screens
   */
  #rows(screens) {
    const height = this.#rowHeight;
    if (height === 0) return { first: 0, last: 12 };
    const { top } = this.#list.getBoundingClientRect();
    const spare = screens * innerHeight;
    const all = Math.ceil(this.#size / this.#columns);
    return {
      first: Math.min(all, Math.max(0, Math.floor((-top - spare) / height))),
      last: Math.max(0, Math.min(all, Math.ceil((innerHeight - top + spare) / height))),
    };
  }

  /**
   * Takes off what is not on the screen any more; the card that has the focus keeps it.
   *
   * @param {ReadonlyMap<number, unknown>} known
   */
  #drop(known) {
    for (const blank of this.#blanks.splice(0)) blank.remove();
    for (const [seq, { element }] of this.#nodes) {
      if (known.has(seq) || element.contains(document.activeElement)) continue;
      element.remove();
      this.#nodes.delete(seq);
    }
  }

  /**
   * Puts the cards in their places. Cards never change their order, so that those that stay are not moved in the
   * document, which would take the focus from them and stop what plays.
   *
   * @param {ReadonlyMap<number, { index: number, card: Card }>} known
   * @param {readonly number[]} places
   */
  #fill(known, places) {
    for (const [seq, { index, card }] of known) {
      const node = this.#nodes.get(seq) ?? new CardNode(card, this.#withApp);
      node.update(card, this.#withApp);
      node.place({ index, columns: this.#columns, size: this.#size });
      this.#nodes.set(seq, node);
    }
    const sorted = [...this.#nodes.values()].sort((a, b) => b.card.seq - a.card.seq);
    let at = this.#list.firstElementChild;
    for (const { element } of sorted) {
      if (element === at) at = at.nextElementSibling;
      else this.#list.insertBefore(element, at);
    }
    this.#blanks = places.filter((index) => !this.#cards.has(index)).map((index) => this.#blank(index));
    this.#list.append(...this.#blanks);
  }

  /** @param {number} index */
  #blank(index) {
    const blank = make('li', 'card blank');
    blank.ariaHidden = 'true';
    blank.style.setProperty('--row', String(Math.floor(index / this.#columns)));
    blank.style.setProperty('--column', String(index % this.#columns));
    return blank;
  }

  /** Gives the focus to the goal, and Tab one card to lead to. */
  #point() {
    const goal = this.#goal === undefined ? undefined : this.#cards.get(this.#goal);
    const node = goal && this.#nodes.get(goal.seq);
    if (node !== undefined) {
      this.#goal = undefined;
      this.#current = node.card.seq;
      node.button.focus({ preventScroll: true });
    }
    if (!this.#nodes.has(this.#current)) this.#current = this.#firstOnScreen()?.card.seq ?? 0;
    for (const [seq, { button }] of this.#nodes) button.tabIndex = seq === this.#current ? 0 : -1;
  }

  #firstOnScreen() {
    const { first } = this.#rows(0);
    const card = this.#cards.get(first * this.#columns);
    return card && this.#nodes.get(card.seq);
  }

  /** @param {EventTarget | null} target */
  #nodeOf(target) {
    if (!(target instanceof Element)) return undefined;
    const element = target.closest('.card');
    return [...this.#nodes.values()].find((node) => node.element === element);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const node = this.#nodeOf(event.target);
    if (node?.button !== event.target || isChord(event)) return;
    const goal = this.#goalOf(event.key, this.#goal ?? Number(node.element.ariaPosInSet) - 1);
    if (goal === undefined) return;
    event.preventDefault();
    if (goal >= 0 && goal < this.#size) this.focus(goal);
  }

  /**
   * Where a key leads from a place; undefined for a key that leads nowhere.
   *
   * @param {string} key
   * @param {number} index
   */
  #goalOf(key, index) {
    const last = this.#size - 1;
    const lastRow = Math.floor(last / this.#columns) * this.#columns;
    const below = index + this.#columns;
    const goals = new Map([
      ['ArrowLeft', index - 1],
      ['ArrowRight', index + 1],
      ['ArrowUp', index - this.#columns],
      ['ArrowDown', index < lastRow ? Math.min(below, last) : below],
      ['Home', 0],
      ['End', last],
    ]);
    return goals.get(key);
  }

  /**
   * Scrolls as little as brings a place onto the screen, below the head of the page.
   *
   * @param {number} index
   */
  #reach(index) {
    const height = this.#rowHeight;
    const top = this.#list.getBoundingClientRect().top + Math.floor(index / this.#columns) * height;
    const head = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
    if (top < head) scrollBy(0, top - head);
    else if (top + height > innerHeight) scrollBy(0, top + height - innerHeight);
  }
}
