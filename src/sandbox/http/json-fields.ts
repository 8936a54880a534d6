import { isList, isObject, type Json, type JsonObject } from '../../wire/json.js';
import { badFormat } from '../requests/refusals.js';

type Read<T> = (json: unknown, path: string) => T;

// Deeper than any real metadata, shallower than the stack of what walks it
const maxDepth = 100;

/**
 * The fields of a JSON object, read as proto3 reads them: null, an empty string and a missing field are all unset,
 * a name that is not in `known` is refused.
 */
export class JsonFields {
  readonly #json: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(json: unknown, path: string, known: readonly string[]) {
    if (!isObject(json)) throw badFormat(`Expected an object at '${path}'.`);
    if (path.split('.').length > maxDepth) throw badFormat(`Nested more than ${maxDepth} deep.`);
    this.#json = json;
    this.#path = path;
    for (const name of Object.keys(json)) {
      if (!known.includes(name)) throw badFormat(`Invalid json path '${this.#at(name)}' in request.`);
    }
  }

  text(name: string): string | undefined {
    const value = this.#get(name);
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') throw this.#wrong(name, 'a string');
    return value;
  }

  flag(name: string): boolean {
    const value = this.#get(name) ?? false;
    if (typeof value !== 'boolean') throw this.#wrong(name, 'true or false');
    return value;
  }

  /** A number; true and false count as 1 and 0, since official clients send them. */
  number(name: string): number | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (typeof value === 'boolean') return Number(value);
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.#wrong(name, 'a number');
    return value;
  }

  /** The number of an enum's value, given by name or by number. */
  option(name: string, values: Readonly<Record<string, number>>): number | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    const found = Object.entries(values).find(([key, number]) => value === key || value === number);
    if (found === undefined) throw this.#wrong(name, `one of ${Object.keys(values).join(', ')}`);
    return found[1];
  }

  /** Any JSON object. */
  struct(name: string): JsonObject | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (!isObject(value) || !isStruct(value)) throw this.#wrong(name, 'an object');
    return value;
  }

  nested<T>(name: string, read: Read<T>): T | undefined {
    const value = this.#get(name);
    return value === undefined ? undefined : read(value, this.#at(name));
  }

  list<T>(name: string, read: Read<T>): readonly T[] | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (!isList(value)) throw this.#wrong(name, 'a list');
    return value.map((item, index) => read(item, `${this.#at(name)}[${index}]`));
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.#json, name) ? (this.#json[name] ?? undefined) : undefined;
  }

  #at(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #wrong(name: string, wanted: string): Error {
    return badFormat(`Invalid value at '${this.#at(name)}': expected ${wanted}.`);
  }
}

/** A list of names, which is long as an array. */
export function words(text: string): readonly string[] {
  return text.split(' ');
}

/** An item of a list of strings. */
export function textItem(json: unknown, path: string): string {
  if (typeof json !== 'string') throw badFormat(`Invalid value at '${path}': expected a string.`);
  return json;
}

function isStruct(value: Readonly<Record<string, unknown>>): value is JsonObject {
  return Object.values(value).every((item) => isJson(item, maxDepth));
}

function isJson(value: unknown, depth: number): value is Json {
  // 1e999 is read as Infinity, which JSON can't write; all else that JSON.parse makes is JSON
  if (typeof value !== 'object' || value === null) return value !== Infinity && value !== -Infinity;
  return depth > 0 && Object.values(value).every((item) => isJson(item, depth - 1));
}
