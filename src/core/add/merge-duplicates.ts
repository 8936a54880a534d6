import type { AppInput } from '../../api/answers.js';
import { maxInputsPerRequest, type WireConcept } from '../../wire/messages.js';
import { editsToMerge } from '../changes/compare.js';
import { sendAnnotations, type UpdateContext } from '../changes/send-annotations.js';
import type { PatchRecord } from '../changes/send.js';
import { stopsRun } from '../model/run-control.js';
import { phaseOf, recordStatus, statusOfError } from '../model/status-catalog.js';
import type { Duplicate, Final, RecordStatus, Step } from '../model/steps.js';

/** A duplicate whose record waits until its concepts are merged. */
interface HeldDuplicate extends Duplicate {
  readonly step: Final;
}

/**
 * Merges the concepts of duplicates into the inputs that they are duplicates of, once these are in the app: a picture
 * that lies in two class folders is of both classes.
 */
export async function* mergeDuplicates(steps: AsyncIterable<Step>, context: UpdateContext): AsyncGenerator<Step> {
  const held = new Map<string, HeldDuplicate[]>();
  for await (const step of steps) {
    const duplicate = step.at === 'final' ? duplicateToHold(step) : undefined;
    const id = duplicate?.step.record.id ?? undefined;
    if (duplicate === undefined || id === undefined) yield step;
    else held.set(id, [...(held.get(id) ?? []), duplicate]);
  }
  const ids = [...held.keys()];
  for (let from = 0; from < ids.length; from += maxInputsPerRequest) {
    const group = ids.slice(from, from + maxInputsPerRequest).map((id) => [id, held.get(id) ?? []] as const);
    yield* await mergeGroup(new Map(group), context);
  }
}

function duplicateToHold(step: Final): HeldDuplicate | undefined {
  const { duplicate } = step;
  return duplicate === undefined || duplicate.candidate.input.concepts.length === 0
    ? undefined
    : { step, ...duplicate };
}

/** Duplicates by their id. */
type Group = ReadonlyMap<string, readonly HeldDuplicate[]>;

async function mergeGroup(group: Group, context: UpdateContext): Promise<readonly Step[]> {
  const { service, control } = context;
  if (control.isStopped) return endAll(group, recordStatus('NOT_SENT'));
  try {
    const inputs = await service.getInputs([...group.keys()]);
    // what failed or is gone takes no concepts: its own record says so
    const sound = new Map(inputs.filter(({ status }) => phaseOf(status.code) !== 'failed').map((one) => [one.id, one]));
    const updates = [...sound.values()].map((input) => ({
      input,
      annotations: { concepts: conceptsOfAll(group.get(input.id) ?? []) },
    }));
    const results = await sendAnnotations(updates, context);
    return [...group].flatMap(([id, duplicates]) =>
      duplicates.map((duplicate) => mergedStep(duplicate, sound.get(id), results.get(id))),
    );
  } catch (error) {
    if (stopsRun(error)) control.stop(error);
    return endAll(group, statusOfError(error));
  }
}

function conceptsOfAll(duplicates: readonly HeldDuplicate[]): readonly WireConcept[] {
  return duplicates.flatMap(({ candidate }) => candidate.input.concepts);
}

function endAll(group: Group, status: RecordStatus): readonly Step[] {
  return [...group.values()].flat().map((duplicate) => unmergedStep(duplicate, status));
}

function mergedStep(duplicate: HeldDuplicate, input: AppInput | undefined, result: PatchRecord | undefined): Step {
  const { step, candidate, original } = duplicate;
  if (input === undefined) return step;
  if (result?.outcome === 'failed') return unmergedStep(duplicate, result.status);
  const { metadata, geo } = candidate.input;
  const annotationsIgnored = editsToMerge(input, { metadata, geo }).length > 0;
  const rest = annotationsIgnored ? '; its metadata or geo differ and were not sent' : '';
  const status = recordStatus('DUPLICATE', `same content as ${original}; its concepts were merged${rest}`);
  return { ...step, record: { ...step.record, status }, annotationsIgnored };
}

/** The input is there, its concepts are not. */
function unmergedStep({ step, candidate }: HeldDuplicate, status: RecordStatus): Final {
  const outcome = status.name === 'NOT_SENT' ? 'unsent' : 'failed';
  const record = { ...step.record, outcome, status } as const;
  return { at: 'final', record, inApp: true, draft: candidate.draft };
}
