import { pMapIterable } from 'p-map';
import { UnavailableError } from '../../api/errors.js';
import type { InputsService } from '../../api/service.js';
import { messageOf } from '../../errors.js';
import { maxInputsPerRequest } from '../../wire/messages.js';
import { isRepeatable, type IdSource } from '../ids/id-rules.js';
import { stopsReading, type RunControl } from '../model/run-control.js';
import { finalStep, recordStatus } from '../model/status-catalog.js';
import type { Candidate, Found, Step } from '../model/steps.js';

export interface LookupOptions {
  readonly service: InputsService;
  readonly control: RunControl;
  readonly idFrom: IdSource;
}

/** Raw bytes of a request that is full: its body holds 128 MB of base64. */
const maxGroupBytes = 96_000_000;
/** How many steps may wait for an answer about a few others among them. */
const maxGroupSteps = 8 * maxInputsPerRequest;

/** Asks which ids the app has, up to 128 a request and one request ahead of the upload, and lets the rest pass. */
export async function* lookUpIds(steps: AsyncIterable<Step>, options: LookupOptions): AsyncGenerator<Step> {
  const groups = groupSteps(steps);
  const lookUp = (group: readonly Step[]): Promise<readonly Step[]> => lookUpGroup(group, options);
  for await (const group of pMapIterable(groups, lookUp, { concurrency: 1, backpressure: 2 })) yield* group;
}

/** A source that was read but not sent when the run stopped. */
export function unsentStep(candidate: Candidate, reason = ''): Step {
  const source = { id: candidate.input.id ?? null, source: candidate.source };
  return finalStep(source, 'unsent', recordStatus('NOT_SENT', reason));
}

/** A source of which it could not be learnt whether the app has it. */
export function unresolvedStep(candidate: Candidate, error: unknown): Step {
  if (!(error instanceof UnavailableError) || error.isOutage) return unsentStep(candidate);
  const source = { id: candidate.input.id ?? null, source: candidate.source };
  return finalStep(source, 'failed', recordStatus('NO_ANSWER', messageOf(error)));
}

/** Limits of one look-up: as many as a request may ask for, or a batch may hold, so that large files need not wait. */
async function* groupSteps(steps: AsyncIterable<Step>): AsyncGenerator<readonly Step[]> {
  let group: Step[] = [];
  let candidates = 0;
  let bytes = 0;
  for await (const step of steps) {
    if (step.at === 'pause') {
      // alone, since what is found of the group comes behind it
      if (group.length > 0) yield group;
      yield [step];
      [group, candidates, bytes] = [[], 0, 0];
      continue;
    }
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

async function lookUpGroup(group: readonly Step[], options: LookupOptions): Promise<readonly Step[]> {
  const ids = group.flatMap((step) => (step.at === 'candidate' ? lookupId(step.candidate, options.idFrom) : []));
  if (ids.length === 0 || options.control.isStopped) return group;
  try {
    const existing = new Map((await options.service.getInputs(ids)).map((input) => [input.id, input]));
    const found: Found[] = [];
    const rest = group.filter((step) => {
      const input = step.at === 'candidate' ? existing.get(step.candidate.input.id ?? '') : undefined;
      if (step.at === 'candidate' && input !== undefined) found.push({ candidate: step.candidate, input });
      return input === undefined;
    });
    return found.length === 0 ? rest : [...rest, { at: 'found', found }];
  } catch (error) {
    if (stopsReading(error)) options.control.stop(error);
    return group.map((step) => (step.at === 'candidate' ? unresolvedStep(step.candidate, error) : step));
  }
}

/** An id made for this run alone can't be there. */
function lookupId({ input, draft }: Candidate, idFrom: IdSource): readonly string[] {
  const { id } = input;
  return id !== undefined && (draft.id !== undefined || isRepeatable(idFrom)) ? [id] : [];
}
