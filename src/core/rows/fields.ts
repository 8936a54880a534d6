import { isList, isObject, valueAt, type Json, type JsonObject } from '../../wire/json.js';
import { UsageError } from '../../errors.js';
import type { WireConcept, WireGeo } from '../../wire/messages.js';
import {
  geoPoint,
  isTorn,
  mergeConcepts,
  mustBeSendable,
  parseConcept,
  parseMetadata,
  torn,
} from '../model/payload.js';

// One reader for each kind of field that rows have; a cell of CSV is read by the same rules as a flag

/** A text in NDJSON. Throws UsageError. */
export function textOfJson(value: Json): string {
  if (typeof value !== 'string') throw new UsageError('is not a text');
  if (isTorn(value)) throw new UsageError(torn);
  return value;
}

/** Items of a cell: separated by `;`, blank ones left out. */
export function itemsOfCell(text: string): readonly string[] {
  return text
    .split(';')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Concepts of a cell, each as it is spelled everywhere. Throws UsageError. */
export function conceptsOfCell(text: string): readonly WireConcept[] {
  return mergeConcepts(itemsOfCell(text).map(parseConcept));
}

/** Concepts in NDJSON: each as it is spelled everywhere, or as the API spells it. Throws UsageError. */
export function conceptsOfJson(value: Json): readonly WireConcept[] {
  if (!isList(value)) throw new UsageError('is not a list');
  mustBeSendable(value, 'it');
  return mergeConcepts(value.map((item) => (typeof item === 'string' ? parseConcept(item) : conceptOfObject(item))));
}

function conceptOfObject(item: Json): WireConcept {
  if (!isObject(item)) throw new UsageError('holds what is neither a text nor {id, value}');
  const { id, value = 1 } = item;
  if (typeof id !== 'string' || id === '') throw new UsageError('holds a concept without an id');
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
    throw new UsageError(`the value of '${id}' is not a number from 0 to 1`);
  }
  return { id, value };
}

/** Metadata in NDJSON. Throws UsageError. */
export function metadataOfJson(value: Json): JsonObject {
  if (!isObject(value)) throw new UsageError('is not an object');
  mustBeSendable(value, 'it');
  return value;
}

/** Metadata of a cell: a JSON object. Throws UsageError. */
export function metadataOfCell(text: string): JsonObject {
  return parseMetadata(text, 'the cell');
}

/** Geo in NDJSON: `[LON, LAT]`, or as the API spells it. Throws UsageError. */
export function geoOfJson(value: Json): WireGeo {
  const [longitude, latitude, ...rest] = isList(value) ? value : apiPoint(value);
  if (typeof longitude !== 'number' || typeof latitude !== 'number' || rest.length > 0) {
    throw new UsageError('is neither [LON, LAT] nor {"geo_point": {"longitude": LON, "latitude": LAT}}');
  }
  return geoPoint(longitude, latitude);
}

function apiPoint(value: Json): readonly (Json | undefined)[] {
  return [valueAt(value, ['geo_point', 'longitude']), valueAt(value, ['geo_point', 'latitude'])];
}

/** A list of objects in NDJSON, taken as it is. Throws UsageError. */
export function objectsOfJson(value: unknown): readonly JsonObject[] {
  if (!isList(value) || !value.every(isObject)) throw new UsageError('is not a list of objects');
  mustBeSendable(value, 'it');
  return value;
}

/** A list of objects in a cell: JSON. Throws UsageError. */
export function objectsOfCell(text: string): readonly JsonObject[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError('the cell is not JSON', { cause: error });
  }
  return objectsOfJson(value);
}
