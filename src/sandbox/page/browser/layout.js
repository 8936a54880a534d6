const minColumnRem = 12.5;
const minColumns = 2;
// Before anything is known of the list
const guessedRows = 12;

/** Where the places of a list are: so many in a row, rows of one height. The style sheet does the rest. */
export class Layout {
  #list;
  columns = minColumns;
  size = 0;

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
  }

  get #rows() {
    return Math.ceil(this.size / this.columns);
  }

  get #rowHeight() {
    return this.#list.getBoundingClientRect().height / Math.max(1, this.#rows);
  }

  /** Fits the columns to the width of the list. */
  measure() {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.columns = Math.max(minColumns, Math.floor(this.#list.clientWidth / (minColumnRem * rem)));
    this.#list.style.setProperty('--columns', String(this.columns));
    this.#list.style.setProperty('--rows', String(this.#rows));
  }

  /**
   * The rows on the screen, and those of so many screens more on each side.
   *
   * @param {number} screens
   */
  rows(screens) {
    const height = this.#rowHeight;
    if (height === 0) return { first: 0, last: guessedRows };
    const { top } = this.#list.getBoundingClientRect();
    const spare = screens * innerHeight;
    return {
      first: Math.min(this.#rows, Math.max(0, Math.floor((-top - spare) / height))),
      last: Math.max(0, Math.min(this.#rows, Math.ceil((innerHeight - top + spare) / height))),
    };
  }

  /**
   * The places in these rows.
   *
   * @param {number} screens
   */
  places(screens) {
    const { first, last } = this.rows(screens);
    const from = first * this.columns;
    return Array.from({ length: Math.max(0, Math.min(this.size, last * this.columns) - from) }, (_, at) => from + at);
  }

  /**
   * @param {HTMLElement} element
   * @param {number} index
   */
  place(element, index) {
    element.style.setProperty('--row', String(Math.floor(index / this.columns)));
    element.style.setProperty('--column', String(index % this.columns));
    element.ariaPosInSet = String(index + 1);
    element.ariaSetSize = String(this.size);
  }

  /**
   * Scrolls as little as brings a place onto the screen, below the head of the page.
   *
   * @param {number} index
   */
  reach(index) {
    const height = this.#rowHeight;
    const top = this.#list.getBoundingClientRect().top + Math.floor(index / this.columns) * height;
    const head = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
    if (top < head) scrollBy(0, top - head);
    else if (top + height > innerHeight) scrollBy(0, top + height - innerHeight);
  }

  /**
   * Where a key leads from a place; undefined for a key that leads nowhere.
   *
   * @param {string} key
   * @param {number} index
   */
  goal(key, index) {
    const last = this.size - 1;
    const lastRow = Math.floor(last / this.columns) * this.columns;
    const below = index + this.columns;
    const goals = new Map([
      ['ArrowLeft', index - 1],
      ['ArrowRight', index + 1],
      ['ArrowUp', index - this.columns],
      ['ArrowDown', index < lastRow ? Math.min(below, last) : below],
      ['Home', 0],
      ['End', last],
    ]);
    return goals.get(key);
  }
}
