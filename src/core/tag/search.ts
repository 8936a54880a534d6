import type { Concept } from '../../api/answers.js';
import { addKnown, suggest, suggestKnown, type Suggestion } from './concepts.js';
import { changeTags, current, withTag, type TagKey, type Search, type TaggingState } from './state.js';

/** Suggestions for the text being typed; a jump goes only to existing ones. */
export function suggestionsFor({ list }: TaggingState, { purpose, text }: Search): readonly Suggestion[] {
  return purpose === 'add' ? suggest(list, text) : suggestKnown(list, text);
}

/** Does what a key stands for while a concept is looked for. */
export function handleSearchKey(state: TaggingState, search: Search, { name, typed }: TagKey): TaggingState {
  const suggestions = suggestionsFor(state, search);
  const closed = { ...state, search: undefined };
  const edit = (text: string): TaggingState => ({ ...state, search: { ...search, text, marked: 0 } });
  switch (name) {
    case 'escape':
      return closed;
    case 'up':
    case 'down': {
      const by = name === 'up' ? -1 : 1;
      const count = suggestions.length;
      return { ...state, search: { ...search, marked: count === 0 ? 0 : (search.marked + by + count) % count } };
    }
    case 'enter':
      return takeConcept(closed, suggestions[search.marked]?.concept, search.purpose);
    case 'backspace':
      return edit(deleteLastCharacter(search.text));
    default:
      return typed === '' ? state : edit(search.text + typed);
  }
}

/** Moves the mark to a concept; one that is added is put on the input, and a new one at the end of the list. */
function takeConcept(state: TaggingState, concept: Concept | undefined, purpose: Search['purpose']): TaggingState {
  const tagged = current(state);
  if (concept === undefined || tagged === undefined) return state;
  const list = addKnown(state.list, [concept]);
  const marked = list.findIndex(({ id }) => id === concept.id);
  const moved = { ...state, list, marked };
  return purpose === 'add' ? changeTags(moved, withTag(tagged.tags, concept.id, 1)) : moved;
}

/** A text without its last character as a person counts them. */
function deleteLastCharacter(text: string): string {
  const { index = 0 } = [...new Intl.Segmenter().segment(text)].at(-1) ?? {};
  return text.slice(0, index);
}
