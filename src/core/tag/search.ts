import type { Concept } from '../../api/answers.js';
import { indexOfConcept, offered, withPicked } from './concepts.js';
import { tagged, type Key, type Search, type Tagging } from './state.js';

/** What a key does while a concept is looked for. */
export function searched(state: Tagging, search: Search, { name, typed }: Key): Tagging {
  const options = offered(state.list, search.text);
  switch (name) {
    case 'escape':
      return { ...state, search: undefined };
    case 'up':
    case 'down': {
      const by = name === 'up' ? -1 : 1;
      const marked = options.length === 0 ? 0 : (search.marked + by + options.length) % options.length;
      return { ...state, search: { ...search, marked } };
    }
    case 'enter':
      return picked({ ...state, search: undefined }, options[search.marked]?.concept);
    case 'backspace':
      return { ...state, search: { text: withoutLast(search.text), marked: 0 } };
    default:
      return typed === '' ? state : { ...state, search: { text: search.text + typed, marked: 0 } };
  }
}

/** Puts a concept among those with a key, and on the input. */
function picked(state: Tagging, concept: Concept | undefined): Tagging {
  if (concept === undefined) return state;
  const list = withPicked(state.list, concept);
  return { ...tagged({ ...state, list }, concept.id, 1), marked: indexOfConcept(list, concept.id) };
}

/** A text without its last character as a person counts them. */
function withoutLast(text: string): string {
  const { index = 0 } = [...new Intl.Segmenter().segment(text)].at(-1) ?? {};
  return text.slice(0, index);
}
