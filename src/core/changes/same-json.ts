import { isList, isObject, type Json, type JsonObject } from '../../wire/json.js';

/** Equal, numbers as the service keeps them: some of its fields are 32-bit floats. */
export function isSame(a: Json, b: Json): boolean {
  return holds(a, b) && holds(b, a);
}

/** True if all that is wanted is there; objects may hold more. */
export function holds(there: Json, wanted: Json): boolean {
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
