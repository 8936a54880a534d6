import { type Json, isList, isObject, valueAt } from '../../wire/json.js';
import { splitConcept, type ConceptValue } from './fields.js';

// What fields.ts reads from a cell, written

/** The concepts of an input as a cell: separated by `;`, or a JSON array where a name would be misread so. */
export function conceptsCell(concepts: Json | undefined): string {
  if (!isList(concepts)) return '';
  const listed = concepts.flatMap(conceptOf);
  if (!listed.some(({ id }) => /[;=,\r\n]|^\[/.test(id) || !isName(id))) return listed.map(spell).join(';');
  return JSON.stringify(listed.map((concept) => (readsBack(concept) ? spell(concept) : concept)));
}

function conceptOf(concept: Json): readonly ConceptValue[] {
  if (!isObject(concept)) return [];
  const { id, value = 1 } = concept;
  return typeof id === 'string' && id !== '' && typeof value === 'number' ? [{ id, value }] : [];
}

function spell({ id, value }: ConceptValue): string {
  return value === 1 ? id : `${id}=${value}`;
}

/** True for an id that is read as it stands; blanks around it would go. */
function isName(id: string): boolean {
  return splitConcept(id).id === id;
}

function readsBack(concept: ConceptValue): boolean {
  const { id, value } = splitConcept(spell(concept));
  return id === concept.id && value === concept.value;
}

/** A point as a cell: `LON,LAT`. */
export function geoCell(geo: Json | undefined): string {
  const point = valueAt(geo, ['geo_point']);
  if (!isObject(point)) return '';
  const { longitude = 0, latitude = 0 } = point;
  return typeof longitude === 'number' && typeof latitude === 'number' ? `${longitude},${latitude}` : '';
}
