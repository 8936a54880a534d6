import { isMessage, ScalarType, toJson, type DescField, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import {
  isReflectList,
  isReflectMap,
  isReflectMessage,
  reflect,
  type ReflectMessage,
} from '@bufbuild/protobuf/reflect';
import { StructSchema, TimestampSchema, type Timestamp } from '@bufbuild/protobuf/wkt';
import { isObject, type Json, type JsonObject } from '../../wire/json.js';

/**
 * Fields that JSON shows even where they are zero or empty; all others are left out then. Source: the proto's option
 * `cl_show_if_empty`.
 */
const alwaysShown: ReadonlySet<string> = new Set([
  ...namesOf('Concept', 'value'),
  ...namesOf('GeoPoint', 'longitude latitude'),
  ...namesOf('GeoLimit', 'value'),
  ...namesOf('BoundingBox', 'top_row left_col bottom_row right_col'),
  ...namesOf('Point', 'row col'),
  ...namesOf('Span', 'char_start char_end'),
  ...namesOf('Token', 'char_start char_end'),
  ...namesOf('FrameInfo', 'index time number'),
  ...namesOf('Color', 'value'),
  ...namesOf('Hit', 'score'),
  ...namesOf('InputCount', 'processed to_process errors processing reindexed to_reindex reindex_errors reindexing'),
  ...namesOf('MultiInputResponse', 'inputs'),
  ...namesOf('MultiConceptResponse', 'concepts'),
]);

function namesOf(message: string, fields: string): readonly string[] {
  return fields.split(' ').map((field) => `${message}.${field}`);
}

/**
 * A message as the REST API prints it. The library's own way differs in what people see: it leaves out a concept's value
 * of 0, prints 0.9 as 0.8999999761581421, and prints large numbers as text.
 */
export function messageToJson<Desc extends DescMessage>(desc: Desc, message: MessageShape<Desc>): JsonObject {
  return reflectedToJson(reflect(desc, message));
}

function reflectedToJson(message: ReflectMessage): JsonObject {
  const json: Record<string, Json> = {};
  for (const { field, isAlwaysShown } of shownFields(message.desc)) {
    if (isAlwaysShown || message.isSet(field)) json[field.name] = valueToJson(message.get(field), field);
  }
  return json;
}

interface ShownField {
  readonly field: DescField;
  readonly isAlwaysShown: boolean;
}

const fieldsByMessage = new WeakMap<DescMessage, readonly ShownField[]>();

/** In the order of their numbers, as the REST API prints them. */
function shownFields(desc: DescMessage): readonly ShownField[] {
  const known = fieldsByMessage.get(desc);
  if (known !== undefined) return known;
  const fields = desc.fields
    .toSorted((one, other) => one.number - other.number)
    .map((field) => ({ field, isAlwaysShown: alwaysShown.has(`${desc.name}.${field.name}`) }));
  fieldsByMessage.set(desc, fields);
  return fields;
}

function valueToJson(value: unknown, field: DescField): Json {
  if (isReflectMessage(value)) return subMessageToJson(value);
  if (isReflectList(value)) return [...value].map((item) => valueToJson(item, field));
  if (isReflectMap(value)) {
    return Object.fromEntries([...value].map(([key, item]) => [String(key), valueToJson(item, field)]));
  }
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : scalarToJson(value, field);
}

function scalarToJson(value: unknown, field: DescField): Json {
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value)) return String(value);
      return field.scalar === ScalarType.FLOAT ? shortestDecimal(value) : value;
    case 'bigint':
      return Number(value);
    case 'string':
    case 'boolean':
      return value;
    default:
      return null;
  }
}

function subMessageToJson(reflected: ReflectMessage): Json {
  const { message } = reflected;
  if (isMessage(message, TimestampSchema)) return formatTime(message);
  if (!isMessage(message, StructSchema)) return reflectedToJson(reflected);
  const struct = toJson(StructSchema, message);
  return isObject(struct) ? struct : {};
}

/** ISO 8601 with as many digits as it takes, three at least. */
function formatTime({ seconds, nanos }: Timestamp): string {
  const toSeconds = new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length);
  const digits = String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '');
  return `${toSeconds}.${digits}Z`;
}

/** Every decimal of so many digits comes back from a 32-bit float; nine tell any of them apart. */
const safeDigits = 6;
const allDigits = 9;

/** The shortest decimal that reads back as the same 32-bit float: 0.9 for what is 0.8999999761581421 as a double. */
function shortestDecimal(value: number): number {
  for (let digits = safeDigits; digits < allDigits; digits += 1) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === value) return decimal;
  }
  return Number(value.toPrecision(allDigits));
}
