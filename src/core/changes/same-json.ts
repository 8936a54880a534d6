import { isList, isObject, type Json, type JsonObject } from '../../wire/json.js';

/** Equal, numbers as the service keeps them: some of its fields are 32-bit floats. */
export function isSameJson(a: Json, b: Json): boolean {
  return containsJson(a, b) && containsJson(b, a);
}

/** True if all that is wanted is there; objects may hold more. */
export function containsJson(existing: Json, wanted: Json): boolean {
  if (isList(wanted)) {
    return (
      isList(existing) &&
      existing.length === wanted.length &&
      wanted.every((one, valueOfKey) => containsJson(existing[valueOfKey] ?? null, one))
    );
  }
  if (isObject(wanted)) {
    const keys = Object.keys(wanted);
    return (
      isObject(existing) &&
      keys.every((key) => Object.hasOwn(existing, key) && containsJson(at(existing, key), at(wanted, key)))
    );
  }
  if (typeof wanted === 'number' && typeof existing === 'number') return Math.fround(wanted) === Math.fround(existing);
  return existing === wanted;
}

function at(object: JsonObject, key: string): Json {
  return object[key] ?? null;
}
