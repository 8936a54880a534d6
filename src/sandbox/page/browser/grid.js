import { CardNode } from './card.js';
import { isChord, make } from './elements.js';
import { Layout } from './layout.js';

/** @import { Card, Listing } from '../listing.js' */

// A longer list would be higher than browsers draw an element
export const mostShown = 50_000;
// Screens above and below that are drawn, and that are asked for
const drawnScreens = 0.4;
const askedScreens = 1;

/**
 * @typedef {object} Reader
 * @property {() => void} wants - other cards are wanted than those that were asked for
 * @property {(card: Card) => void} opens - an input is to be shown in full
 */

/** The cards on the screen, out of a list of any length, and the keys that walk it. */
export class Grid {
  #list;
  #reader;
  #layout;
  #withApp = false;
  /** The cards that are known, by their place in the list. @type {ReadonlyMap<number, Card>} */
  #cards = new Map();
  /** What is drawn, by `seq`. @type {Map<number, CardNode>} */
  #nodes = new Map();
  /** @type {HTMLElement[]} */
  #blanks = [];
  /** The `seq` of the card that had the focus last: Tab leads to it, else to the first one on the screen. */
  #current = 0;
  /** The place that gets the focus as soon as its card is known. @type {number | undefined} */
  #goal;
  #frame = 0;
  /** What was asked for last: where it was not all to be had, it is not asked for at once again. */
  #asked = '';

