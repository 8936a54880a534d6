import { pMapIterable } from 'p-map';
import type { Client } from '../../api/policy/delivery.js';
import { UnavailableError } from '../../api/errors.js';
import { getInputs } from '../../api/rest/inputs.js';
import { messageOf } from '../../errors.js';
import { maxInputsPerRequest } from '../../wire/messages.js';
import type { Candidate, Step } from '../model/steps.js';
import type { Halt } from '../model/run-control.js';
import { isRepeatable, type IdSource } from '../ids/id-rules.js';
import { finalStep, recordStatus } from '../model/status-catalog.js';
import type { Found, Resolve } from './resolve-conflicts.js';

export interface Lookup {
  readonly client: Client;
  readonly halt: Halt;
  readonly resolve: Resolve;
  readonly idFrom: IdSource;
}

/** Raw bytes of a request that is full: its body holds 128 MB of base64. */
const maxGroupBytes = 96_000_000;
/** Of steps that wait for the answer about a few others among them. */
const maxGroupSteps = 8 * maxInputsPerRequest;

/** Asks which ids the app has, up to 128 a request and one request ahead of the upload, and lets the rest pass. */
export async function* missing(steps: AsyncIterable<Step>, lookup: Lookup): AsyncGenerator<Step> {
  const groups = grouped(steps);
  const looked = pMapIterable(groups, (group) => lookUp(group, lookup), { concurrency: 1, backpressure: 2 });
  for await (const group of looked) yield* group;
}

/** A source that was read but not sent when the run stopped. */
export function unsentStep(candidate: Candidate, reason = ''): Step {
  const of = { id: candidate.input.id ?? null, source: candidate.source };
  return finalStep(of, 'unsent', recordStatus('NOT_SENT', reason));
}

/** As many as a request may ask for, or a batch may hold, so that a batch of large files need not wait for the next. */
async function* grouped(steps: AsyncIterable<Step>): AsyncGenerator<readonly Step[]> {
  let group: Step[] = [];
  let candidates = 0;
  let bytes = 0;
  for await (const step of steps) {
    group.push(step);
    if (step.at === 'candidate') {
      candidates += 1;
      bytes += step.candidate.sizeBytes;
    }
    // a source that is slow to come must not hold back what is known of the others, or memory would grow with these
    const maxSteps = candidates === 0 ? maxInputsPerRequest : maxGroupSteps;
    if (candidates === maxInputsPerRequest || bytes >= maxGroupBytes || group.length === maxSteps) {
      yield group;
      group = [];
      candidates = 0;
      bytes = 0;
    }
  }
  if (group.length > 0) yield group;
}

async function lookUp(group: readonly Step[], lookup: Lookup): Promise<readonly Step[]> {
  const ids = group.flatMap((step) => (step.at === 'candidate' ? askedId(step.candidate, lookup.idFrom) : []));
  if (ids.length === 0) return group;
  if (lookup.halt.stopped) return group;
  try {
    const there = new Map((await getInputs(lookup.client, ids)).map((input) => [input.id, input]));
    const found: Found[] = [];
    const fresh = group.filter((step) => {
      const input = step.at === 'candidate' ? there.get(step.candidate.input.id ?? '') : undefined;
      if (step.at === 'candidate' && input !== undefined) found.push({ candidate: step.candidate, input });
      return input === undefined;
    });
    return found.length === 0 ? fresh : [...fresh, ...(await lookup.resolve(found))];
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
