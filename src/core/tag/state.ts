import type { Concept } from '../../api/answers.js';
import { addKnown, type ConceptList } from './concepts.js';
import type { TagInput, Tags } from './input.js';

/** An input with what the person made of it. */
export interface TaggedInput {
  readonly input: TagInput;
  /** The tags on the screen. */
  readonly tags: Tags;
  /** The tags when they were last taken for sending: the difference is sent next. */
  readonly saved: Tags;
  /** Concepts of which a save failed: they are sent again, changed or not. */
  readonly unconfirmed: ReadonlySet<string>;
  /** The tags before each change that a person made, the latest last. */
  readonly history: readonly Tags[];
  readonly visit: Visit;
}

/** What became of an input: not looked at to its end yet, left with changes that were sent, left as it was, skipped. */
export type Visit = 'open' | 'sent' | 'unchanged' | 'skipped';

/** Concepts to set, and concepts to take off. */
export interface Marks {
  readonly set: Tags;
  readonly off: readonly string[];
}

/** The change to send for an input that was left. */
export interface TagChange extends Marks {
  readonly id: string;
  /** The tags that the input has once this is saved, unless somebody else changes it too. */
  readonly expected: Tags;
}

/** A concept that is being looked for: to be added to the input, or to move the mark to. */
export interface Search {
  readonly purpose: 'add' | 'jump';
  readonly text: string;
  /** The place of the suggestion that `enter` takes. */
  readonly marked: number;
}

/** A notice about the last key or an answer; the next key clears it. */
export type Notice =
  | { readonly kind: 'skipped'; readonly id: string; readonly droppedMarks: number }
  | { readonly kind: 'nothing-to-undo' }
  | { readonly kind: 'nothing-to-repeat' }
  | { readonly kind: 'missing'; readonly ids: readonly string[] }
  | { readonly kind: 'changed-elsewhere'; readonly id: string; readonly tags: Tags };

/** A tagging session, as far as its person decides about it. Knows no terminal and no service. */
export interface TaggingState {
  /** Every input so far, and those read ahead. */
  readonly inputs: readonly TaggedInput[];
  /** The input on the screen; behind the last one while more are awaited, and at the end. */
  readonly at: number;
  /** True once no more inputs will come. */
  readonly ended: boolean;
  /** Inputs that there will be in all, as far as it is known. */
  readonly total: number | undefined;
  readonly list: ConceptList;
  /** The concept that `space` toggles. */
  readonly marked: number;
  /** Undefined unless a concept is looked for. */
  readonly search: Search | undefined;
  readonly showsKeys: boolean;
  readonly done: boolean;
  /** The tags that the input had when it came on the screen. */
  readonly initialTags: Tags;
  /** The marks of the last input that was changed. */
  readonly lastMarks: Marks | undefined;
  readonly notice: Notice | undefined;
}

/** A key that was pressed. */
export interface TagKey {
  /** `up`, `down`, `enter`, `escape`, `backspace`; anything else has no meaning of its own. */
  readonly name: string;
  /** The character that it types, or ''. */
  readonly typed: string;
}

/** The result of a key. */
export interface KeyResult {
  readonly state: TaggingState;
  /** To be sent, in the background. */
  readonly change?: TagChange | undefined;
}

const noTags: Tags = new Map();

export const emptyTagging: TaggingState = {
  inputs: [],
  at: 0,
  ended: false,
  total: undefined,
  list: [],
  marked: 0,
  search: undefined,
  showsKeys: false,
  done: false,
  initialTags: noTags,
  lastMarks: undefined,
  notice: undefined,
};

/** Takes inputs in, in their order. */
export function addInputs(state: TaggingState, inputs: readonly TagInput[]): TaggingState {
  const added = inputs.map((input) => ({
    input,
    tags: input.tags,
    saved: input.tags,
    unconfirmed: new Set<string>(),
    history: [],
    visit: 'open' as const,
  }));
  const concepts = inputs.flatMap((input) => input.concepts);
  const more = { ...state, inputs: [...state.inputs, ...added], list: addKnown(state.list, concepts) };
  return current(state) === undefined ? showInput(more, state.at) : more;
}

/** Takes it in that ids are not in the app. */
export function addMissing(state: TaggingState, ids: readonly string[]): TaggingState {
  if (ids.length === 0) return state;
  const total = state.total === undefined ? undefined : state.total - ids.length;
  const before = state.notice?.kind === 'missing' ? state.notice.ids : [];
  return { ...state, total, notice: { kind: 'missing', ids: [...before, ...ids] } };
}

/** Takes it in that no more inputs will come. */
export function endInputs(state: TaggingState): TaggingState {
  return { ...state, ended: true, total: state.inputs.length };
}

/** Puts concepts that the list does not have yet at its end. */
export function addConcepts(state: TaggingState, concepts: readonly Concept[]): TaggingState {
  return { ...state, list: addKnown(state.list, concepts) };
}

