import { pMapIterable } from 'p-map';
import type { Client } from '../api/client.js';
import type { AppInput } from '../api/decode.js';
import { UnavailableError } from '../api/failures.js';
import { getInputs } from '../api/inputs.js';
import { messageOf } from '../errors.js';
import { maxInputsPerRequest } from '../wire/messages.js';
import { statusCodes } from '../wire/status.js';
import type { ConflictRule } from './conflicts.js';
import type { Candidate, Step } from './drafts.js';
import type { Halt } from './halt.js';
import { isRepeatable, type IdSource } from './id-rules.js';
import { finalStep, phaseOf, recordStatus } from './meanings.js';

export interface Lookup {
  readonly client: Client;
  readonly halt: Halt;
  readonly onConflict: ConflictRule;
  readonly idFrom: IdSource;
}

/** Asks which ids the app has, up to 128 a request and one request ahead of the upload, and lets the rest pass. */
export async function* missing(steps: AsyncIterable<Step>, lookup: Lookup): AsyncGenerator<Step> {
  const groups = grouped(steps);
  const looked = pMapIterable(groups, (group) => lookUp(group, lookup), { concurrency: 1, backpressure: 2 });
  for await (const group of looked) yield* group;
}

/** What an input that the app has already means for its source. */
export function foundStep(candidate: Candidate, input: AppInput, onConflict: ConflictRule): Step {
  const { source } = candidate;
  const { id, status } = input;
  const said = status.details || status.description;
  if (onConflict === 'fail') {
    const status = recordStatus(statusCodes.inputInvalidArgument, 'the app has this id already');
    return finalStep({ id, source }, 'failed', status, true);
  }
  switch (phaseOf(status.code)) {
    case 'ok':
      return finalStep({ id, source }, 'exists', recordStatus(status.code));
    case 'waiting':
      return { at: 'accepted', id, source, was: 'exists' };
    case 'failed':
      return finalStep({ id, source }, 'failed', recordStatus(status.code, said), true);
  }
}

/** A source that was read but not sent when the run stopped. */
export function unsentStep(candidate: Candidate, reason = ''): Step {
  const of = { id: candidate.input.id ?? null, source: candidate.source };
  return finalStep(of, 'unsent', recordStatus('NOT_SENT', reason));
}

async function* grouped(steps: AsyncIterable<Step>): AsyncGenerator<readonly Step[]> {
  let group: Step[] = [];
  let candidates = 0;
  for await (const step of steps) {
    group.push(step);
    if (step.at === 'candidate') candidates += 1;
    // a source that is slow to come must not hold back what is known of the others
    if (candidates === maxInputsPerRequest || (candidates === 0 && group.length === maxInputsPerRequest)) {
      yield group;
      group = [];
      candidates = 0;
    }
  }
  if (group.length > 0) yield group;
}

async function lookUp(group: readonly Step[], lookup: Lookup): Promise<readonly Step[]> {
  const ids = group.flatMap((step) => (step.at === 'candidate' ? askedId(step.candidate, lookup.idFrom) : []));
  if (ids.length === 0) return group;
  if (lookup.halt.stopped) return group;
  try {
    const found = new Map((await getInputs(lookup.client, ids)).map((input) => [input.id, input]));
    return group.map((step) => {
      const input = step.at === 'candidate' ? found.get(step.candidate.input.id ?? '') : undefined;
      return step.at === 'candidate' && input !== undefined
        ? foundStep(step.candidate, input, lookup.onConflict)
        : step;
    });
  } catch (error) {
    if (!(error instanceof UnavailableError) || error.persistent) lookup.halt.stop(error);
    return group.map((step) => (step.at === 'candidate' ? unlooked(step.candidate, error) : step));
  }
}

/** An id made for this run alone can't be there. */
function askedId(candidate: Candidate, idFrom: IdSource): readonly string[] {
  const { id } = candidate.input;
  return id !== undefined && (candidate.draft.id !== undefined || isRepeatable(idFrom)) ? [id] : [];
}

function unlooked(candidate: Candidate, error: unknown): Step {
  if (!(error instanceof UnavailableError)) return unsentStep(candidate);
  const of = { id: candidate.input.id ?? null, source: candidate.source };
  return finalStep(of, 'failed', recordStatus('NO_ANSWER', messageOf(error)));
}
