import type { Concept } from '../../api/answers.js';

/** How many concepts have a number key of their own. */
export const keyedConcepts = 9;

/** The concepts to tag with, in the order of their keys. It only grows at its end: no key ever changes its meaning. */
export type ConceptList = readonly Concept[];

/** Numbers count as numbers, and the order is the same on every machine, whatever its language. */
const byName = new Intl.Collator('en', { numeric: true });

/**
 * The list to begin with: pinned concepts in their order, then the known ones by name.
 *
 * @param pinned - ids, or names of known concepts; one that is neither becomes a new concept
 */
export function orderConcepts(pinned: readonly string[], known: readonly Concept[]): ConceptList {
  const first = pinned.map((text) => findConcept(known, text) ?? { id: text, name: text });
  const rest = known.toSorted((a, b) => byName.compare(a.name, b.name) || byName.compare(a.id, b.id));
  return addKnown(addKnown([], first), rest);
}

/** The list with those at its end that it does not have yet. */
export function addKnown(list: ConceptList, known: readonly Concept[]): ConceptList {
  const ids = new Set(list.map(({ id }) => id));
  const added: Concept[] = [];
  for (const concept of known) {
    if (concept.id === '' || ids.has(concept.id)) continue;
    ids.add(concept.id);
    added.push(concept);
  }
  return added.length === 0 ? list : [...list, ...added];
}

function findConcept(concepts: readonly Concept[], text: string): Concept | undefined {
  return concepts.find(({ id }) => id === text) ?? concepts.find(({ name }) => name === text);
}

/** One of the concepts to choose from; a new one is named by the text itself. */
export interface Suggestion {
  readonly concept: Concept;
  readonly isNew: boolean;
}

/** Known concepts that are suggested at most; a new one may stand below them. */
const maxKnown = 4;

/** Suggestions for a text being typed: the known concepts that match, and the text itself if none has this name. */
export function suggest(list: ConceptList, text: string): readonly Suggestion[] {
  const name = text.trim();
  const known = suggestKnown(list, name);
  const isKnown = name === '' || findConcept(list, name) !== undefined;
  return isKnown ? known : [...known, { concept: { id: name, name }, isNew: true }];
}

/** Best first: the one of this very name, names that begin with it, names that hold it; letter case does not count. */
export function suggestKnown(list: ConceptList, text: string): readonly Suggestion[] {
  const wanted = text.trim().toLowerCase();
  const ranks: Concept[][] = [[], [], []];
  for (const concept of list) ranks[rankOf(concept, wanted)]?.push(concept);
  return ranks
    .flat()
    .slice(0, maxKnown)
    .map((concept) => ({ concept, isNew: false }));
}

function rankOf({ id, name }: Concept, wanted: string): number {
  const spellings = [id.toLowerCase(), name.toLowerCase()];
  if (spellings.includes(wanted)) return 0;
  if (spellings.some((spelling) => spelling.startsWith(wanted))) return 1;
  return spellings.some((spelling) => spelling.includes(wanted)) ? 2 : -1;
}
