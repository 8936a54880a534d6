import type { WireGeo } from '../../wire/messages.js';
import { lastOfEachId } from '../requests/annotations.js';
import { newId } from '../state/ids.js';
import type { Annotations, StoredConcept, StoredRegion } from '../state/records.js';
import { JsonFields, words } from './json-fields.js';

type ReadAnnotations = (json: unknown, path: string) => Annotations;

const known = {
  concept: words(
    'id name value app_id user_id language created_at definition vocab_id visibility keypoint_info extra_info values ' +
      'workflow_id',
  ),
  geo: words('geo_point geo_limit geo_box'),
  point: words('longitude latitude'),
  region: words('id region_info data value track_id'),
};

/** Concepts, metadata, geo and regions of a `data` object. `readInner` reads the one that a region holds. */
export function readAnnotations(data: JsonFields, readInner: ReadAnnotations): Annotations {
  const concepts = data.list('concepts', readConcept);
  return {
    concepts: concepts && lastOfEachId(concepts),
    metadata: data.struct('metadata'),
    geo: data.nested('geo', readGeo),
    regions: data.list('regions', (json, path) => readRegion(new JsonFields(json, path, known.region), readInner)),
  };
}

function readConcept(json: unknown, path: string): StoredConcept {
  const fields = new JsonFields(json, path, known.concept);
  const id = fields.text('id') ?? '';
  // A value left out is 1 in JSON: the proto's cl_default_float
  return { id, name: fields.text('name') ?? id, value: fields.number('value') ?? 1 };
}

function readGeo(json: unknown, path: string): WireGeo | null {
  return new JsonFields(json, path, known.geo).nested('geo_point', readPoint) ?? null;
}

function readPoint(json: unknown, path: string): WireGeo {
  const fields = new JsonFields(json, path, known.point);
  return { geo_point: { longitude: fields.number('longitude') ?? 0, latitude: fields.number('latitude') ?? 0 } };
}

function readRegion(fields: JsonFields, readInner: ReadAnnotations): StoredRegion {
  return {
    id: fields.text('id') ?? newId(),
    info: fields.struct('region_info'),
    value: fields.number('value'),
    trackId: fields.text('track_id'),
    annotations: fields.nested('data', readInner),
  };
}
