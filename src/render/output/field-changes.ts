import type { Change } from '../../core/changes/edits.js';
import type { InputState } from '../../core/changes/input-state.js';
import { conceptsCell, geoCell } from '../../core/rows/write-cells.js';
import { jsonText } from '../../core/model/json-text.js';
import type { Json, JsonObject } from '../../wire/json.js';

/**
 * What a change makes of its input, a record for each field: the values before and after where they are known, else the
 * values that it brings.
 */
export function fieldChanges({ id, action, data, row }: Change): readonly JsonObject[] {
  if (row === undefined) {
    const side = action === 'remove' ? 'before' : 'after';
    return Object.entries(cellsOfData(data)).map(([field, cell]) => ({ action, id, field, [side]: cell }));
  }
  const [before, after] = [cellsOfState(row.before), cellsOfState(row.after)];
  return Object.keys(after)
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ action: row.asked, id, field, before: before[field] ?? '', after: after[field] ?? '' }));
}

type Cells = Readonly<Record<string, string>>;

function cellsOfState({ concepts, metadata, geo, regions }: InputState): Cells {
  return {
    concepts: conceptsCell([...concepts].map(([id, value]) => ({ id, value }))),
    metadata: jsonCell(metadata),
    geo: geo === undefined ? '' : geoCell({ geo_point: { ...geo } }),
    regions: jsonCell(regions),
  };
}

function cellsOfData({ concepts, metadata, geo, regions }: JsonObject): Cells {
  return {
    ...(concepts !== undefined && { concepts: conceptsCell(concepts) }),
    ...(metadata !== undefined && { metadata: jsonCell(metadata) }),
    ...(geo !== undefined && { geo: geoCell(geo) }),
    ...(regions !== undefined && { regions: jsonCell(regions) }),
  };
}

function jsonCell(value: Json): string {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? '' : jsonText(value);
}
