import { mark } from './card.js';
import { byId, make, setText } from './elements.js';

/** @import { AppCount, ConceptCount, Listing, StatusCount } from '../listing.js' */

/** What went wrong comes first. */
const phaseOrder = ['failed', 'open', 'done'];

/** What the reader of the page wants to see; kept in its address, so that a reload shows the same. */
export class Filter {
  #form = byId('filter', HTMLFormElement);
  #text = byId('text', HTMLInputElement);
  #app = byId('app', HTMLSelectElement);
  #concept = byId('concept', HTMLSelectElement);
  #statuses = byId('statuses', HTMLElement);
  /** @type {Map<number, { button: HTMLButtonElement, count: HTMLElement, rank: number }>} */
  #chips = new Map();
  #changed;
  #status = 0;

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
    const query = new URLSearchParams(location.search);
    this.#text.value = query.get('text') ?? '';
    this.#status = Number(query.get('status') ?? 0) || 0;
    const app = { user: query.get('user') ?? '', app: query.get('app') ?? '' };
    this.#showApps([], app.user === '' ? '' : appKey(app));
    this.#showConcepts([], query.get('concept') ?? '');
    this.#text.addEventListener('input', () => {
      this.#apply();
    });
    for (const choice of [this.#app, this.#concept]) {
      choice.addEventListener('change', () => {
        this.#apply();
      });
    }
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
    });
  }

  /** Only what is chosen. */
  get query() {
    const query = new URLSearchParams(this.#app.value);
    if (this.#status !== 0) query.set('status', String(this.#status));
    if (this.#concept.value !== '') query.set('concept', this.#concept.value);
    if (this.#text.value.trim() !== '') query.set('text', this.#text.value);
    return query;
  }

  /** The app that was chosen; undefined for all. */
  get app() {
    const query = new URLSearchParams(this.#app.value);
    return query.size === 0 ? undefined : { user: query.get('user') ?? '', app: query.get('app') ?? '' };
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
    this.#app.value = '';
    this.#concept.value = '';
    this.#status = 0;
    this.#apply();
  }

  /** @param {Listing} listing */
  show({ apps, statuses, concepts }) {
    this.#showApps(apps, this.#app.value);
    this.#showConcepts(concepts, this.#concept.value);
    const counts = new Map(statuses.map(({ code, inputs }) => [code, inputs]));
    for (const status of statuses) this.#chip(status);
    if (this.#status !== 0) this.#chip({ code: this.#status, name: 'Status', phase: 'open' });
    for (const [code, { button, count }] of this.#chips) {
      const inputs = counts.get(code) ?? 0;
      setText(count, inputs.toLocaleString());
      button.ariaPressed = String(code === this.#status);
      // one that is chosen stays, to be taken back
      button.hidden = inputs === 0 && code !== this.#status;
    }
  }

  /** @param {Pick<StatusCount, 'code' | 'name' | 'phase'>} status */
  #chip({ code, name, phase }) {
    if (this.#chips.has(code)) return;
    const count = make('span', 'count');
    const symbol = mark({ code, phase });
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
    const rank = phaseOrder.indexOf(phase) * 1e6 + code;
    const next = [...this.#chips.values()].filter((chip) => chip.rank > rank).sort((a, b) => a.rank - b.rank)[0];
    this.#chips.set(code, { button, count, rank });
    this.#statuses.insertBefore(button, next?.button ?? null);
  }

  /**
   * @param {readonly ConceptCount[]} concepts
   * @param {string} chosen
   */
  #showConcepts(concepts, chosen) {
    const known = concepts.some(({ name }) => name === chosen) || chosen === '';
    const shown = known ? concepts : [...concepts, { name: chosen, inputs: 0 }];
    fill(this.#concept, chosen, [
      [shown.length === 0 ? 'No concepts' : 'All concepts', ''],
      ...shown.map(({ name, inputs }) => [`${name} (${inputs.toLocaleString()})`, name]),
    ]);
  }

  /**
   * @param {readonly AppCount[]} apps
   * @param {string} chosen - as `appKey` writes it
   */
  #showApps(apps, chosen) {
    this.#app.hidden = apps.length < 2 && chosen === '';
    const shown = apps.map((app) => [`${app.user}/${app.app} (${app.inputs.toLocaleString()})`, appKey(app)]);
    const isKnown = chosen === '' || shown.some(([, key]) => key === chosen);
    fill(this.#app, chosen, [['All apps', ''], ...shown, ...(isKnown ? [] : [[chosen, chosen]])]);
  }

  #apply() {
    for (const [code, { button }] of this.#chips) button.ariaPressed = String(code === this.#status);
    const query = this.query.toString();
    history.replaceState(undefined, '', query === '' ? location.pathname : `?${query}`);
    this.#changed();
  }
}

/** @param {Pick<AppCount, 'user' | 'app'>} app */
function appKey({ user, app }) {
  return new URLSearchParams({ user, app }).toString();
}

/**
 * Gives a menu its options, and leaves it alone where it has them, since it may be open.
 *
 * @param {HTMLSelectElement} menu
 * @param {string} chosen
 * @param {readonly (readonly string[])[]} options - each with its label and its value
 */
function fill(menu, chosen, options) {
  const text = JSON.stringify(options);
  if (menu.dataset['options'] === text) return;
  menu.dataset['options'] = text;
  menu.replaceChildren(...options.map(([label, value]) => new Option(label, value)));
  menu.value = chosen;
}