/** Takes it in that changes could not be saved: their concepts are sent again when the input is left again. */
export function markUnconfirmed(state: TaggingState, { id, set, off }: TagChange): TaggingState {
  return updateById(state, id, (tagged) => ({
    ...tagged,
    unconfirmed: new Set([...tagged.unconfirmed, ...set.keys(), ...off]),
  }));
}

/**
 * Compares what the service has of an input, once a change of it is saved, with what it should have. What somebody else
 * changed is taken over, but for the concepts that were toggled again since.
 */
export function acceptSaved(state: TaggingState, { id, expected }: TagChange, found: Tags): TaggingState {
  const concepts = new Set([...expected.keys(), ...found.keys()]);
  const foreign = [...concepts].filter((concept) => expected.get(concept) !== found.get(concept));
  if (foreign.length === 0) return state;
  const notice = { kind: 'changed-elsewhere', id, tags: found } as const;
  return updateById({ ...state, notice }, id, (tagged) => {
    const untouched = foreign.filter((concept) => tagged.tags.get(concept) === tagged.saved.get(concept));
    return { ...tagged, tags: copyTags(tagged.tags, found, untouched), saved: copyTags(tagged.saved, found, foreign) };
  });
}

function updateById(state: TaggingState, id: string, update: (tagged: TaggedInput) => TaggedInput): TaggingState {
  const inputs = state.inputs.map((tagged) => (tagged.input.id === id ? update(tagged) : tagged));
  return { ...state, inputs };
}

/** Inputs by what became of them: each counts once, and where no total is known, at least so many are left. */
export function countProgress({ inputs, total = 0 }: TaggingState): {
  readonly left: number;
  readonly unchanged: number;
  readonly skipped: number;
} {
  const counts = { open: 0, sent: 0, unchanged: 0, skipped: 0 };
  for (const { visit } of inputs) counts[visit] += 1;
  const { open, unchanged, skipped } = counts;
  return { left: open + Math.max(0, total - inputs.length), unchanged, skipped };
}

/** The input on the screen; undefined while more are awaited, and at the end. */
export function current({ inputs, at }: TaggingState): TaggedInput | undefined {
  return inputs[at];
}

/** Puts an input on the screen. */
export function showInput(state: TaggingState, at: number): TaggingState {
  const initialTags = state.inputs[at]?.tags ?? noTags;
  return { ...state, at, initialTags };
}

/** Gives the input on the screen other tags; can be undone. */
export function changeTags(state: TaggingState, tags: Tags): TaggingState {
  const tagged = current(state);
  if (tagged === undefined) return state;
  return replaceCurrent(state, { ...tagged, tags, history: [...tagged.history, tagged.tags] });
}

/** Puts another record in the place of the input on the screen. */
export function replaceCurrent(state: TaggingState, tagged: TaggedInput): TaggingState {
  return { ...state, inputs: state.inputs.with(state.at, tagged) };
}

/** Tags with one concept present, absent, or taken off. */
export function withTag(tags: Tags, concept: string, value: 1 | 0 | undefined): Tags {
  const changed = new Map(tags);
  if (value === undefined) changed.delete(concept);
  else changed.set(concept, value);
  return changed;
}

function copyTags(tags: Tags, source: Tags, concepts: readonly string[]): Tags {
  return concepts.reduce((copy, concept) => withTag(copy, concept, source.get(concept)), tags);
}

/** The marks that turn some tags into others. */
export function marksBetween(before: Tags, after: Tags): Marks {
  return {
    set: new Map([...after].filter(([concept, value]) => before.get(concept) !== value)),
    off: [...before.keys()].filter((concept) => !after.has(concept)),
  };
}

/** Takes the tags of the input on the screen for saved, and gives what is to be sent for that. */
export function takeChange(state: TaggingState): KeyResult {
  const tagged = current(state);
  const change = tagged && changeOf(tagged);
  if (tagged === undefined || change === undefined) return { state };
  const sent = { ...tagged, saved: tagged.tags, unconfirmed: new Set<string>(), visit: 'sent' } as const;
  return { state: replaceCurrent(state, sent), change };
}

/** The changes still to send: of inputs whose save failed, and of one on the screen that was not left. */
export function unsavedChanges({ inputs }: TaggingState): readonly TagChange[] {
  return inputs.flatMap((tagged) => changeOf(tagged) ?? []);
}

function changeOf({ input, tags, saved, unconfirmed }: TaggedInput): TagChange | undefined {
  const differs = (concept: string): boolean => unconfirmed.has(concept) || tags.get(concept) !== saved.get(concept);
  const set = new Map([...tags].filter(([concept]) => differs(concept)));
  const off = [...new Set([...saved.keys(), ...unconfirmed])].filter((concept) => !tags.has(concept));
  return set.size + off.length === 0 ? undefined : { id: input.id, set, off, expected: tags };
}
