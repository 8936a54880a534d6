import type { Json, JsonObject } from '../../wire/json.js';
import { rowMetadata, type Row, type RowFields } from './schema.js';

/**
 * A row that could not be read, as `--manifest` and a person read it: what is good of it, and the rest as it stood, so
 * that it fails again until that is corrected.
 */
export function writeRow({ rejected }: Row, fields: RowFields): JsonObject {
  const { id, kind, path, url, text, pattern, geo, allowDuplicateUrl } = fields;
  const good: Readonly<Record<string, Json | undefined>> = {
    id,
    type: kind,
    path,
    url,
    text,
    pattern,
    concepts: fields.concepts?.map((concept) => ({ ...concept })),
    metadata: rowMetadata(fields),
    geo: geo && [geo.geo_point.longitude, geo.geo_point.latitude],
    dataset_ids: fields.datasetIds && [...fields.datasetIds],
    allow_duplicate_url: allowDuplicateUrl,
  };
  const known = Object.entries(good).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return { ...Object.fromEntries(known), ...rejected };
}
