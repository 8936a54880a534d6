import type { AppInput } from '../../api/answers.js';
import type { InputsService } from '../../api/service.js';
import type { RunControl } from '../model/run-control.js';
import type { Annotations } from './annotations.js';
import { editsToMerge } from './compare.js';
import { changesOf, type Change } from './edits.js';
import { sendChanges, type PatchRecord } from './send.js';

export interface UpdateContext {
  readonly service: InputsService;
  readonly control: RunControl;
}

/** Annotations for an input as it was looked up; one for each input. */
export interface Update {
  readonly input: AppInput;
  readonly annotations: Annotations;
}

/**
 * Merges annotations into inputs that lack some of them.
 *
 * @returns what became of each input that was to be changed, by id; those that had everything are not in it
 */
export async function sendAnnotations(
  updates: readonly Update[],
  { service, control }: UpdateContext,
): Promise<ReadonlyMap<string, PatchRecord>> {
  const changes = updates.flatMap(({ input, annotations }) =>
    changesOf(input.id, editsToMerge(input, { ...annotationsAlone(annotations) })),
  );
  const records = new Map<string, PatchRecord>();
  for await (const record of sendChanges(inOrder(changes), { service, control, width: 1 })) {
    if (record.id !== null) records.set(record.id, record);
  }
  return records;
}

/** Without whatever else the object holds. */
function annotationsAlone({ concepts, metadata, geo }: Annotations): Annotations {
  return { concepts, metadata, geo };
}

async function* inOrder(changes: readonly Change[]): AsyncGenerator<Change> {
  await Promise.resolve();
  yield* changes;
}
