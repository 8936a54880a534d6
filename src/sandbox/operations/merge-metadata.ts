import { isList, isObject, type Json, type JsonObject } from '../../wire/json.js';

/**
 * Metadata after a merge. Objects are merged, scalars replaced, lists appended; null changes nothing,
 * an empty object or list replaces what the key had.
 */
export function mergedMetadata(former: JsonObject, given: JsonObject): JsonObject {
  const merged = new Map(Object.entries(former));
  for (const [key, value] of Object.entries(given)) {
    if (value !== null) merged.set(key, mergedValue(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

/**
 * Metadata after a removal: `true` takes a key off, an object looks inside it, other scalars replace (as in every
 * action); null, lists and empty objects do nothing.
 */
export function withoutMetadata(former: JsonObject, given: JsonObject): JsonObject {
  const left = new Map(Object.entries(former));
  for (const [key, value] of Object.entries(given)) {
    const old = left.get(key);
    if (value === true) left.delete(key);
    else if (isObject(value)) {
      if (isObject(old)) left.set(key, withoutMetadata(old, value));
    } else if (value !== null && !isList(value)) left.set(key, value);
  }
  return Object.fromEntries(left);
}

function mergedValue(former: Json | undefined, given: Json): Json {
  if (isList(given)) return isList(former) && given.length > 0 ? [...former, ...given] : given;
  if (!isObject(given) || Object.keys(given).length === 0) return given;
  return mergedMetadata(isObject(former) ? former : {}, given);
}
