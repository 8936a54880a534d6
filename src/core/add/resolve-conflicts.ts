import type { Client } from '../../api/policy/delivery.js';
import type { AppInput } from '../../api/answers.js';
import { isTransientCode } from '../../api/policy/retry.js';
import type { Clock } from '../../context.js';
import type { JsonObject } from '../../wire/json.js';
import { statusCodes } from '../../wire/status.js';
import type { ConflictRule, FailedRule } from './conflict-rules.js';
import { deletedMany } from '../changes/delete.js';
import type { Candidate, NewInput, Step } from '../model/steps.js';
import type { Halt } from '../model/run-control.js';
import { finalStep, phaseOf, recordStatus } from '../model/status-catalog.js';
import { changesOf, dataOf } from '../changes/edits.js';
import { patched } from '../changes/send.js';
import type { Summary } from './summary.js';

/** A source whose id the app has already, and what it has there. */
export interface Found {
  readonly candidate: Candidate;
  readonly input: AppInput;
}

export interface Rules {
  readonly onConflict: ConflictRule;
  readonly onFailed: FailedRule;
}

/** Makes steps of what was found, at most 128 at a time. */
export type Resolve = (found: readonly Found[]) => Promise<readonly Step[]>;

export interface Resolving {
  readonly client: Client;
  readonly clock: Clock;
  readonly halt: Halt;
  readonly summary: Summary;
}

/** A delete may take so long until its id is free. Source: the official tests give up after as much. */
const freeingMs = 120_000;

/** True if an input that ended at this code is worth adding once more. */
export function isWorthRetry(code: number): boolean {
  return phaseOf(code) === 'failed' && isTransientCode(code);
}

/** Does what the rules say: leaves, fails, patches, or deletes so that the source can be added again. */
export function resolver(rules: Rules, resolving: Resolving): Resolve {
  return async (found) => {
    const replaced = found.filter((one) => isReplaced(one, rules));
    const others = found.filter((one) => !replaced.includes(one));
    const updated = rules.onConflict === 'update' ? others.filter(({ candidate }) => hasNotes(candidate)) : [];
    const left = others.filter((one) => !updated.includes(one));
    if (rules.onConflict === 'skip') {
      resolving.summary.notesLeft += left.filter(({ candidate }) => hasNotes(candidate)).length;
    }
    return [
      ...left.map(({ candidate, input }) => foundStep(candidate, input, rules.onConflict)),
      ...(await updatedSteps(updated, resolving)),
      ...(await freedSteps(replaced, resolving)),
    ];
  };
}

/** What the rules would come to, without doing it. */
export function planner(rules: Rules): Resolve {
  return (found) =>
    Promise.resolve(
      found.map((one): Step => {
        if (isReplaced(one, rules)) return { at: 'candidate', candidate: one.candidate };
        return foundStep(one.candidate, one.input, rules.onConflict);
      }),
    );
}

function isReplaced({ input }: Found, { onConflict, onFailed }: Rules): boolean {
  if (onConflict === 'replace') return true;
  return onConflict !== 'fail' && onFailed === 'retry' && isWorthRetry(input.status.code);
}

function hasNotes({ input }: Candidate): boolean {
  return Object.keys(notesOf(input)).length > 0;
}

/** All that was given beside the media, by flags, sidecars and rows. */
function notesOf({ concepts, metadata, geo }: NewInput): JsonObject {
  return dataOf({ concepts, metadata, geo }, 'merge');
}

/** What an input that the app has already means for its source, where nothing is done to it. */
export function foundStep(candidate: Candidate, input: AppInput, onConflict: ConflictRule): Step {
  const { source } = candidate;
  const { id, status } = input;
  if (onConflict === 'fail') {
    const refused = recordStatus(statusCodes.inputInvalidArgument, 'the app has this id already');
    return finalStep({ id, source }, 'failed', refused, true);
  }
  switch (phaseOf(status.code)) {
    case 'ok':
      return finalStep({ id, source }, 'exists', recordStatus(status.code));
    case 'waiting':
      return { at: 'accepted', id, source, was: 'exists' };
    case 'failed': {
      const said = recordStatus(status.code, status.details || status.description);
      return { ...finalStep({ id, source }, 'failed', said, true), tries: 0 };
    }
  }
}

/** Merges concepts, metadata and geo into what the app has. */
async function updatedSteps(found: readonly Found[], { client, halt }: Resolving): Promise<readonly Step[]> {
  const byId = new Map(found.map((one) => [one.input.id, one]));
  const changes = found.flatMap(({ candidate, input }) =>
    changesOf(input.id, [{ action: 'merge', data: notesOf(candidate.input) }]),
  );
  const steps: Step[] = [];
  for await (const { id, status, outcome } of patched(stepsOf(changes), { client, halt, width: 1 })) {
    const one = byId.get(id ?? '');
    if (one === undefined) continue;
    const { candidate, input } = one;
    const failed = finalStep({ id, source: candidate.source }, 'failed', status, true);
    steps.push(outcome === 'patched' ? foundStep(candidate, input, 'update') : failed);
  }
  return steps;
}

/** Deletes what is there and waits until its id is free: then the source goes on as one that is new. */
async function freedSteps(found: readonly Found[], resolving: Resolving): Promise<readonly Step[]> {
  const byId = new Map(found.map((one) => [one.input.id, one.candidate]));
  const steps: Step[] = [];
  const { client, clock, halt } = resolving;
  const deleting = { client, clock, stopping: halt.signal, waitMs: freeingMs };
  for await (const { id, status, outcome } of deletedMany([...byId.keys()], deleting)) {
    const candidate = byId.get(id);
    if (candidate === undefined) continue;
    const late = recordStatus('NO_ANSWER', `deleted to be added again, and still there after ${freeingMs / 1000} s`);
    const failed = finalStep({ id, source: candidate.source }, 'failed', outcome === 'failed' ? status : late, true);
    steps.push(outcome === 'deleted' ? { at: 'candidate', candidate } : failed);
  }
  return steps;
}

async function* stepsOf<T>(items: readonly T[]): AsyncGenerator<T> {
  await Promise.resolve();
  yield* items;
}
