import { handleSearchKey } from './search.js';
import {
  changeTags,
  current,
  marksBetween,
  replaceCurrent,
  showInput,
  takeChange,
  withTag,
  type TagKey,
  type KeyResult,
  type Search,
  type TaggingState,
} from './state.js';

/** Does what a key stands for. */
export function handleKey(before: TaggingState, key: TagKey): KeyResult {
  if (before.done) return { state: before };
  const state = { ...before, notice: undefined };
  if (state.search !== undefined) return { state: handleSearchKey(state, state.search, key) };
  const name = key.typed === '' ? key.name : key.typed;
  // with the help open, a key does what the help says of it
  const closed = { ...state, showsKeys: false };
  if (/^[1-9]$/.test(name)) return { state: toggleConcept(closed, Number(name) - 1) };
  if (name === '?') return { state: { ...state, showsKeys: !state.showsKeys } };
  const binding = Object.hasOwn(keyBindings, name) ? keyBindings[name] : undefined;
  return binding?.(closed) ?? { state: closed };
}

/** Ends the session; what is on the screen is saved, as with any other input that is left. */
export function saveAndQuit(state: TaggingState): KeyResult {
  const { state: left, change } = leaveInput(state, state.at);
  return { state: { ...left, done: true }, change };
}

const keyBindings: Readonly<Record<string, (state: TaggingState) => KeyResult>> = {
  up: (state) => ({ state: moveCursor(state, -1) }),
  down: (state) => ({ state: moveCursor(state, 1) }),
  ' ': (state) => ({ state: toggleConcept(state, state.marked) }),
  '+': (state) => ({ state: openSearch(state, 'add') }),
  '/': (state) => ({ state: openSearch(state, 'jump') }),
  '.': (state) => ({ state: repeatMarks(state) }),
  enter: (state) => {
    if (current(state) !== undefined) return leaveInput(markSeen(state), state.at + 1);
    return state.ended ? saveAndQuit(state) : { state };
  },
  s: (state) => ({ state: skipInput(state) }),
  b: (state) => (state.at > 0 ? leaveInput(state, state.at - 1) : { state }),
  u: (state) => ({ state: undo(state) }),
  q: saveAndQuit,
};

function openSearch(state: TaggingState, purpose: Search['purpose']): TaggingState {
  return current(state) === undefined ? state : { ...state, search: { purpose, text: '', marked: 0 } };
}

function moveCursor(state: TaggingState, by: number): TaggingState {
  const count = state.list.length;
  return count === 0 ? state : { ...state, marked: (state.marked + by + count) % count };
}

/** Goes on from none to present, to absent, and to none again. */
function toggleConcept(state: TaggingState, index: number): TaggingState {
  const concept = state.list[index];
  const tagged = current(state);
  if (concept === undefined || tagged === undefined) return state;
  const before = tagged.tags.get(concept.id);
  const next = before === undefined ? 1 : before === 1 ? 0 : undefined;
  return { ...changeTags(state, withTag(tagged.tags, concept.id, next)), marked: index };
}

/** Of an input that was sent before, that stays so. */
function markSeen(state: TaggingState): TaggingState {
  const tagged = current(state);
  return tagged === undefined || tagged.visit === 'sent'
    ? state
    : replaceCurrent(state, { ...tagged, visit: 'unchanged' });
}

/** Goes to another input; what was changed on this one is to be sent. */
function leaveInput(state: TaggingState, to: number): KeyResult {
  const tagged = current(state);
  if (tagged === undefined) return { state: showInput(state, to) };
  const { state: saved, change } = takeChange(state);
  const marks = marksBetween(state.initialTags, tagged.tags);
  const lastMarks = marks.set.size + marks.off.length > 0 ? marks : state.lastMarks;
  return { state: showInput({ ...saved, lastMarks }, to), change };
}

/** Goes on without what was marked on this one; undoing it there brings the marks back. */
function skipInput(state: TaggingState): TaggingState {
  const tagged = current(state);
  if (tagged === undefined) return state;
  const { set, off } = marksBetween(state.initialTags, tagged.tags);
  const droppedMarks = set.size + off.length;
  const dropped = droppedMarks > 0 ? changeTags(state, state.initialTags) : state;
  const visit = tagged.visit === 'sent' ? 'sent' : 'skipped';
  const skipped = replaceCurrent(dropped, { ...(current(dropped) ?? tagged), visit });
  return { ...showInput(skipped, state.at + 1), notice: { kind: 'skipped', id: tagged.input.id, droppedMarks } };
}

/** Gives the input on the screen what the last one got. */
function repeatMarks(state: TaggingState): TaggingState {
  const tagged = current(state);
  if (tagged === undefined) return state;
  if (state.lastMarks === undefined) return { ...state, notice: { kind: 'nothing-to-repeat' } };
  const tags = new Map([...tagged.tags, ...state.lastMarks.set]);
  for (const concept of state.lastMarks.off) tags.delete(concept);
  return changeTags(state, tags);
}

/** Takes back the last change of the input on the screen, saved or not; never goes to another input. */
function undo(state: TaggingState): TaggingState {
  const tagged = current(state);
  const tags = tagged?.history.at(-1);
  if (tagged === undefined || tags === undefined) return { ...state, notice: { kind: 'nothing-to-undo' } };
  return replaceCurrent(state, { ...tagged, tags, history: tagged.history.slice(0, -1) });
}
