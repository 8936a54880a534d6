import { isList, valueAt, type Json, type JsonObject } from '../../wire/json.js';
import type { AppInput } from '../../api/answers.js';
import type { InputPatch } from '../../api/service.js';
import type { PatchAction } from '../../wire/messages.js';
import type { RowAction } from '../rows/schema.js';
import type { Annotations } from './annotations.js';
import { annotationsWithKeys, type InputState, type RowChange } from './input-state.js';
import { containsJson, isSameJson } from './same-json.js';

/** One thing to do to an input; several for one input are done in their order. */
export interface Edit {
  readonly action: PatchAction;
  readonly data: JsonObject;
}

/** What a row makes of its input; the first of several edits carries out the whole change. */
export interface RowStates {
  readonly asked: RowAction;
  readonly before: InputState;
  readonly after: InputState;
}

/** An edit of one input. */
export interface Change extends InputPatch {
  readonly action: PatchAction;
  /** False if another edit of the same wish follows: the wish is fulfilled with the last one. */
  readonly last: boolean;
  /** True if the answer is to be compared with what was sent. */
  readonly restores: boolean;
  /** The row that asked for it, if one did. */
  readonly row?: RowStates;
}

/** The annotations to remove. */
export interface Removals {
  readonly concepts: readonly string[];
  readonly metaKeys: readonly string[];
  readonly geo: boolean;
}

/** The requests of a row whose input is not known: removals first, as a request of their own. */
export function editsOfRow(row: RowChange): readonly Edit[] {
  // what `set` removes is not known either
  const action = row.action === 'set' ? 'merge' : row.action;
  const removed = dataOf(row.removals ?? {}, 'remove');
  const given = dataOf(annotationsWithKeys(row), action);
  const edits: readonly Edit[] = [
    { action: 'remove', data: removed },
    { action, data: given },
  ];
  return edits.filter(({ data }) => Object.keys(data).length > 0);
}

/** The changes of one input, in their order. */
export function changesOf(id: string, edits: readonly Edit[]): readonly Change[] {
  return edits.map((edit, index) => ({ id, ...edit, last: index === edits.length - 1, restores: false }));
}

/** Annotations as the API spells them for an action; of a concept to be removed only the id counts. */
export function dataOf({ concepts, metadata, geo, regions }: Annotations, action: PatchAction): JsonObject {
  const data: Record<string, Json> = {};
  if (concepts !== undefined && concepts.length > 0) {
    data['concepts'] = concepts.map(({ id, value = 1 }) => (action === 'remove' ? { id } : { id, value }));
  }
  if (metadata !== undefined) data['metadata'] = metadata;
  if (geo !== undefined) data['geo'] = { geo_point: { ...geo.geo_point } };
  if (regions !== undefined && regions.length > 0) data['regions'] = regions;
  return data;
}

/** Removals as annotations that `remove` takes off; undefined where nothing is removed. */
export function removedAnnotations({ concepts, metaKeys, geo }: Removals): Annotations | undefined {
  if (concepts.length === 0 && metaKeys.length === 0 && !geo) return undefined;
  return {
    concepts: concepts.map((id) => ({ id })),
    // `true` under a key takes it off
    ...(metaKeys.length > 0 && { metadata: Object.fromEntries(metaKeys.map((key) => [key, true])) }),
    // any point will do: there is one at most
    ...(geo && { geo: { geo_point: { longitude: 0, latitude: 0 } } }),
  };
}

/** The fields in which an input differs from an `overwrite` that was sent, by name. */
export function differences(sent: JsonObject, input: AppInput): readonly string[] {
  const { concepts, metadata, geo, regions } = sent;
  const isEqual = {
    // of a concept the service tells more than was sent
    concepts: isSameJson(
      conceptValues(concepts),
      Object.fromEntries(input.concepts.map(({ id, value }) => [id, value])),
    ),
    metadata: isSameJson(metadata ?? {}, input.metadata ?? {}),
    geo: isSameJson(valueAt(geo, ['geo_point']) ?? {}, { ...input.geo }),
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
  return wanted.length === regions.length && containsJson(regions, wanted);
}
