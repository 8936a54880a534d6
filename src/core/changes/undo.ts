import type { Client } from '../../api/policy/delivery.js';
import { isObject, valueAt, type AppInput } from '../../api/answers.js';
import { getInputs } from '../../api/rest/inputs.js';
import { maxInputsPerRequest, type Json, type JsonObject } from '../../wire/messages.js';
import type { PatchStep } from './send.js';
import type { RowFile } from '../rows/row-writer.js';

/** Steps that wait for one lookup at most: many may be of the same inputs. */
const maxWaiting = 1000;

/**
 * Lets changes pass once the state that their inputs have now is saved; of each input the first state counts.
 *
 * @param saved - ids whose state is in the file already; those that come to it are added
 */
export async function* savedFirst(
  steps: AsyncIterable<PatchStep>,
  client: Client,
  file: RowFile,
  saved = new Set<string>(),
): AsyncGenerator<PatchStep> {
  let group: PatchStep[] = [];
  let ids = new Set<string>();
  const save = async (): Promise<readonly PatchStep[]> => {
    if (ids.size > 0) await file.write((await getInputs(client, [...ids])).map(undoRow));
    for (const id of ids) saved.add(id);
    const safe = group;
    group = [];
    ids = new Set();
    return safe;
  };
  for await (const step of steps) {
    group.push(step);
    if (!('outcome' in step) && !saved.has(step.id)) ids.add(step.id);
    if (ids.size === maxInputsPerRequest || group.length === maxWaiting) yield* await save();
  }
  yield* await save();
}

/** The row that brings back what an input has now: an overwrite, so that what was absent is absent again. */
function undoRow({ id, raw }: AppInput): JsonObject {
  const data = raw['data'];
  return {
    id,
    action: 'overwrite',
    ...field('concepts', conceptsOf(data)),
    ...field('metadata', valueAt(data, ['metadata'])),
    ...field('geo', geoOf(data)),
    ...field('regions', valueAt(data, ['regions'])),
  };
}

function field(name: string, value: Json | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}

/** As rows spell it: `[LON, LAT]`. */
function geoOf(data: Json | undefined): Json | undefined {
  const longitude = valueAt(data, ['geo', 'geo_point', 'longitude']);
  const latitude = valueAt(data, ['geo', 'geo_point', 'latitude']);
  return longitude === undefined || latitude === undefined ? undefined : [longitude, latitude];
}

/** Of a concept only what a patch may say. */
function conceptsOf(data: Json | undefined): Json | undefined {
  const concepts = valueAt(data, ['concepts']);
  if (!Array.isArray(concepts)) return undefined;
  return concepts.flatMap((concept: Json) => {
    if (!isObject(concept) || concept['id'] === undefined) return [];
    return [{ id: concept['id'], value: concept['value'] ?? 1 }];
  });
}
