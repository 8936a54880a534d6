import type { InputsService } from '../../api/service.js';
import { isTransientCode, type AppInput } from '../../api/answers.js';
import type { NewInput } from '../../api/new-input.js';
import type { Clock } from '../../context.js';
import type { JsonObject } from '../../wire/json.js';
import { statusCodes } from '../../wire/status.js';
import type { IdSource } from '../ids/id-rules.js';
import { compareContent } from './compare-content.js';
import type { ConflictRule, FailedRule } from './conflict-rules.js';
import { deleteMany } from '../changes/delete.js';
import type { Candidate, Found, Step } from '../model/steps.js';
import { stopsReading, type RunControl } from '../model/run-control.js';
import { unresolvedStep } from './lookup.js';
import { finalStep, phaseOf, recordStatus } from '../model/status-catalog.js';
import { changesOf, dataOf } from '../changes/edits.js';
import { isSameState, mergeAnnotations, stateOf } from '../changes/input-state.js';
import { sendChanges } from '../changes/send.js';
import type { Summary } from './summary.js';

export interface ConflictRules {
  readonly onConflict: ConflictRule;
  readonly onFailed: FailedRule;
}

/** Makes steps of what was found, at most 128 at a time. */
export type Resolve = (found: readonly Found[]) => Promise<readonly Step[]>;

export interface ResolveContext {
  readonly service: InputsService;
  readonly clock: Clock;
  readonly control: RunControl;
  readonly summary: Summary;
  readonly idFrom: IdSource;
}

/** A delete may take so long until its id is free. Source: the official tests give up after as much. */
const deleteWaitMs = 120_000;

/** True if an input that ended at this code is worth adding once more. */
export function isWorthRetry(code: number): boolean {
  return phaseOf(code) === 'failed' && isTransientCode(code);
}

/** Decides about what the app has already, as the rules say, and lets the rest pass. */
export async function* resolveConflicts(
  steps: AsyncIterable<Step>,
  rules: ConflictRules,
  context: ResolveContext,
): AsyncGenerator<Step> {
  const resolve = resolveBy(rules, context);
  for await (const step of steps) {
    if (step.at === 'found') yield* await resolveOrStop(step.found, resolve, context.control);
    else yield step;
  }
}

/** Plans what the rules would do, without doing it. */
export async function* planConflicts(steps: AsyncIterable<Step>, rules: ConflictRules): AsyncGenerator<Step> {
  for await (const step of steps) {
    if (step.at === 'found') yield* step.found.map((found) => planStep(found, rules));
    else yield step;
  }
}

/** Does what the rules say: leaves, fails, patches, or deletes so that the source can be added again. */
export function resolveBy(rules: ConflictRules, context: ResolveContext): Resolve {
  return async (found) => {
    const replaced = found.filter((one) => isReplaced(one, rules));
    const others = found.filter((one) => !replaced.includes(one));
    const updated = rules.onConflict === 'update' ? others.filter(hasNewAnnotations) : [];
    const left = others.filter((one) => !updated.includes(one));
    if (rules.onConflict === 'skip') {
      context.summary.annotationsIgnored += left.filter(hasNewAnnotations).length;
    }
    if (rules.onConflict !== 'fail') {
      context.summary.notCompared += others.filter((one) => compareContent(one, context.idFrom) === 'unknown').length;
    }
    return [
      ...left.map((one) => leave(one, rules, context)),
      ...(await updateExisting(updated, context)),
      ...(await replaceExisting(replaced, context)),
    ];
  };
}

async function resolveOrStop(found: readonly Found[], resolve: Resolve, control: RunControl): Promise<readonly Step[]> {
  try {
    return await resolve(found);
  } catch (error) {
    if (stopsReading(error)) control.stop(error);
    return found.map(({ candidate }) => unresolvedStep(candidate, error));
  }
}

function planStep(found: Found, rules: ConflictRules): Step {
  const { candidate, input } = found;
  return isReplaced(found, rules)
    ? { at: 'candidate', candidate }
    : stepForExisting(candidate, input, rules.onConflict);
}

