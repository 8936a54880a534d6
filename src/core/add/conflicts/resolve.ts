import { isTransientCode, type AppInput } from '../../../api/answers.js';
import type { Clock } from '../../../context.js';
import { statusCodes } from '../../../wire/status.js';
import type { ConflictRule, FailedRule } from './rules.js';
import { deleteMany } from '../../changes/delete.js';
import type { AcceptedAs, Candidate, Found, Step } from '../../model/steps.js';
import { stopsReading, type RunControl } from '../../model/run-control.js';
import { unresolvedStep } from '../lookup.js';
import { finalStep, phaseOf, recordStatus } from '../../model/status-catalog.js';
import { editsToMerge } from '../../changes/compare.js';
import { sendAnnotations, type UpdateContext } from '../../changes/send-annotations.js';
import type { IdSource } from '../../ids/id-rules.js';
import { compareContent, compareTextBeside, isIdOfContent, otherContentText } from './compare-content.js';
import type { Summary } from '../summary.js';

export interface ConflictRules {
  readonly onConflict: ConflictRule;
  readonly onFailed: FailedRule;
}

/** Makes steps of what was found, at most 128 at a time. */
export type Resolve = (found: readonly Found[]) => Promise<readonly Step[]>;

export interface ResolveContext extends UpdateContext {
  readonly clock: Clock;
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
export async function* planConflicts(
  steps: AsyncIterable<Step>,
  rules: ConflictRules,
  context: ContentContext,
): AsyncGenerator<Step> {
  for await (const step of steps) {
    if (step.at === 'found') {
      yield* noticeOtherContents(
        step.found.filter((found) => isKept(found, rules)),
        context,
      );
      yield* step.found.map((found) => planStep(found, rules));
    } else yield step;
  }
}

/** Does what the rules say: leaves, fails, patches, or deletes so that the source can be added again. */
export function resolveBy(rules: ConflictRules, context: ResolveContext): Resolve {
  return async (found) => {
    const replaced = found.filter((one) => isReplaced(one, rules));
    const others = found.filter((one) => !replaced.includes(one));
    if (rules.onConflict === 'skip') context.summary.annotationsIgnored += others.filter(hasOtherAnnotations).length;
    const settled =
      rules.onConflict === 'update'
        ? await updateExisting(others, context)
        : others.map(({ candidate, input }) => stepForExisting(candidate, input, rules.onConflict));
    return [
      ...noticeOtherContents(rules.onConflict === 'fail' ? [] : others, context),
      ...settled,
      ...(await replaceExisting(replaced, context)),
    ];
  };
}

type ContentContext = Pick<ResolveContext, 'summary' | 'idFrom'>;

/** Compares what the app has with what is not sent in its favour. */
function noticeOtherContents(found: readonly Found[], { summary, idFrom }: ContentContext): readonly Step[] {
  return found.flatMap((one): readonly Step[] => {
    const isOfContent = isIdOfContent(one.candidate, idFrom);
    const compared = isOfContent ? compareTextBeside(one.candidate, one.input) : compareContent(one);
    if (compared === 'unknown') summary.notCompared += 1;
    if (typeof compared !== 'object') return [];
    const detail = otherContentText(one.input, compared.instead);
    return [{ at: 'notice', notice: 'other-content', source: one.candidate.source, detail }];
  });
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

function isKept(found: Found, rules: ConflictRules): boolean {
  return rules.onConflict !== 'fail' && !isReplaced(found, rules);
}

function hasOtherAnnotations({ candidate, input }: Found): boolean {
  return editsToMerge(input, candidate.input).length > 0;
}

/**
 * The step for a source whose input the app has already, if nothing more is done to it.
 *
 * @param was - `updated` if annotations were merged into it
 */
export function stepForExisting(
  candidate: Candidate,
  input: AppInput,
  onConflict: ConflictRule,
  was: Extract<AcceptedAs, 'exists' | 'updated'> = 'exists',
): Step {
  const { source } = candidate;
  const { id, status } = input;
  if (onConflict === 'fail') {
    const refused = recordStatus(statusCodes.duplicateKey);
    return finalStep({ id, source }, 'failed', refused, true);
  }
  switch (phaseOf(status.code)) {
    case 'ok':
      return finalStep({ id, source }, was, recordStatus(status.code));
    case 'waiting':
      return { at: 'accepted', id, source, was };
    case 'failed': {
      const detail = recordStatus(status.code, status.details || status.description);
      return { ...finalStep({ id, source }, 'failed', detail, true), tries: 0 };
    }
  }
}

/** Merges concepts, metadata and geo into what the app has, where it lacks some. */
async function updateExisting(found: readonly Found[], context: UpdateContext): Promise<readonly Step[]> {
  const updates = found.map(({ candidate, input }) => ({ input, annotations: candidate.input }));
  const results = await sendAnnotations(updates, context);
  return found.map(({ candidate, input }) => {
    const result = results.get(input.id);
    if (result === undefined) return stepForExisting(candidate, input, 'update');
    return result.outcome === 'patched'
      ? stepForExisting(candidate, input, 'update', 'updated')
      : finalStep({ id: input.id, source: candidate.source }, 'failed', result.status, true);
  });
}

/** Deletes what is there and waits until its id is free: then the source goes on as one that is new. */
async function replaceExisting(found: readonly Found[], context: ResolveContext): Promise<readonly Step[]> {
  const byId = new Map(found.map((one) => [one.input.id, one.candidate]));
  const steps: Step[] = [];
  const { service, clock, control } = context;
  const options = { service, clock, stopping: control.signal, waitMs: deleteWaitMs, areKnown: true };
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
