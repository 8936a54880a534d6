import { mark } from './card.js';
import { byId, make, setText } from './elements.js';

/** @import { ConceptCount, StatusCount } from '../listing.js' */

/** Where each input goes through: always there to choose, so that the row does not jump while inputs are indexed. */
const usual = [
  { code: 30001, name: 'Download pending', phase: 'open' },
  { code: 30003, name: 'Download in progress', phase: 'open' },
  { code: 30000, name: 'Download complete', phase: 'done' },
];

/** What the reader of the page wants to see; kept in its address, so that a reload shows the same. */
export class Filter {
  #form = byId('filter', HTMLFormElement);
  #text = byId('text', HTMLInputElement);
  #concept = byId('concept', HTMLSelectElement);
  #statuses = byId('statuses', HTMLElement);
  /** @type {Map<number, { button: HTMLButtonElement, count: HTMLElement }>} */
  #chips = new Map();
  #changed;
  #status = 0;
  #options = '';

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
    const query = new URLSearchParams(location.search);
    this.#text.value = query.get('text') ?? '';
    this.#status = Number(query.get('status') ?? 0) || 0;
    this.#showConcepts([], query.get('concept') ?? '');
    this.#text.addEventListener('input', () => {
      this.#apply();
    });
    this.#concept.addEventListener('change', () => {
      this.#apply();
    });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
    });
  }

  /** Only what is chosen. */
  get query() {
    const query = new URLSearchParams();
    if (this.#status !== 0) query.set('status', String(this.#status));
    if (this.#concept.value !== '') query.set('concept', this.#concept.value);
    if (this.#text.value.trim() !== '') query.set('text', this.#text.value);
    return query;
  }

  get isSet() {
    return this.query.size > 0;
  }

  focus() {
    this.#text.focus();
    this.#text.select();
  }

  clear() {
    this.#text.value = '';
    this.#concept.value = '';
    this.#status = 0;
    this.#apply();
  }

  /**
   * @param {readonly StatusCount[]} statuses
   * @param {readonly ConceptCount[]} concepts
   */
  show(statuses, concepts) {
    this.#showConcepts(concepts, this.#concept.value);
    const counts = new Map(statuses.map(({ code, inputs }) => [code, inputs]));
    for (const status of [...usual, ...statuses]) this.#chip(status);
    if (this.#status !== 0 && !this.#chips.has(this.#status)) {
      this.#chip({ code: this.#status, name: 'Status', phase: 'failed' });
    }
    for (const [code, { button, count }] of this.#chips) {
      const inputs = counts.get(code) ?? 0;
      setText(count, inputs.toLocaleString());
      button.ariaPressed = String(code === this.#status);
      button.dataset['none'] = String(inputs === 0);
    }
  }

  /** @param {Pick<StatusCount, 'code' | 'name'> & { phase: string }} status */
  #chip({ code, name, phase }) {
    if (this.#chips.has(code)) return;
    const count = make('span', 'count');
    const symbol = mark({ code, phase: phase === 'done' || phase === 'failed' ? phase : 'open' });
    const button = make(
      'button',
      'chip',
      symbol,
      make('span', 'name', name),
      make('span', 'code', String(code)),
      count,
    );
    button.type = 'button';
    button.dataset['phase'] = phase;
    button.title = name;
    button.addEventListener('click', () => {
      this.#status = this.#status === code ? 0 : code;
      this.#apply();
    });
    this.#chips.set(code, { button, count });
    this.#statuses.append(button);
  }

  /**
   * @param {readonly ConceptCount[]} concepts
   * @param {string} chosen
   */
  #showConcepts(concepts, chosen) {
    const known = concepts.some(({ name }) => name === chosen) || chosen === '';
    const shown = known ? concepts : [...concepts, { name: chosen, inputs: 0 }];
    const options = JSON.stringify(shown);
    if (options === this.#options) return;
    this.#options = options;
    this.#concept.replaceChildren(
      new Option(shown.length === 0 ? 'No concepts' : 'All concepts', ''),
      ...shown.map(({ name, inputs }) => new Option(`${name} (${inputs.toLocaleString()})`, name)),
    );
    this.#concept.value = chosen;
  }

  #apply() {
    for (const [code, { button }] of this.#chips) button.ariaPressed = String(code === this.#status);
    const query = this.query.toString();
    history.replaceState(undefined, '', query === '' ? location.pathname : `?${query}`);
    this.#changed();
  }
}