function isReplaced({ input }: Found, { onConflict, onFailed }: ConflictRules): boolean {
  if (onConflict === 'replace') return true;
  return onConflict !== 'fail' && onFailed === 'retry' && isWorthRetry(input.status.code);
}

/** True if the input in the app lacks concepts, metadata or geo that were given. */
function hasNewAnnotations({ candidate, input }: Found): boolean {
  const state = stateOf(input);
  return !isSameState(state, mergeAnnotations(state, candidate.input));
}

function leave(found: Found, rules: ConflictRules, { idFrom }: ResolveContext): Step {
  const step = stepForExisting(found.candidate, found.input, rules.onConflict);
  const isOther = step.at === 'final' && compareContent(found, idFrom) === 'other';
  return isOther ? { ...step, otherContent: true } : step;
}

/** All that was given beside the media, by flags, sidecars and rows. */
function annotationsOf({ concepts, metadata, geo }: NewInput): JsonObject {
  return dataOf({ concepts, metadata, geo }, 'merge');
}

/** The step for a source whose input the app has already, if nothing is done to it. */
export function stepForExisting(candidate: Candidate, input: AppInput, onConflict: ConflictRule): Step {
  const { source } = candidate;
  const { id, status } = input;
  if (onConflict === 'fail') {
    const refused = recordStatus(statusCodes.inputInvalidArgument, 'the app already has this ID');
    return finalStep({ id, source }, 'failed', refused, true);
  }
  switch (phaseOf(status.code)) {
    case 'ok':
      return finalStep({ id, source }, 'exists', recordStatus(status.code));
    case 'waiting':
      return { at: 'accepted', id, source, was: 'exists' };
    case 'failed': {
      const detail = recordStatus(status.code, status.details || status.description);
      return { ...finalStep({ id, source }, 'failed', detail, true), tries: 0 };
    }
  }
}

/** Merges concepts, metadata and geo into what the app has. */
async function updateExisting(found: readonly Found[], { service, control }: ResolveContext): Promise<readonly Step[]> {
  const byId = new Map(found.map((one) => [one.input.id, one]));
  const changes = found.flatMap(({ candidate, input }) =>
    changesOf(input.id, [{ action: 'merge', data: annotationsOf(candidate.input) }]),
  );
  const steps: Step[] = [];
  for await (const { id, status, outcome } of sendChanges(stepsOf(changes), { service, control, width: 1 })) {
    const one = byId.get(id ?? '');
    if (one === undefined) continue;
    const { candidate, input } = one;
    const failed = finalStep({ id, source: candidate.source }, 'failed', status, true);
    steps.push(outcome === 'patched' ? updatedStep(stepForExisting(candidate, input, 'update')) : failed);
  }
  return steps;
}

/** What exists and was changed; a failed one stays failed. */
function updatedStep(step: Step): Step {
  if (step.at === 'accepted') return { ...step, was: 'updated' };
  if (step.at !== 'final' || step.record.outcome !== 'exists') return step;
  return { ...step, record: { ...step.record, outcome: 'updated' } };
}

/** Deletes what is there and waits until its id is free: then the source goes on as one that is new. */
async function replaceExisting(found: readonly Found[], context: ResolveContext): Promise<readonly Step[]> {
  const byId = new Map(found.map((one) => [one.input.id, one.candidate]));
  const steps: Step[] = [];
  const { service, clock, control } = context;
  const options = { service, clock, stopping: control.signal, waitMs: deleteWaitMs };
  for await (const { id, status, outcome } of deleteMany([...byId.keys()], options)) {
    const candidate = byId.get(id);
    if (candidate === undefined) continue;
    const late = recordStatus(
      'NO_ANSWER',
      `deleted in order to be replaced, but still there after ${deleteWaitMs / 1000} s`,
    );
    const failed = finalStep({ id, source: candidate.source }, 'failed', outcome === 'failed' ? status : late, true);
    steps.push(outcome === 'deleted' ? { at: 'candidate', candidate } : failed);
  }
  return steps;
}

async function* stepsOf<T>(items: readonly T[]): AsyncGenerator<T> {
  await Promise.resolve();
  yield* items;
}
