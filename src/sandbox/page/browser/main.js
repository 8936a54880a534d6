import { Details } from './details.js';
import { byId, isChord, make, setText } from './elements.js';
import { Feed } from './feed.js';
import { Filter } from './filter.js';
import { Grid, mostShown } from './grid.js';

/** @import { Listing, StatusCount } from '../listing.js' */

const text = byId('text', HTMLInputElement);
const summary = byId('summary', HTMLElement);
const spoken = byId('spoken', HTMLElement);
const trouble = byId('trouble', HTMLElement);
const newer = byId('newer', HTMLButtonElement);
const bar = byId('bar', HTMLElement);
const none = byId('none', HTMLElement);
const empty = byId('empty', HTMLElement);
const choices = byId('choices', HTMLElement);
const head = byId('head', HTMLElement);

/** The newest input that is listed: none newer while the reader is further down or walks the list. 0: all. */
let upto = 0;
/** The newest input there was at the last look. */
let newest = 0;

const details = new Details({
  step: (seq, by) => grid.step(seq, by),
  leave: (seq) => {
    grid.focusCard(seq);
  },
});

const filter = new Filter(() => {
  upto = 0;
  scrollTo(0, 0);
  feed.askAnew();
});

const grid = new Grid(byId('list', HTMLElement), {
  wants: () => {
    feed.ask();
  },
  opens: (card) => {
    details.open(card);
  },
});

const feed = new Feed({
  query: () => {
    const query = filter.query;
    const { offset, limit } = grid.window;
    hold();
    if (upto > 0) query.set('upto', String(upto));
    query.set('offset', String(offset));
    query.set('limit', String(limit));
    return query;
  },
  take: show,
  tell: (isSilent) => {
    setText(trouble, isSilent ? 'The sandbox does not answer. Trying again.' : '');
  },
});

/** Holds the list still while it is read, and lets go of it when it is back at rest. */
function hold() {
  if (grid.isAtRest && !details.isOpen) upto = 0;
  else if (upto === 0) upto = newest;
}

/** @param {Listing} listing */
function show(listing) {
  newest = listing.newest;
  const { total, matching, cards, statuses } = listing;
  filter.show(listing);
  showCounts(listing);
  showBar(statuses);
  newer.hidden = listing.newer === 0;
  setText(newer, `↑ ${listing.newer.toLocaleString()} newer`);
  empty.hidden = total > 0;
  choices.hidden = total === 0;
  none.hidden = total === 0 || matching + listing.newer > 0;
  grid.show(listing, listing.apps.length > 1 && filter.app === undefined);
  details.update(cards);
}

/** @param {Listing} listing */
function showCounts({ total, matching, newer: more, statuses }) {
  const inputs = `${total.toLocaleString()} ${total === 1 ? 'input' : 'inputs'}`;
  const told = filter.isSet ? `${(matching + more).toLocaleString()} of ${inputs}` : inputs;
  const isCut = matching > mostShown;
  setText(summary, isCut ? `${told}, the newest ${mostShown.toLocaleString()} listed` : told);
  const where = filter.app === undefined ? '' : ` in ${filter.app.user}/${filter.app.app}`;
  document.title = `${told}${where} · clarifai-inputs sandbox`;
  const isOpen = statuses.some(({ phase, inputs: count }) => phase === 'open' && count > 0);
  // Not at every step of an upload, of which there are many
  if (!isOpen) setText(spoken, told);
}

/** @param {readonly StatusCount[]} statuses */
function showBar(statuses) {
  const order = ['done', 'failed', 'open'];
  const sorted = [...statuses].sort((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase) || b.code - a.code);
  while (bar.children.length < sorted.length) bar.append(make('i', ''));
  for (const [at, part] of [...bar.children].entries()) {
    if (!(part instanceof HTMLElement)) continue;
    part.style.flexGrow = String(sorted[at]?.inputs ?? 0);
    part.dataset['phase'] = sorted[at]?.phase ?? '';
    part.dataset['code'] = String(sorted[at]?.code ?? '');
  }
}

newer.addEventListener('click', () => {
  newer.blur();
  upto = 0;
  scrollTo(0, 0);
  feed.askAnew();
});

/** What keys do outside the list. */
const keys = new Map([
  [
    'Escape',
    {
      applies: (/** @type {unknown} */ target) => filter.isSet || isField(target),
      // away from the field too: the next key is one of the page again
      act: () => {
        if (filter.isSet) filter.clear();
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      },
    },
  ],
  ['/', { applies: (/** @type {unknown} */ target) => !isField(target), act: filter.focus.bind(filter) }],
  [
    'ArrowDown',
    {
      applies: (/** @type {unknown} */ target) => target === text,
      act: () => {
        grid.focus(0);
      },
    },
  ],
]);

/** @param {unknown} target */
function isField(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}

addEventListener('keydown', (event) => {
  if (details.isOpen || isChord(event)) return;
  const key = keys.get(event.key);
  if (key?.applies(event.target) === true) {
    event.preventDefault();
    key.act();
  } else if (event.target === document.body && grid.enter(event.key)) {
    event.preventDefault();
  }
});

new ResizeObserver(() => {
  document.documentElement.style.setProperty('--head', `${head.offsetHeight}px`);
}).observe(head);
setText(
  byId('commands', HTMLElement),
  `export CLARIFAI_API_BASE=${location.origin}\nexport CLARIFAI_PAT=sandbox\nclarifai-inputs add ./photos`,
);
feed.ask();
