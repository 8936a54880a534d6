import { createHash } from 'node:crypto';
import type { Step } from '../model/steps.js';

/** One of `count` parts of the sources, counted from 0. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * True if a source falls to this shard: by the first four bytes, big endian, of the SHA-256 of its text, modulo the
 * count. Its text is the id that its row gives it, else the path or URL as it was named, so that nothing of it has to
 * be read, and every machine comes to the same.
 */
export function isInShard(step: Step, shard: Shard | undefined): boolean {
  const text = shard === undefined ? undefined : textOf(step);
  if (shard === undefined || text === undefined) return true;
  return createHash('sha256').update(text).digest().readUInt32BE(0) % shard.count === shard.index;
}

function textOf(step: Step): string | undefined {
  switch (step.at) {
    case 'draft': {
      const { id, media, source } = step.draft;
      return id ?? (media.at === 'text' ? media.text : source);
    }
    case 'final':
      return step.record.source;
    default:
      return undefined;
  }
}
