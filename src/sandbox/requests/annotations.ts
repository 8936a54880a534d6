import type { WireGeo } from '../../wire/messages.js';
import { Fields, words } from './fields.js';
import type { Notes, StoredConcept, StoredRegion } from '../state/records.js';
import { newId } from '../state/ids.js';

type ReadNotes = (json: unknown, path: string) => Notes;

const known = {
  concept: words(
    'id name value app_id user_id language created_at definition vocab_id visibility keypoint_info extra_info values ' +
      'workflow_id',
  ),
  geo: words('geo_point geo_limit geo_box'),
  point: words('longitude latitude'),
  region: words('id region_info data value track_id'),
};

/** Concepts, metadata, geo and regions of a `data` object. `inner` reads the one that a region holds. */
export function notesOf(data: Fields, inner: ReadNotes): Notes {
  return {
    concepts: lastOfEach(data.list('concepts', conceptOf)),
    metadata: data.struct('metadata'),
    geo: data.nested('geo', geoOf),
    regions: data.list('regions', (json, path) => regionOf(new Fields(json, path, known.region), inner)),
  };
}

/** Whether every value is in its range; an input with one that is not is refused by itself. */
export function areNotesValid({ concepts = [], geo, regions = [] }: Notes): boolean {
  const point = geo?.geo_point;
  return (
    concepts.every(({ id, value }) => id !== '' && value >= 0 && value <= 1) &&
    (point === undefined || (Math.abs(point.longitude) <= 180 && Math.abs(point.latitude) <= 90)) &&
    regions.every(({ notes = {} }) => areNotesValid(notes))
  );
}

function conceptOf(json: unknown, path: string): StoredConcept {
  const fields = new Fields(json, path, known.concept);
  const id = fields.text('id') ?? '';
  // A value left out is 1 in JSON: the proto's cl_default_float
  return { id, name: fields.text('name') ?? id, value: fields.number('value') ?? 1 };
}

function lastOfEach(concepts: readonly StoredConcept[] | undefined): readonly StoredConcept[] | undefined {
  return concepts && [...new Map(concepts.map((concept) => [concept.id, concept])).values()];
}

function geoOf(json: unknown, path: string): WireGeo | null {
  return new Fields(json, path, known.geo).nested('geo_point', pointOf) ?? null;
}

function pointOf(json: unknown, path: string): WireGeo {
  const fields = new Fields(json, path, known.point);
  return { geo_point: { longitude: fields.number('longitude') ?? 0, latitude: fields.number('latitude') ?? 0 } };
}

function regionOf(fields: Fields, inner: ReadNotes): StoredRegion {
  return {
    id: fields.text('id') ?? newId(),
    info: fields.struct('region_info'),
    value: fields.number('value'),
    trackId: fields.text('track_id'),
    notes: fields.nested('data', inner),
  };
}
