import type { RequestSizes } from '../../api/service.js';
import type { Candidate, Step } from '../model/steps.js';
import type { RequestLimits, RequestSize } from './request-limits.js';

/** Inputs that go in one request. */
export interface Batch {
  readonly at: 'batch';
  readonly candidates: readonly Candidate[];
  readonly size: RequestSize;
}

/** The batcher's output: batches, and steps that need no upload. */
export type BatchStep = Exclude<Step, { readonly at: 'candidate' | 'pause' }> | Batch;

/**
 * Cuts candidates into batches, in their order: within the limits as they are by then, and one video each. An input
 * that is larger than a request by itself goes alone, and the service will tell.
 */
export async function* batchInputs(steps: AsyncIterable<Step>, limits: RequestLimits): AsyncGenerator<BatchStep> {
  const batcher = new Batcher(limits);
  for await (const step of steps) {
    if (step.at === 'candidate') yield* batcher.add(step.candidate);
    else if (step.at === 'pause') yield* batcher.rest();
    else yield step;
  }
  yield* batcher.rest();
}

/** Cuts a batch that was refused, or is too large by now, into at least two; no batch is empty. */
export function splitBatch({ candidates }: Batch, limits: RequestLimits): readonly Batch[] {
  const batcher = new Batcher(limits);
  const pieces = [...candidates.flatMap((candidate) => [...batcher.add(candidate)]), ...batcher.rest()];
  if (pieces.length > 1 || candidates.length === 1) return pieces;
  const { sizes } = limits;
  const middle = Math.ceil(candidates.length / 2);
  return [batchOf(candidates.slice(0, middle), sizes), batchOf(candidates.slice(middle), sizes)];
}

/** A batch of these, whatever its size. */
export function batchOf(candidates: readonly Candidate[], sizes: RequestSizes): Batch {
  const bytes = candidates.reduce((sum, { input }) => sum + sizes.sizeOf(input), sizes.emptyRequestBytes);
  return { at: 'batch', candidates, size: { inputs: candidates.length, bytes } };
}

class Batcher {
  readonly #limits: RequestLimits;
  #candidates: Candidate[] = [];
  #bytes: number;
  #hasVideo = false;

  constructor(limits: RequestLimits) {
    this.#limits = limits;
    this.#bytes = limits.sizes.emptyRequestBytes;
  }

  /** Takes one more; gives the batch before it, if that is full. */
  *add(candidate: Candidate): Generator<Batch> {
    const bytes = this.#limits.sizes.sizeOf(candidate.input);
    const isVideo = candidate.input.kind === 'video';
    const size = { inputs: this.#candidates.length + 1, bytes: this.#bytes + bytes };
    if (!this.#limits.allow(size) || (isVideo && this.#hasVideo)) yield* this.rest();
    this.#candidates.push(candidate);
    this.#bytes += bytes;
    this.#hasVideo ||= isVideo;
  }

  /** Returns the unfinished batch, if there is one. */
  *rest(): Generator<Batch> {
    const candidates = this.#candidates;
    if (candidates.length === 0) return;
    yield { at: 'batch', candidates, size: { inputs: candidates.length, bytes: this.#bytes } };
    this.#candidates = [];
    this.#bytes = this.#limits.sizes.emptyRequestBytes;
    this.#hasVideo = false;
  }
}
