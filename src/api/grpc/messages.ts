import { create, type JsonObject as StructObject, type JsonValue } from '@bufbuild/protobuf';
import { isObject, type Json, type JsonObject } from '../../wire/json.js';
import { DataSchema, InputSchema, type Data, type Input } from '../../wire/proto/inputs_pb.js';
import { AudioSchema, ImageSchema, TextSchema, VideoSchema } from '../../wire/proto/media_pb.js';
import type { NewAnnotations, NewInput } from '../new-input.js';

/** An input to add, with all but a file's bytes. */
export function inputMessage(input: NewInput): Input {
  const data = annotationData(input);
  const { kind, content } = input;
  if (content.at === 'text') data.text = create(TextSchema, { raw: content.text });
  if (content.at === 'url') {
    const media = { url: content.url, allowDuplicateUrl: content.allowDuplicate };
    setMedia(data, kind, media);
  }
  return create(InputSchema, { id: input.id ?? '', data, datasetIds: [...input.datasetIds] });
}

/** The fields of an input beside its media. */
export function annotationData({ concepts, metadata, geo, textBeside }: NewAnnotations): Data {
  return create(DataSchema, {
    // a value that is left out means 1 in JSON, and 0 here
    concepts: concepts.map(({ id, name = '', value = 1 }) => ({ id, name, value })),
    ...(metadata !== undefined && { metadata: toStruct(metadata) }),
    ...(geo !== undefined && { geo: { geoPoint: { ...geo.geo_point } } }),
    ...(textBeside !== undefined && { text: { raw: textBeside } }),
  });
}

function setMedia(data: Data, kind: NewInput['kind'], media: { url: string; allowDuplicateUrl: boolean }): void {
  switch (kind) {
    case 'image':
      data.image = create(ImageSchema, media);
      break;
    case 'video':
      data.video = create(VideoSchema, media);
      break;
    case 'audio':
      data.audio = create(AudioSchema, media);
      break;
    case 'text':
      data.text = create(TextSchema, media);
  }
}

/** The library takes objects that may be written to; it gets a copy. */
export function toStruct(value: JsonObject): StructObject {
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, toStructValue(field)]));
}

function toStructValue(value: Json): JsonValue {
  if (isObject(value)) return toStruct(value);
  return typeof value === 'object' && value !== null ? value.map((item) => toStructValue(item)) : value;
}
