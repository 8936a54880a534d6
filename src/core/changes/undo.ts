import type { InputsService } from '../../api/service.js';
import type { AppInput } from '../../api/answers.js';
import type { JsonObject } from '../../wire/json.js';
import { maxInputsPerRequest } from '../../wire/messages.js';
import type { PatchStep } from './send.js';
import type { RowFile } from '../rows/row-writer.js';

/** Steps that wait for one lookup at most: many may be of the same inputs. */
const maxWaiting = 1000;

/**
 * Lets changes pass once the state that their inputs have now is saved; of each input the first state counts.
 *
 * @param saved - ids whose state is in the file already; those that come to it are added
 */
export async function* saveBeforeChange(
  steps: AsyncIterable<PatchStep>,
  service: InputsService,
  file: RowFile,
  saved = new Set<string>(),
): AsyncGenerator<PatchStep> {
  let group: PatchStep[] = [];
  let ids = new Set<string>();
  const save = async (): Promise<readonly PatchStep[]> => {
    if (ids.size > 0) await file.write((await service.getInputs([...ids])).map(undoRow));
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
function undoRow({ id, concepts, metadata, geo, regions }: AppInput): JsonObject {
  return {
    id,
    action: 'overwrite',
    // of a concept only what a patch may say
    ...(concepts.length > 0 && { concepts: concepts.map((concept) => ({ id: concept.id, value: concept.value })) }),
    ...(metadata !== undefined && { metadata }),
    // as rows spell it
    ...(geo !== undefined && { geo: [geo.longitude, geo.latitude] }),
    ...(regions.length > 0 && { regions }),
  };
}
