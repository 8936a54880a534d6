import { isList, isObject, valueAt, type Json, type JsonObject } from '../../wire/json.js';
import type { AppInput } from '../../api/answers.js';
import type { InputPatch } from '../../api/service.js';
import { UsageError } from '../../errors.js';
import type { PatchAction, WireConcept, WireGeo } from '../../wire/messages.js';

/** What a patch says of an input. What is left out is not spoken of; an `overwrite` erases it. */
export interface Notes {
  readonly concepts?: readonly WireConcept[] | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly geo?: WireGeo | undefined;
  /** As the API spells them. */
  readonly regions?: readonly JsonObject[] | undefined;
}

/** One thing to do to an input; several for one input are done in their order. */
export interface Edit {
  readonly action: PatchAction;
  readonly data: JsonObject;
}

/** An edit of one input. */
export interface Change extends InputPatch {
  readonly action: PatchAction;
  /** False if another edit of the same wish follows: the wish is fulfilled with the last one. */
  readonly last: boolean;
  /** True if the answer is to be compared with what was sent. */
  readonly restores: boolean;
}

/** What is to be taken off. */
export interface Removals {
  readonly concepts: readonly string[];
  readonly metaKeys: readonly string[];
  readonly geo: boolean;
}

/**
 * The edits that a wish comes to: removals first, as a request of their own.
 *
 * @param action - of the notes; undefined if none was asked for, which means merge
 * @throws UsageError if nothing is to change
 */
export function editsFor(notes: Notes, removals: Removals, action: PatchAction | undefined): readonly Edit[] {
  const removed = dataOf(notesOf(removals), 'remove');
  const given = dataOf(notes, action ?? 'merge');
  const removes = Object.keys(removed).length > 0;
  const changes = Object.keys(given).length > 0;
  if (!removes && !changes) {
    throw new UsageError('patch: nothing to change', { hint: 'for example -c dog, --remove-concept cat, --from FILE' });
  }
  return [
    ...(removes ? [{ action: 'remove', data: removed } as const] : []),
    ...(changes ? [{ action: action ?? 'merge', data: given }] : []),
  ];
}

/** The changes of one input, in their order. */
export function changesOf(id: string, edits: readonly Edit[]): readonly Change[] {
  return edits.map((edit, index) => ({ id, ...edit, last: index === edits.length - 1, restores: false }));
}

/** Notes as the API spells them for an action; of a concept to be removed only the id counts. */
export function dataOf({ concepts, metadata, geo, regions }: Notes, action: PatchAction): JsonObject {
  const data: Record<string, Json> = {};
  if (concepts !== undefined && concepts.length > 0) {
    data['concepts'] = concepts.map(({ id, value = 1 }) => (action === 'remove' ? { id } : { id, value }));
  }
  if (metadata !== undefined) data['metadata'] = metadata;
  if (geo !== undefined) data['geo'] = { geo_point: { ...geo.geo_point } };
  if (regions !== undefined && regions.length > 0) data['regions'] = regions;
  return data;
}

function notesOf({ concepts, metaKeys, geo }: Removals): Notes {
  return {
    concepts: concepts.map((id) => ({ id })),
    // `true` under a key takes it off
    ...(metaKeys.length > 0 && { metadata: Object.fromEntries(metaKeys.map((key) => [key, true])) }),
    // any point will do: there is one at most
    ...(geo && { geo: { geo_point: { longitude: 0, latitude: 0 } } }),
  };
}

/** What an input has otherwise than an `overwrite` sent, by the field's name. */
export function differences(sent: JsonObject, input: AppInput): readonly string[] {
  const { concepts, metadata, geo, regions } = sent;
  const isEqual = {
    // of a concept the service tells more than was sent
    concepts: isSame(conceptValues(concepts), Object.fromEntries(input.concepts.map(({ id, value }) => [id, value]))),
    metadata: isSame(metadata ?? {}, input.metadata ?? {}),
    geo: isSame(valueAt(geo, ['geo_point']) ?? {}, { ...input.geo }),
    regions: hasRegions(regions, input.regions),
  };
  return Object.entries(isEqual).flatMap(([name, equal]) => (equal ? [] : [name]));
}

/** Values by id. */
function conceptValues(concepts: Json | undefined): JsonObject {
  const pairs = (isList(concepts) ? concepts : []).map((concept) => {
    const id = valueAt(concept, ['id']);
    return [typeof id === 'string' ? id : '', valueAt(concept, ['value']) ?? 1] as const;
  });
  return Object.fromEntries(pairs);
}

function hasRegions(sent: Json | undefined, regions: readonly Json[]): boolean {
  const wanted = isList(sent) ? sent : [];
  return wanted.length === regions.length && holds(regions, wanted);
}

/** Equal, numbers as the service keeps them: some of its fields are 32-bit floats. */
function isSame(a: Json, b: Json): boolean {
  return holds(a, b) && holds(b, a);
}

/** True if all that is wanted is there; objects may hold more. */
function holds(there: Json, wanted: Json): boolean {
  if (isList(wanted)) {
    return isList(there) && there.length === wanted.length && wanted.every((one, at) => holds(there[at] ?? null, one));
  }
  if (isObject(wanted)) {
    const keys = Object.keys(wanted);
    return isObject(there) && keys.every((key) => Object.hasOwn(there, key) && holds(at(there, key), at(wanted, key)));
  }
  if (typeof wanted === 'number' && typeof there === 'number') return Math.fround(wanted) === Math.fround(there);
  return there === wanted;
}

function at(object: JsonObject, key: string): Json {
  return object[key] ?? null;
}
