import { isList, isObject, type Json, type JsonObject } from '../../wire/json.js';

/**
 * Metadata after a merge. Objects are merged, scalars replaced, lists appended; null changes nothing,
 * an empty object or list replaces what the key had.
 */
export function mergeMetadata(current: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(current));
  for (const [key, value] of Object.entries(patch)) {
    if (value !== null) merged.set(key, mergeValue(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

/**
 * Metadata after a removal: `true` takes a key off, an object looks inside it, other scalars replace (as in every
 * action); null, lists and empty objects do nothing.
 */
export function removeMetadata(current: JsonObject, patch: JsonObject): JsonObject {
  const left = new Map(Object.entries(current));
  for (const [key, value] of Object.entries(patch)) {
    const old = left.get(key);
    if (value === true) left.delete(key);
    else if (isObject(value)) {
      if (isObject(old)) left.set(key, removeMetadata(old, value));
    } else if (value !== null && !isList(value)) left.set(key, value);
  }
  return Object.fromEntries(left);
}

function mergeValue(current: Json | undefined, patch: Json): Json {
  if (isList(patch)) return isList(current) && patch.length > 0 ? [...current, ...patch] : patch;
  if (!isObject(patch) || Object.keys(patch).length === 0) return patch;
  return mergeMetadata(isObject(current) ? current : {}, patch);
}
