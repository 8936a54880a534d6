import { isList, isObject, type Json, type JsonObject } from '../../wire/json.js';
import { isSameJson } from './same-json.js';

/**
 * Metadata after a merge: objects are merged, other values replaced, null changes nothing. Of a list only the items are
 * added that are not there yet, so that the same rows sent twice double nothing.
 */
export function mergeMetadata(existing: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(existing));
  for (const [key, value] of Object.entries(patch)) {
    if (value !== null) merged.set(key, mergeValue(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function mergeValue(existing: Json | undefined, patch: Json): Json {
  if (isList(patch) && isList(existing) && patch.length > 0) {
    return [...existing, ...patch.filter((item) => !existing.some((one) => isSameJson(one, item)))];
  }
  if (isObject(patch) && isObject(existing) && Object.keys(patch).length > 0) return mergeMetadata(existing, patch);
  return patch;
}

/** Metadata after a removal: `true` takes a key off, an object looks inside it. */
export function removeMetadata(existing: JsonObject, removed: JsonObject): JsonObject {
  const left = new Map(Object.entries(existing));
  for (const [key, value] of Object.entries(removed)) {
    const inside = left.get(key);
    if (value === true) left.delete(key);
    else if (isObject(value) && isObject(inside)) left.set(key, removeMetadata(inside, value));
  }
  return Object.fromEntries(left);
}

/** The removals and merges that turn one metadata into another, as the service applies both. */
export interface MetadataEdits {
  readonly remove: JsonObject;
  readonly merge: JsonObject;
}

/** The fewest keys whose removal and merge turn one metadata into another. */
export function metadataEdits(from: JsonObject, to: JsonObject): MetadataEdits {
  const remove: Record<string, Json> = {};
  const merge: Record<string, Json> = {};
  const put = (into: Record<string, Json>, key: string, value: Json): void => {
    Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
  };
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) put(remove, key, true);
  for (const [key, value] of Object.entries(to)) {
    const edit = valueEdits(Object.hasOwn(from, key) ? from[key] : undefined, value);
    if (edit.remove !== undefined) put(remove, key, edit.remove);
    if (edit.merge !== undefined) put(merge, key, edit.merge);
  }
  return { remove, merge };
}

interface ValueEdits {
  readonly remove?: Json;
  readonly merge?: Json;
}

function valueEdits(from: Json | undefined, to: Json): ValueEdits {
  if (from === undefined) return { merge: to };
  if (isSameJson(from, to)) return {};
  // the service ignores null, so the key is removed
  if (to === null) return { remove: true };
  if (isList(from) && isList(to)) return listEdits(from, to);
  return isObject(from) && isObject(to) ? objectEdits(from, to) : { merge: to };
}

function objectEdits(from: JsonObject, to: JsonObject): ValueEdits {
  // an empty object replaces what a key has
  if (Object.keys(to).length === 0) return { merge: to };
  const { remove, merge } = metadataEdits(from, to);
  return {
    ...(Object.keys(remove).length > 0 && { remove }),
    ...(Object.keys(merge).length > 0 && { merge }),
  };
}

/** The service appends to a list: what is to stand there instead needs the key removed first. */
function listEdits(from: readonly Json[], to: readonly Json[]): ValueEdits {
  if (from.length === 0 || to.length === 0) return { merge: to };
  const isLonger = to.length > from.length && isSameJson(from, to.slice(0, from.length));
  return isLonger ? { merge: to.slice(from.length) } : { remove: true, merge: to };
}
