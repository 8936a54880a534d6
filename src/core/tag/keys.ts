import { searched } from './search.js';
import {
  current,
  onScreen,
  saving,
  tagged,
  withTag,
  withTags,
  type Key,
  type Step,
  type Tagging,
  type Undoable,
} from './state.js';

/** What a key does. */
export function pressed(state: Tagging, key: Key): Step {
  if (state.done) return { state };
  if (state.showsKeys) return { state: { ...state, showsKeys: false } };
  if (state.search !== undefined) return { state: searched(state, state.search, key) };
  const name = key.typed === '' ? key.name : key.typed;
  if (/^[1-9]$/.test(name)) return { state: turned(state, Number(name) - 1) };
  const act = Object.hasOwn(acts, name) ? acts[name] : undefined;
  return act?.(state) ?? { state };
}

/** The person goes: what is on the screen is saved, as with any other input that is left. */
export function quit(state: Tagging): Step {
  const { state: left, change } = leaving(state, state.at);
  return { state: { ...left, done: true }, change };
}

const acts: Readonly<Record<string, (state: Tagging) => Step>> = {
  up: (state) => ({ state: moved(state, -1) }),
  down: (state) => ({ state: moved(state, 1) }),
  ' ': (state) => ({ state: turned(state, state.marked) }),
  '+': (state) => ({ state: current(state) === undefined ? state : { ...state, search: { text: '', marked: 0 } } }),
  enter: (state) => {
    if (current(state) !== undefined) return leaving(state, state.at + 1);
    return state.ended ? quit(state) : { state };
  },
  s: (state) => ({ state: skipped(state) }),
  b: (state) => (state.at > 0 ? leaving(state, state.at - 1) : { state }),
  u: (state) => undone(state),
  q: quit,
  '?': (state) => ({ state: { ...state, showsKeys: true } }),
};

function moved(state: Tagging, by: number): Tagging {
  const count = state.list.concepts.length;
  return count === 0 ? state : { ...state, marked: (state.marked + by + count) % count };
}

/** Present, absent, none, and from the start. */
function turned(state: Tagging, place: number): Tagging {
  const concept = state.list.concepts[place];
  const sheet = current(state);
  if (concept === undefined || sheet === undefined) return state;
  const before = sheet.tags.get(concept.id);
  const next = before === undefined ? 1 : before === 1 ? 0 : undefined;
  return { ...tagged(state, concept.id, next), marked: place };
}

/** Goes to another input; what was changed on this one is to be sent. */
function leaving(state: Tagging, to: number): Step {
  if (current(state) === undefined) return { state: onScreen(state, to) };
  const { state: saved, change } = saving(state, state.at);
  return { state: onScreen(withLeaving(saved), to), change };
}

/** Goes on without what was changed on this one. */
function skipped(state: Tagging): Tagging {
  if (current(state) === undefined) return state;
  return onScreen(withLeaving(withTags(state, state.at, state.arrival)), state.at + 1);
}

/** A leaving is undone as a whole, so its turns are no longer undone one by one. */
function withLeaving(state: Tagging): Tagging {
  const earlier = state.undoable.slice(0, state.undoable.findLastIndex(({ at }) => at === 'leave') + 1);
  return { ...state, undoable: [...earlier, { at: 'leave', sheet: state.at, before: state.arrival }] };
}

/** Takes the last thing back; after a leaving the former tags are sent at once. */
function undone(state: Tagging): Step {
  const last = state.undoable.at(-1);
  if (last === undefined) return { state };
  const rest = { ...state, undoable: state.undoable.slice(0, -1) };
  if (last.at === 'turn') return { state: unturned(rest, last) };
  const { state: saved, change } = saving(withTags(rest, last.sheet, last.before), last.sheet);
  return { state: onScreen(saved, last.sheet), change };
}

function unturned(state: Tagging, { concept, before }: Extract<Undoable, { at: 'turn' }>): Tagging {
  const tags = current(state)?.tags;
  return tags === undefined ? state : withTags(state, state.at, withTag(tags, concept, before));
}
