import { isList, isObject, type Json, type JsonObject } from '../../wire/json.js';
import { UsageError } from '../../errors.js';
import type { WireConcept, WireGeo } from '../../wire/messages.js';
import { excerpt } from './excerpt.js';
import type { Payload } from './steps.js';

/** Levels of JSON. Source: how deep the readers of the service's format, protobuf, go by default. */
const maxDepth = 100;

/** A number after the last `=` of a concept. */
const conceptValue = /=\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)$/i;

/**
 * Reads a concept as rows and cells spell it: `NAME` or `NAME=1` is present, `NAME=0` is absent, and a number between
 * them is a value of its own. Only a last number is a value, so a name may hold `=`.
 *
 * @throws UsageError for an empty name, and for a number that is not a value
 */
export function parseConcept(text: string): WireConcept {
  const { name, number } = splitConcept(text);
  if (name === '')
    throw new UsageError(`concept '${excerpt(text)}' has no name`, { hint: 'for example dog, or dog=0' });
  const value = Number(number ?? 1);
  if (value >= 0 && value <= 1) return { id: name, value };
  throw new UsageError(`concept '${excerpt(text)}': ${value} is not a value from 0 to 1`, {
    hint: `write '${excerpt(text.trim())}=1' if the number belongs to the name`,
  });
}

/** Splits at the last `=` if a number follows it. */
function splitConcept(text: string): { readonly name: string; readonly number: string | undefined } {
  const trimmed = text.trim();
  const match = conceptValue.exec(trimmed);
  return { name: normalizeName(trimmed.slice(0, match?.index)), number: match?.[1] };
}

/**
 * Reads a concept as flags and prompts spell it, where it is either present or absent: another number is a mistake.
 *
 * @throws UsageError
 */
export function parseConceptFlag(text: string): WireConcept {
  const { name, number } = splitConcept(text);
  if (number === undefined || number === '0' || number === '1') return parseConcept(text);
  throw new UsageError(`concept '${excerpt(text)}': the value of a concept is 1 (present) or 0 (absent)`, {
    hint: `write '${excerpt(name)}', '${excerpt(name)}=0', or '${excerpt(text.trim())}=1' if the number belongs to the name`,
  });
}

/** A concept as it is spelled everywhere. */
export function conceptText(id: string, value: number): string {
  if (value !== 1) return `${id}=${value}`;
  return conceptValue.test(id) ? `${id}=1` : id;
}

/** A name without blanks around it and in one Unicode form, so that what looks the same is the same. */
export function normalizeName(name: string): string {
  return name.trim().normalize('NFC');
}

/** Concepts of several places as one list; where two speak of one concept, the later one wins. */
export function mergeConcepts(...lists: readonly (readonly WireConcept[])[]): readonly WireConcept[] {
  return [...new Map(lists.flat().map((concept) => [concept.id, concept])).values()];
}

/** One payload over another: concepts and data sets add up, metadata merges by top-level key, the upper one wins. */
export function mergePayload(lower: Payload, upper: Partial<Payload> | undefined): Payload {
  if (upper === undefined) return lower;
  const { concepts = [], metadata, geo = lower.geo, datasetIds = [], textBeside = lower.textBeside } = upper;
  return {
    concepts: mergeConcepts(lower.concepts, concepts),
    metadata: metadata === undefined ? lower.metadata : { ...lower.metadata, ...metadata },
    geo,
    datasetIds: [...new Set([...lower.datasetIds, ...datasetIds])],
    ...(textBeside !== undefined && { textBeside }),
  };
}

/**
 * Reads `LON,LAT`.
 *
 * @throws UsageError for anything else, and for what lies outside -180..180, -90..90
 */
export function parseGeo(text: string): WireGeo {
  const [longitude, latitude, ...rest] = text.split(',').map((part) => part.trim());
  const number = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
  if (longitude === undefined || latitude === undefined || rest.length > 0) {
    throw new UsageError(`geo '${text}' is not LON,LAT`, { hint: 'for example -30,40' });
  }
  if (!number.test(longitude) || !number.test(latitude)) {
    throw new UsageError(`geo '${text}' is not two numbers`, { hint: 'for example -30,40' });
  }
  return geoPoint(Number(longitude), Number(latitude), orderHint);
}

/** For a pair whose numbers may have changed places. */
export const orderHint = 'the longitude comes first';

/** A point on earth. Throws UsageError for what is none. */
export function geoPoint(longitude: number, latitude: number, hint?: string): WireGeo {
  if (!(Math.abs(longitude) <= 180)) throw new UsageError(`longitude ${longitude} is not within -180 and 180`);
  if (!(Math.abs(latitude) <= 90)) {
    throw new UsageError(`latitude ${latitude} is not within -90 and 90`, { hint });
  }
  return { geo_point: { longitude, latitude } };
}

/** Reads a JSON object. Throws UsageError, with the place, for anything else. */
export function parseMetadata(text: string, where: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${where} is not JSON`, { hint: `for example '{"id":"id001"}'`, cause: error });
  }
  if (!isObject(value)) throw new UsageError(`${where} is JSON, but not an object`);
  assertEncodable(value, where);
  return value;
}

/**
 * Throws UsageError for JSON that would not arrive as what it is, or would have the whole request refused: nested so
 * deep that walking it could end the program, numbers that are none any more, texts that are no Unicode.
 */
export function assertEncodable(value: Json, where: string): void {
  let level: readonly Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) throw new UsageError(`${where} is nested more than ${maxDepth} deep`);
    for (const one of level) {
      if (one === Infinity || one === -Infinity) throw new UsageError(`${where} contains a number that is too large`);
      const texts = isObject(one) ? Object.keys(one) : [one];
      if (texts.some((text) => typeof text === 'string' && hasLoneSurrogate(text)))
        throw new UsageError(`${where} ${loneSurrogate}`);
    }
    level = level.flatMap((one) => (isObject(one) || isList(one) ? Object.values(one) : []));
  }
}

/** True for a text with half of a surrogate pair, which JSON can spell (`\\ud800`) and UTF-8 can't. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

/** The reason given for such a text. */
export const loneSurrogate = 'contains half of a surrogate pair, which is not a character';

/** Reads `KEY=VALUE`: a text under a top-level key. Throws UsageError. */
export function parseMeta(text: string): JsonObject {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`'${text}' is not KEY=VALUE`, { hint: 'for example camera=left' });
  return { [text.slice(0, at)]: text.slice(at + 1) };
}
