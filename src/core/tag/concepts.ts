import type { Concept } from '../../api/answers.js';

/** So many concepts have a key of their own. */
export const keyedConcepts = 9;

/** The concepts to tag with, in the order of their keys: those that were picked first, then as they came. */
export interface ConceptList {
  readonly concepts: readonly Concept[];
  /** How many stand first because they were picked. */
  readonly picked: number;
}

export const noConcepts: ConceptList = { concepts: [], picked: 0 };

/** The list with those at its end that it has not yet; no concept's key changes. */
export function withSeen(list: ConceptList, seen: readonly Concept[]): ConceptList {
  const known = new Set(list.concepts.map(({ id }) => id));
  const fresh: Concept[] = [];
  for (const concept of seen) {
    if (concept.id === '' || known.has(concept.id)) continue;
    known.add(concept.id);
    fresh.push(concept);
  }
  return fresh.length === 0 ? list : { ...list, concepts: [...list.concepts, ...fresh] };
}

/** The list with a concept among those that have a key, after the ones picked before; new ones are taken in. */
export function withPicked(list: ConceptList, concept: Concept): ConceptList {
  const there = indexOfConcept(list, concept.id);
  if (there >= 0 && there < keyedConcepts) return list;
  const others = list.concepts.filter(({ id }) => id !== concept.id);
  const place = Math.min(list.picked, keyedConcepts - 1);
  return {
    concepts: [...others.slice(0, place), concept, ...others.slice(place)],
    picked: Math.min(list.picked + 1, keyedConcepts),
  };
}

/** Its place, or -1. */
export function indexOfConcept({ concepts }: ConceptList, id: string): number {
  return concepts.findIndex((concept) => concept.id === id);
}

/** One of the concepts to choose from; a new one is named by the text itself. */
export interface Option {
  readonly concept: Concept;
  readonly isNew: boolean;
}

/** Concepts of the app that are offered at most; a new one may stand below them. */
const mostKnown = 4;

/** What a text that is being typed may mean: the app's concepts that fit, and the text itself where it is none of them. */
export function offered(list: ConceptList, text: string): readonly Option[] {
  const name = text.trim();
  const known = matching(list, name, mostKnown).map((concept) => ({ concept, isNew: false }));
  const isKnown = name === '' || list.concepts.some((concept) => concept.id === name || concept.name === name);
  return isKnown ? known : [...known, { concept: { id: name, name }, isNew: true }];
}

/** Best first: the one of this very name, names that begin with it, names that hold it; letter case does not count. */
function matching({ concepts }: ConceptList, text: string, most: number): readonly Concept[] {
  const wanted = text.toLowerCase();
  const ranks: Concept[][] = [[], [], []];
  for (const concept of concepts) ranks[rankOf(concept, wanted)]?.push(concept);
  return ranks.flat().slice(0, most);
}

function rankOf({ id, name }: Concept, wanted: string): number {
  const spellings = [id.toLowerCase(), name.toLowerCase()];
  if (spellings.includes(wanted)) return 0;
  if (spellings.some((spelling) => spelling.startsWith(wanted))) return 1;
  return spellings.some((spelling) => spelling.includes(wanted)) ? 2 : -1;
}