  /**
   * @param {HTMLElement} list
   * @param {Reader} reader
   */
  constructor(list, reader) {
    this.#list = list;
    this.#reader = reader;
    this.#layout = new Layout(list);
    list.addEventListener('keydown', (event) => {
      this.#press(event);
    });
    list.addEventListener('focusin', ({ target }) => {
      this.#current = this.#nodeOf(target)?.card.seq ?? this.#current;
    });
    list.addEventListener('click', ({ target }) => {
      const node = this.#nodeOf(target);
      if (node?.button === target) reader.opens(node.card);
    });
    const drawSoon = () => {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => {
        this.#draw();
      });
    };
    addEventListener('scroll', drawSoon, { passive: true });
    addEventListener('resize', drawSoon);
    new ResizeObserver(drawSoon).observe(list);
  }

  /** The cards on the screen and around it, to be asked for. */
  get window() {
    this.#layout.measure();
    const { first, last } = this.#layout.rows(askedScreens);
    this.#asked = `${first} ${last}`;
    return { offset: first * this.#layout.columns, limit: Math.max(1, last - first) * this.#layout.columns };
  }

  /** Whether the list is at its start and nobody walks it: what is new may move it. */
  get isAtRest() {
    return this.#list.getBoundingClientRect().top >= 0 && !this.#list.contains(document.activeElement);
  }

  /**
   * @param {Listing} listing
   * @param {boolean} [withApp] - whether each card says whose it is
   */
  show({ cards, offset, matching, apps }, withApp = apps.length > 1) {
    this.#layout.size = Math.min(matching, mostShown);
    this.#withApp = withApp;
    this.#cards = new Map(cards.map((card, at) => [offset + at, card]));
    this.#draw();
  }

  /** @param {number} index */
  focus(index) {
    if (index < 0 || index >= this.#layout.size) return;
    this.#goal = index;
    this.#layout.reach(index);
    this.#draw();
  }

  /**
   * Leads from outside into the list: to the card that Tab leads to, or to the end that the key names; Enter opens it.
   *
   * @param {string} key
   * @returns {boolean} whether the key is one of the list
   */
  enter(key) {
    const { size, columns } = this.#layout;
    if (size === 0 || (key !== 'Enter' && this.#layout.goal(key, 0) === undefined)) return false;
    const current = this.#placeOf(this.#current);
    const isSeen = current !== undefined && this.#layout.places(0).includes(current);
    const here = isSeen ? current : this.#layout.rows(0).first * columns;
    const goal = key === 'Home' ? 0 : key === 'End' ? size - 1 : here;
    this.focus(goal);
    if (key === 'Enter') this.#nodeAt(goal)?.button.click();
    return true;
  }

  /** @param {number} seq */
  focusCard(seq) {
    this.focus(this.#placeOf(seq) ?? -1);
  }

  /**
   * Goes from a card to the one beside it; undefined where there is none, or none that is known.
   *
   * @param {number} seq
   * @param {1 | -1} by
   */
  step(seq, by) {
    const index = (this.#placeOf(seq) ?? Infinity) + by;
    this.focus(index);
    return this.#cards.get(index);
  }

  /** @param {number} seq */
  #placeOf(seq) {
    return [...this.#cards].find(([, card]) => card.seq === seq)?.[0];
  }

  #draw() {
    this.#layout.measure();
    const places = this.#layout.places(drawnScreens);
    this.#drop(places);
    this.#fill(places);
    this.#point();
    const isShort = this.#layout.places(askedScreens / 2).some((index) => !this.#cards.has(index));
    const { first, last } = this.#layout.rows(askedScreens);
    if (isShort && this.#asked !== `${first} ${last}`) this.#reader.wants();
  }

  /**
   * Takes off what is not on the screen any more. A card that has the focus keeps it, unseen: keys go on from there.
   *
   * @param {readonly number[]} places
   */
  #drop(places) {
    for (const blank of this.#blanks) blank.remove();
    const known = new Set(places.map((index) => this.#cards.get(index)?.seq));
    for (const [seq, { element }] of this.#nodes) {
      const isAway = !known.has(seq);
      element.classList.toggle('away', isAway);
      if (!isAway || element.contains(document.activeElement)) continue;
      element.remove();
      this.#nodes.delete(seq);
    }
  }

  /**
   * Puts the cards in their places. Cards never change their order, so that those that stay are not moved in the
   * document, which would take the focus from them and stop what plays.
   *
   * @param {readonly number[]} places
   */
  #fill(places) {
    this.#blanks = places.filter((index) => !this.#cards.has(index)).map((index) => this.#blank(index));
    for (const index of places) {
      const card = this.#cards.get(index);
      if (card !== undefined) this.#layout.place(this.#drawn(card).element, index);
    }
    let at = this.#list.firstElementChild;
    for (const { element } of [...this.#nodes.values()].sort((a, b) => b.card.seq - a.card.seq)) {
      if (element === at) at = at.nextElementSibling;
      else this.#list.insertBefore(element, at);
    }
    this.#list.append(...this.#blanks);
  }

  /** @param {Card} card */
  #drawn(card) {
    const node = this.#nodes.get(card.seq) ?? new CardNode(card);
    node.update(card, this.#withApp);
    this.#nodes.set(card.seq, node);
    return node;
  }

  /** @param {number} index */
  #blank(index) {
    const blank = make('li', 'card blank');
    blank.ariaHidden = 'true';
    this.#layout.place(blank, index);
    return blank;
  }

  /** Gives the focus to the goal, and Tab one card to lead to. */
  #point() {
    const goal = this.#nodeAt(this.#goal);
    if (goal !== undefined) {
      this.#goal = undefined;
      this.#current = goal.card.seq;
      goal.button.focus({ preventScroll: true });
    }
    const first = this.#nodeAt(this.#layout.rows(0).first * this.#layout.columns)?.card.seq;
    const tabTo = this.#nodes.has(this.#current) ? this.#current : first;
    for (const [seq, { button }] of this.#nodes) button.tabIndex = seq === tabTo ? 0 : -1;
  }

  /** @param {number | undefined} index */
  #nodeAt(index) {
    const card = index === undefined ? undefined : this.#cards.get(index);
    return card && this.#nodes.get(card.seq);
  }

  /** @param {EventTarget | null} target */
  #nodeOf(target) {
    const element = target instanceof Element ? target.closest('.card') : null;
    return [...this.#nodes.values()].find((node) => node.element === element);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const node = this.#nodeOf(event.target);
    if (node?.button !== event.target || isChord(event)) return;
    const goal = this.#layout.goal(event.key, this.#goal ?? Number(node.element.ariaPosInSet) - 1);
    if (goal === undefined) return;
    event.preventDefault();
    this.focus(goal);
  }
}
