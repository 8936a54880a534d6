import type { Concept } from '../../api/answers.js';
import { noConcepts, withSeen, type ConceptList } from './concepts.js';
import type { TagInput, Tags } from './input.js';

/** An input with what the person made of it. */
export interface Sheet {
  readonly input: TagInput;
  /** As they are on the screen. */
  readonly tags: Tags;
  /** As they were when the input was left last: what is sent is the difference. */
  readonly saved: Tags;
  /** Concepts of which a save failed: they are sent again, changed or not. */
  readonly unsure: ReadonlySet<string>;
}

/** What is sent of an input that was left. */
export interface TagChange {
  readonly id: string;
  readonly set: Tags;
  /** Concepts to take off. */
  readonly off: readonly string[];
}

/** What is looked for beside `+`. */
export interface Search {
  readonly text: string;
  /** The place of the option that `enter` takes. */
  readonly marked: number;
}

/** What `u` takes back: one turn of a concept, or a leaving with all that was changed before it. */
export type Undoable =
  | { readonly at: 'turn'; readonly concept: string; readonly before: 1 | 0 | undefined }
  | { readonly at: 'leave'; readonly sheet: number; readonly before: Tags };

/** A tagging session, as far as its person decides about it. Knows no terminal and no service. */
export interface Tagging {
  /** Every input so far, and those read ahead. */
  readonly sheets: readonly Sheet[];
  /** The input on the screen; behind the last one while more are awaited, and at the end. */
  readonly at: number;
  /** True once no more inputs will come. */
  readonly ended: boolean;
  readonly list: ConceptList;
  /** The concept that `space` turns. */
  readonly marked: number;
  /** Undefined unless a concept is looked for. */
  readonly search: Search | undefined;
  readonly showsKeys: boolean;
  readonly done: boolean;
  /** The tags that the input had when it came on the screen. */
  readonly arrival: Tags;
  readonly undoable: readonly Undoable[];
}

/** A key that was pressed. */
export interface Key {
  /** `up`, `down`, `enter`, `escape`, `backspace`; anything else has no meaning of its own. */
  readonly name: string;
  /** The character that it types, or ''. */
  readonly typed: string;
}

/** What a key came to. */
export interface Step {
  readonly state: Tagging;
  /** To be sent, in the background. */
  readonly change?: TagChange | undefined;
}

const noTags: Tags = new Map();

export const emptyTagging: Tagging = {
  sheets: [],
  at: 0,
  ended: false,
  list: noConcepts,
  marked: 0,
  search: undefined,
  showsKeys: false,
  done: false,
  arrival: noTags,
  undoable: [],
};

/** Inputs came in, in their order. */
export function arrived(state: Tagging, inputs: readonly TagInput[]): Tagging {
  const fresh = inputs.map((input) => ({ input, tags: input.tags, saved: input.tags, unsure: new Set<string>() }));
  const concepts = inputs.flatMap((input) => input.concepts);
  const more = { ...state, sheets: [...state.sheets, ...fresh], list: withSeen(state.list, concepts) };
  return current(state) === undefined ? onScreen(more, state.at) : more;
}

/** No more inputs will come. */
export function ended(state: Tagging): Tagging {
  return { ...state, ended: true };
}

/** The app has these concepts. */
export function conceptsKnown(state: Tagging, concepts: readonly Concept[]): Tagging {
  return { ...state, list: withSeen(state.list, concepts) };
}

/** Changes could not be saved: what they spoke of is sent again when the input is left again. */
export function saveFailed(state: Tagging, { id, set, off }: TagChange): Tagging {
  const spokenOf = [...set.keys(), ...off];
  const sheets = state.sheets.map((sheet) =>
    sheet.input.id === id ? { ...sheet, unsure: new Set([...sheet.unsure, ...spokenOf]) } : sheet,
  );
  return { ...state, sheets };
}

/** The input on the screen; undefined while more are awaited, and at the end. */
export function current({ sheets, at }: Tagging): Sheet | undefined {
  return sheets[at];
}

/** Puts an input on the screen. */
export function onScreen(state: Tagging, at: number): Tagging {
  return { ...state, at, arrival: state.sheets[at]?.tags ?? noTags };
}

/** Gives an input other tags. */
export function withTags(state: Tagging, at: number, tags: Tags): Tagging {
  const sheet = state.sheets[at];
  return sheet === undefined ? state : { ...state, sheets: state.sheets.with(at, { ...sheet, tags }) };
}

/** Gives the input on the screen a concept, or takes it off; can be undone. */
export function tagged(state: Tagging, concept: string, value: 1 | 0 | undefined): Tagging {
  const sheet = current(state);
  if (sheet === undefined) return state;
  const undo: Undoable = { at: 'turn', concept, before: sheet.tags.get(concept) };
  const changed = withTags(state, state.at, withTag(sheet.tags, concept, value));
  return { ...changed, undoable: [...state.undoable, undo] };
}

/** Tags with one concept present, absent, or taken off. */
export function withTag(tags: Tags, concept: string, value: 1 | 0 | undefined): Tags {
  const changed = new Map(tags);
  if (value === undefined) changed.delete(concept);
  else changed.set(concept, value);
  return changed;
}

/** Takes an input's tags for saved, and gives what is to be sent for that. */
export function saving(state: Tagging, at: number): Step {
  const sheet = state.sheets[at];
  const change = sheet && changeOf(sheet);
  if (sheet === undefined || change === undefined) return { state };
  const saved = { ...sheet, saved: sheet.tags, unsure: new Set<string>() };
  return { state: { ...state, sheets: state.sheets.with(at, saved) }, change };
}

function changeOf({ input, tags, saved, unsure }: Sheet): TagChange | undefined {
  const differs = (concept: string): boolean => unsure.has(concept) || tags.get(concept) !== saved.get(concept);
  const set = new Map([...tags].filter(([concept]) => differs(concept)));
  const off = [...new Set([...saved.keys(), ...unsure])].filter((concept) => !tags.has(concept));
  return set.size + off.length === 0 ? undefined : { id: input.id, set, off };
}
