import { encodedBytes, envelopeBytes } from '../../api/rest/body.js';
import type { Candidate, Step } from '../model/steps.js';
import type { RequestLimits, RequestSize } from './request-limits.js';

/** Inputs that go in one request. */
export interface Batch {
  readonly at: 'batch';
  readonly candidates: readonly Candidate[];
  readonly size: RequestSize;
}

/** What leaves the cutting: batches, and what needs no sending. */
export type Planned = Exclude<Step, { readonly at: 'candidate' }> | Batch;

/**
 * Cuts candidates into batches, in their order: within the limits as they are by then, and one video each. An input
 * that is larger than a request by itself goes alone, and the service will tell.
 */
export async function* batches(steps: AsyncIterable<Step>, limits: RequestLimits): AsyncGenerator<Planned> {
  const cutter = new Cutter(limits);
  for await (const step of steps) {
    if (step.at === 'candidate') yield* cutter.add(step.candidate);
    else yield step;
  }
  yield* cutter.rest();
}

/** Cuts a batch that was refused, or is too large by now, into at least two; there is no batch of none. */
export function recut({ candidates }: Batch, limits: RequestLimits): readonly Batch[] {
  const cutter = new Cutter(limits);
  const pieces = [...candidates.flatMap((candidate) => [...cutter.add(candidate)]), ...cutter.rest()];
  if (pieces.length > 1 || candidates.length === 1) return pieces;
  const middle = Math.ceil(candidates.length / 2);
  return [batchOf(candidates.slice(0, middle)), batchOf(candidates.slice(middle))];
}

/** A batch of these, whatever its size. */
export function batchOf(candidates: readonly Candidate[]): Batch {
  const bytes = candidates.reduce((sum, { input }) => sum + encodedBytes(input), envelopeBytes);
  return { at: 'batch', candidates, size: { inputs: candidates.length, bytes } };
}

class Cutter {
  readonly #limits: RequestLimits;
  #candidates: Candidate[] = [];
  #bytes = envelopeBytes;
  #hasVideo = false;

  constructor(limits: RequestLimits) {
    this.#limits = limits;
  }

  /** Takes one more; gives the batch before it, if that is full. */
  *add(candidate: Candidate): Generator<Batch> {
    const bytes = encodedBytes(candidate.input);
    const isVideo = candidate.input.kind === 'video';
    const size = { inputs: this.#candidates.length + 1, bytes: this.#bytes + bytes };
    if (!this.#limits.allow(size) || (isVideo && this.#hasVideo)) yield* this.rest();
    this.#candidates.push(candidate);
    this.#bytes += bytes;
    this.#hasVideo ||= isVideo;
  }

  /** What is not given yet, if there is any. */
  *rest(): Generator<Batch> {
    const candidates = this.#candidates;
    if (candidates.length === 0) return;
    yield { at: 'batch', candidates, size: { inputs: candidates.length, bytes: this.#bytes } };
    this.#candidates = [];
    this.#bytes = envelopeBytes;
    this.#hasVideo = false;
  }
}
