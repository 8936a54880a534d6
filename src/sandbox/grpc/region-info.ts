import { fromJson, toJson } from '@bufbuild/protobuf';
import { isList, isObject, type Json, type JsonObject } from '../../wire/json.js';
import { type RegionInfo, RegionInfoSchema } from '../../wire/proto/media_pb.js';
import { decimalOf } from './decimals.js';

/** A region as JSON has it: edges at 0 are printed, and floats are as short as they were written. */
export function regionInfoJson(info: RegionInfo): JsonObject {
  const json = shorten(toJson(RegionInfoSchema, info, { useProtoFieldName: true }));
  const box = info.boundingBox;
  return {
    ...(isObject(json) ? json : {}),
    ...(box && {
      bounding_box: {
        top_row: decimalOf(box.topRow),
        left_col: decimalOf(box.leftCol),
        bottom_row: decimalOf(box.bottomRow),
        right_col: decimalOf(box.rightCol),
      },
    }),
  };
}

/** The message for the JSON of a region; undefined if it is not that of a region. */
export function regionInfoMessage(json: JsonObject): RegionInfo | undefined {
  try {
    return fromJson(RegionInfoSchema, mutable(json), { ignoreUnknownFields: true });
  } catch {
    return undefined;
  }
}

type MutableJson = null | boolean | number | string | MutableJson[] | MutableJsonObject;

interface MutableJsonObject {
  [key: string]: MutableJson;
}

/** A copy that may be changed, which the library asks for. */
export function mutableStruct(json: JsonObject): MutableJsonObject {
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, mutable(value)]));
}

function mutable(json: Json): MutableJson {
  if (isList(json)) return json.map(mutable);
  return isObject(json) ? mutableStruct(json) : json;
}

function shorten(json: Json): Json {
  if (typeof json === 'number') return decimalOf(json);
  if (isList(json)) return json.map(shorten);
  return isObject(json) ? Object.fromEntries(Object.entries(json).map(([key, value]) => [key, shorten(value)])) : json;
}
