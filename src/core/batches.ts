import { encodedBytes, envelopeBytes } from '../api/body.js';
import type { Candidate, Step } from './drafts.js';

/** The limits of one request. */
export interface BatchLimits {
  readonly maxInputs: number;
  /** Of the encoded body. */
  readonly maxBytes: number;
}

/** Inputs that go in one request. */
export interface Batch {
  readonly at: 'batch';
  readonly candidates: readonly Candidate[];
}

/** What leaves the cutting: batches, and what needs no sending. */
export type Planned = Exclude<Step, { readonly at: 'candidate' }> | Batch;

/**
 * Cuts candidates into batches, in their order: at most so many inputs, so many bytes, and one video. An input that
 * is larger than a request by itself goes alone, and the service will tell.
 */
export async function* batches(steps: AsyncIterable<Step>, limits: BatchLimits): AsyncGenerator<Planned> {
  let batch: Candidate[] = [];
  let bytes = envelopeBytes;
  let videos = 0;
  for await (const step of steps) {
    if (step.at !== 'candidate') {
      yield step;
      continue;
    }
    const { candidate } = step;
    const isVideo = candidate.input.kind === 'video';
    const size = encodedBytes(candidate.input);
    const full = batch.length === limits.maxInputs || bytes + size > limits.maxBytes || (isVideo && videos > 0);
    if (full && batch.length > 0) {
      yield { at: 'batch', candidates: batch };
      batch = [];
      bytes = envelopeBytes;
      videos = 0;
    }
    batch.push(candidate);
    bytes += size;
    if (isVideo) videos += 1;
  }
  if (batch.length > 0) yield { at: 'batch', candidates: batch };
}
