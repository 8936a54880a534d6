import { setImmediate as nextTurn } from 'node:timers/promises';
import { cardOf, cardStatus, normalizeForSearch, searchText } from './cards.js';
import { keys, seqOf } from '../state/keys.js';
import { under } from '../state/key-value.js';
import { statusAt } from '../state/lifecycle.js';
import type { ConceptCount, Listing, StatusCount } from './listing.js';
import { appsOf, Queries, type Slice } from '../state/queries.js';
import type { App, StoredInput } from '../state/records.js';
import type { Store } from '../state/store.js';

/** A search on the page. */
export interface Wanted extends Slice {
  /** The `seq` of the newest input that is wanted, so that what is added later moves nothing. */
  readonly upto: number;
  /** A status code, or 0 for all. */
  readonly status: number;
  /** The name of a concept, or '' for all. */
  readonly concept: string;
  /** Words that must all occur. */
  readonly text: string;
  /** The app's user and its name, or '' for all. */
  readonly user: string;
  readonly app: string;
}

// Read between two turns of the event loop, so that a search through many inputs holds up no upload
const readAtOnce = 500;
// Those of an app that are looked at, and the most used of them that are told
const most = { conceptsRead: 2000, concepts: 200 };

/** The inputs that match, newest first, and what there is to choose from. */
export async function listingOf(store: Store, wanted: Wanted, now: number): Promise<Listing> {
  const allApps = appsOf(store).map((app) => ({ ...app, inputs: new Queries(store, app, now).total() }));
  const apps = allApps.filter((app) => isWanted(app, wanted));
  const found = isFiltered(wanted)
    ? await search(store, apps, { wanted, now })
    : newestOf(store, apps, { wanted, now });
  const { inputs, ...counts } = found;
  return {
    total: sum(allApps.map(({ inputs: count }) => count)),
    apps: allApps,
    ...counts,
    newest: Math.max(0, ...allApps.map((app) => lastOf(store, app))),
    concepts: conceptsOf(store, apps, now),
    offset: wanted.offset,
    cards: inputs.map((input) => cardOf(input, now)),
  };
}

function isWanted({ user, app }: App, wanted: Wanted): boolean {
  return (wanted.user === '' && wanted.app === '') || (user === wanted.user && app === wanted.app);
}

interface Question {
  readonly wanted: Wanted;
  readonly now: number;
}

interface Found extends Pick<Listing, 'matching' | 'newer' | 'statuses'> {
  readonly inputs: readonly StoredInput[];
}

function isFiltered({ status, concept, text }: Wanted): boolean {
  return status !== 0 || concept !== '' || text.trim() !== '';
}

/** Without a filter the indexes tell everything. */
function newestOf(store: Store, apps: readonly App[], { wanted, now }: Question): Found {
  const { upto, offset, limit } = wanted;
  const end = offset + limit;
  const spans = apps.map((app) => ({ app, ...under(keys.app(app)), after: keys.order(app, upto + 1) }));
  const entries = spans.flatMap(({ app, from, after }) =>
    store.order.range({ from, to: after, limit: end, reverse: true }).map((entry) => ({ app, ...entry })),
  );
  entries.sort((a, b) => seqOf(b.key) - seqOf(a.key));
  return {
    matching: sum(spans.map(({ from, after }) => store.order.count({ from, to: after }))),
    newer: sum(spans.map(({ after, to }) => store.order.count({ from: after, to }))),
    statuses: statusesOf(apps.flatMap((app) => [...new Queries(store, app, now).byCode()])),
    inputs: entries.slice(offset, end).flatMap(({ app, value }) => store.find(app, value) ?? []),
  };
}

/** With a filter every input is looked at. */
async function search(store: Store, apps: readonly App[], { wanted, now }: Question): Promise<Found> {
  const words = normalizeForSearch(wanted.text)
    .split(/\s+/)
    .filter((word) => word !== '');
  const codes: [number, number][] = [];
  const matching: StoredInput[] = [];
  let newer = 0;
  for await (const input of inputsOf(store, apps)) {
    if (!hasConcept(input, wanted.concept) || !hasWords(input, words)) continue;
    const { code } = statusAt(input, now);
    codes.push([code, 1]);
    if (wanted.status !== 0 && code !== wanted.status) continue;
    if (input.seq > wanted.upto) newer += 1;
    else matching.push(input);
  }
  const { offset, limit } = wanted;
  const inputs = matching.sort((a, b) => b.seq - a.seq).slice(offset, offset + limit);
  return { matching: matching.length, newer, statuses: statusesOf(codes), inputs };
}

async function* inputsOf(store: Store, apps: readonly App[]): AsyncGenerator<StoredInput> {
  for (const app of apps) {
    let { from } = under(keys.app(app));
    const { to } = under(keys.app(app));
    for (;;) {
      const some = store.inputs.range({ from, to, limit: readAtOnce });
      for (const { value } of some) yield value;
      const last = some.at(-1);
      if (last === undefined) break;
      from = `${last.key}!`; // sorts before whatever id comes next
      await nextTurn();
    }
  }
}

function hasConcept({ annotations }: StoredInput, name: string): boolean {
  return name === '' || (annotations.concepts ?? []).some((concept) => concept.name === name);
}

function hasWords(input: StoredInput, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = searchText(input);
  return words.every((word) => text.includes(word));
}

function statusesOf(counts: readonly (readonly [number, number])[]): readonly StatusCount[] {
  const byCode = new Map<number, number>();
  for (const [code, inputs] of counts) byCode.set(code, (byCode.get(code) ?? 0) + inputs);
  return [...byCode]
    .filter(([, inputs]) => inputs > 0)
    .sort(([a], [b]) => a - b)
    .map(([code, inputs]) => ({ ...cardStatus({ code }), inputs }));
}

/** The most used concepts, by name. */
function conceptsOf(store: Store, apps: readonly App[], now: number): readonly ConceptCount[] {
  const byName = new Map<string, number>();
  for (const app of apps) {
    for (const { name, inputs } of new Queries(store, app, now).concepts({ offset: 0, limit: most.conceptsRead })) {
      byName.set(name, (byName.get(name) ?? 0) + inputs);
    }
  }
  return [...byName]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most.concepts)
    .map(([name, inputs]) => ({ name, inputs }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function lastOf(store: Store, app: App): number {
  const last = store.order.range({ ...under(keys.app(app)), limit: 1, reverse: true })[0];
  return last === undefined ? 0 : seqOf(last.key);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
