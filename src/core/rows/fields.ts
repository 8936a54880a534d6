import { type Json, type JsonObject, isList, isObject, valueAt } from '../../wire/json.js';
import { UsageError } from '../../errors.js';
import type { WireConcept, WireGeo } from '../../wire/messages.js';
import {
  assertEncodable,
  geoPoint,
  orderHint,
  hasLoneSurrogate,
  loneSurrogate,
  mergeConcepts,
} from '../model/payload.js';

// One reader for each kind of field that rows have; all throw UsageError

/** A text in JSON. */
export function parseJsonText(value: Json): string {
  if (typeof value !== 'string') throw new UsageError('must be a string');
  if (hasLoneSurrogate(value)) throw new UsageError(loneSurrogate);
  return value;
}

/** A list of texts in JSON. */
export function parseJsonTexts(value: Json): readonly string[] {
  if (!isList(value)) throw new UsageError('is not a list');
  return value.map(parseJsonText);
}

/** Items of a cell: separated by `;`, blank ones left out. */
export function splitCell(text: string, separator: ';' | ',' = ';'): readonly string[] {
  return text
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Concepts of a cell: separated by `;`, or a JSON array where names hold what separates. */
export function parseConceptsCell(text: string): readonly WireConcept[] {
  if (text.startsWith('[')) return parseConcepts(parseJsonCell(text));
  return mergeConcepts(splitCell(text).map(parseRowConcept));
}

/** Concepts of the vendor's own table: names separated by `,`. */
export function parseVendorConcepts(text: string): readonly WireConcept[] {
  if (text.startsWith('[')) return parseConcepts(parseJsonCell(text));
  return mergeConcepts(splitCell(text, ',').map((name) => ({ id: name.normalize('NFC'), value: 1 })));
}

/** Concepts in JSON: each as it is spelled everywhere, or as the API spells it. */
export function parseConcepts(value: Json): readonly WireConcept[] {
  if (!isList(value)) throw new UsageError('is not a list');
  assertEncodable(value, 'it');
  return mergeConcepts(
    value.map((item) => (typeof item === 'string' ? parseRowConcept(item) : parseConceptObject(item))),
  );
}

const decimalNumber = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** A concept as rows spell it: `NAME` is present, `NAME=VALUE` has that value from 0 to 1. */
function parseRowConcept(text: string): WireConcept {
  const { id, value } = splitConcept(text);
  if (id === '') throw new UsageError(`concept '${text}' has no name`);
  return { id, value: conceptValue(value, id) };
}

/** A concept by its id. */
export type ConceptValue = Required<Pick<WireConcept, 'id' | 'value'>>;

/** The name and value of a concept as rows spell it, good or bad. */
export function splitConcept(text: string): ConceptValue {
  const at = text.lastIndexOf('=');
  const last = at < 0 ? '' : text.slice(at + 1);
  const hasValue = decimalNumber.test(last);
  const id = (hasValue ? text.slice(0, at) : text).trim().normalize('NFC');
  return { id, value: hasValue ? Number(last) : 1 };
}

/** A concept with its id, as the API spells it; without a value it is present. */
function parseConceptObject(item: Json): WireConcept {
  if (!isObject(item)) throw new UsageError('contains something that is neither a string nor {id, value}');
  const { id, name, value = 1 } = item;
  if (typeof id !== 'string' || id === '') throw new UsageError('contains a concept without an ID');
  const isNamed = typeof name === 'string' && name !== '' && name !== id;
  return { id, ...(isNamed && { name }), value: conceptValue(value, id) };
}

function conceptValue(value: Json, id: string): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw new UsageError(`the value of '${id}' is not a number from 0 to 1`);
}

/** Metadata in JSON. */
export function parseMetadataJson(value: Json): JsonObject {
  if (!isObject(value)) throw new UsageError('is not an object');
  assertEncodable(value, 'it');
  return value;
}

/** Metadata of a cell: a JSON object. */
export function parseMetadataCell(text: string): JsonObject {
  const value = parseJsonCell(text);
  if (!isObject(value)) throw new UsageError('the cell is JSON, but not an object');
  return value;
}

/** The JSON of a cell. Programs in Python at times print their own notation instead. */
export function parseJsonCell(text: string): JsonObject | readonly Json[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const hint = /^[[{]\s*'/.test(text) ? 'this is how Python prints it: write it with json.dumps' : undefined;
    throw new UsageError('the cell is not JSON', { cause: error, hint });
  }
  if (!isObject(value) && !isList(value)) throw new UsageError('the cell is JSON, but not an object or a list');
  assertEncodable(value, 'the cell');
  return value;
}

/** Geo in JSON: `[LON, LAT]`, or as the API spells it. */
export function parseGeoJson(value: Json): WireGeo {
  const [longitude, latitude, ...rest] = isList(value) ? value : apiPoint(value);
  if (typeof longitude !== 'number' || typeof latitude !== 'number' || rest.length > 0) {
    throw new UsageError('is neither [LON, LAT] nor {"geo_point": {"longitude": LON, "latitude": LAT}}');
  }
  return geoPoint(longitude, latitude, orderHint);
}

function apiPoint(value: Json): readonly (Json | undefined)[] {
  return [valueAt(value, ['geo_point', 'longitude']), valueAt(value, ['geo_point', 'latitude'])];
}

/** As spreadsheets of half of the world save numbers; a cell holds a single one, so a comma separates nothing else. */
const decimalComma = /^(\s*[+-]?\d+),(\d+\s*)$/;

/** A number of a cell. */
export function parseNumberCell(text: string): number {
  const number = text.replace(decimalComma, '$1.$2');
  if (!decimalNumber.test(number)) throw new UsageError(`'${text}' is not a number`);
  return Number(number);
}

/** A list of objects in JSON, taken as it is. */
export function parseObjects(value: Json): readonly JsonObject[] {
  if (!isList(value) || !value.every(isObject)) throw new UsageError('is not a list of objects');
  assertEncodable(value, 'it');
  return value;
}

/** A count in JSON or a cell. */
export function parseCount(value: Json): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new UsageError('must be an integer');
  }
  return value;
}

/** One of some words. */
export function parseChoice<T extends string>(text: string, choices: readonly T[]): T {
  const choice = choices.find((word) => word === text.toLowerCase());
  if (choice === undefined) throw new UsageError(`'${text}' is not one of ${choices.join(', ')}`);
  return choice;
}

/** An id of a cell, unless a spreadsheet took it for a number and wrote that in its own way. */
export function parseIdCell(text: string): string {
  if (/^\d+(?:[.,]\d+)?e[+-]\d+$/i.test(text)) {
    throw new UsageError(`a spreadsheet rewrote the ID as the number ${text}`, {
      hint: 'format the column as text, then import the IDs again',
    });
  }
  return text;
}
