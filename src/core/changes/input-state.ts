import type { AppInput, GeoPoint } from '../../api/answers.js';
import { isObject, type Json, type JsonObject } from '../../wire/json.js';
import type { RowAction } from '../rows/schema.js';
import type { Annotations } from './annotations.js';
import { containsJson, isSameJson } from './same-json.js';
import { mergeMetadata, removeMetadata } from './metadata.js';

/** The fields of an input that can be changed. */
export interface InputState {
  readonly concepts: ReadonlyMap<string, number>;
  readonly metadata: JsonObject;
  readonly geo: GeoPoint | undefined;
  readonly regions: readonly Json[];
}

/** The change that a row asks for. */
export interface RowChange {
  readonly id: string;
  readonly action: RowAction;
  readonly annotations: Annotations;
  /** Top-level keys of the metadata that have a column each; undefined for an empty cell. */
  readonly metadataKeys: ReadonlyMap<string, Json | undefined>;
  /** Fields that are there and hold nothing. */
  readonly cleared: ReadonlySet<string>;
  /** What is removed before the rest is applied. */
  readonly removals?: Annotations | undefined;
}

export function stateOf({ concepts, metadata = {}, geo, regions }: AppInput): InputState {
  return { concepts: new Map(concepts.map(({ id, value }) => [id, value])), metadata, geo, regions };
}

/** The state of an input once a row has been applied to it. */
export function applyRow(before: InputState, row: RowChange): InputState {
  const state = row.removals === undefined ? before : removeAnnotations(before, row.removals);
  switch (row.action) {
    case 'merge':
      return mergeAnnotations(state, annotationsWithKeys(row));
    case 'remove':
      return removeAnnotations(state, annotationsWithKeys(row));
    case 'overwrite':
      return mergeAnnotations(emptyState, annotationsWithKeys(row));
    case 'set':
      return setAnnotations(state, row);
  }
}

const emptyState: InputState = { concepts: new Map(), metadata: {}, geo: undefined, regions: [] };

/** The annotations of a row, with the metadata keys that have columns of their own. */
export function annotationsWithKeys({ annotations, metadataKeys }: RowChange): Annotations {
  const keys = [...metadataKeys].flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  if (keys.length === 0) return annotations;
  return { ...annotations, metadata: { ...annotations.metadata, ...Object.fromEntries(keys) } };
}

/** The state of an input once annotations have been merged into it. */
export function mergeAnnotations(
  state: InputState,
  { concepts = [], metadata = {}, geo, regions = [] }: Annotations,
): InputState {
  return {
    concepts: new Map([...state.concepts, ...concepts.map(({ id, value = 1 }) => [id, value] as const)]),
    metadata: mergeMetadata(state.metadata, metadata),
    geo: geo === undefined ? state.geo : { ...geo.geo_point },
    regions: mergeRegions(state.regions, regions),
  };
}

function removeAnnotations(
  state: InputState,
  { concepts = [], metadata = {}, geo, regions = [] }: Annotations,
): InputState {
  const gone = new Set(concepts.map(({ id }) => id));
  const goneRegions = new Set(regions.flatMap((region) => regionId(region) ?? []));
  return {
    concepts: new Map([...state.concepts].filter(([id]) => !gone.has(id))),
    metadata: removeMetadata(state.metadata, metadata),
    geo: geo === undefined ? state.geo : undefined,
    regions: state.regions.filter((region) => !goneRegions.has(regionId(region) ?? '')),
  };
}

function setAnnotations(state: InputState, row: RowChange): InputState {
  const { concepts = [], geo, regions = [] } = row.annotations;
  const speaksOf = (name: keyof Annotations): boolean => row.annotations[name] !== undefined || row.cleared.has(name);
  return {
    concepts: speaksOf('concepts') ? new Map(concepts.map(({ id, value = 1 }) => [id, value])) : state.concepts,
    metadata: setMetadata(speaksOf('metadata') ? {} : state.metadata, row),
    geo: speaksOf('geo') ? geo && { ...geo.geo_point } : state.geo,
    regions: speaksOf('regions') ? regions : state.regions,
  };
}

function setMetadata(kept: JsonObject, { annotations, metadataKeys }: RowChange): JsonObject {
  const whole = new Map(Object.entries(annotations.metadata ?? kept));
  for (const [key, value] of metadataKeys) {
    if (value === undefined) whole.delete(key);
    else whole.set(key, value);
  }
  return Object.fromEntries(whole);
}

/** Regions by id; those without one are added unless the input has the like. */
function mergeRegions(existing: readonly Json[], added: readonly JsonObject[]): readonly Json[] {
  const missing = added.filter((region) => !existing.some((one) => containsJson(one, region)));
  const replaced = new Set(missing.flatMap((region) => regionId(region) ?? []));
  return [...existing.filter((region) => !replaced.has(regionId(region) ?? '')), ...missing];
}

/** The id of a region; undefined if it has none. */
export function regionId(region: Json): string | undefined {
  const id = isObject(region) ? region['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** True if an input need not be touched to get from one state to the other. */
export function isSameState(a: InputState, b: InputState): boolean {
  return (
    isSameJson(Object.fromEntries(a.concepts), Object.fromEntries(b.concepts)) &&
    isSameJson(a.metadata, b.metadata) &&
    isSameJson({ ...a.geo }, { ...b.geo }) &&
    a.regions.length === b.regions.length &&
    containsJson(a.regions, b.regions)
  );
}
