import type { PatchAction } from '../../wire/messages.js';
import { isList, isObject, valueAt, type Json, type JsonObject } from '../../wire/json.js';

/**
 * True if doing this patch twice is the same as doing it once. It is not where it merges lists of the metadata, which
 * are appended, or regions without an id, which are new ones each time. Source: the service's page on patching.
 */
export function isIdempotentPatch(action: PatchAction, data: JsonObject): boolean {
  if (action !== 'merge') return true;
  const { metadata, regions } = data;
  return !holdsList(metadata) && !(isList(regions) && regions.some(appendsRegion));
}

function appendsRegion(region: Json): boolean {
  return valueAt(region, ['id']) === undefined || holdsList(valueAt(region, ['data', 'metadata']));
}

/** An empty list replaces what was there; a list of something is added to it. */
function holdsList(value: Json | undefined): boolean {
  if (isList(value)) return value.length > 0;
  return isObject(value) && Object.values(value).some(holdsList);
}
