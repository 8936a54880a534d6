import type { Annotations, StoredConcept } from '../state/records.js';

/** Whether every value is in its range; an input with one that is not is refused by itself. */
export function areAnnotationsValid({ concepts = [], geo, regions = [] }: Annotations): boolean {
  const point = geo?.geo_point;
  return (
    concepts.every(({ id, value }) => id !== '' && value >= 0 && value <= 1) &&
    (point === undefined || (Math.abs(point.longitude) <= 180 && Math.abs(point.latitude) <= 90)) &&
    regions.every(({ annotations = {} }) => areAnnotationsValid(annotations))
  );
}

/** One concept for each id: the last one that was given. */
export function lastOfEachId(concepts: readonly StoredConcept[]): readonly StoredConcept[] {
  return [...new Map(concepts.map((concept) => [concept.id, concept])).values()];
}
