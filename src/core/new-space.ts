import { setFlagsFromString } from 'node:v8';

/**
 * Tells V8 not to make its room for new objects larger. An upload makes much that lives for a moment and next to
 * nothing that lives longer, so that more room makes nothing faster; it would take another 30 MiB. To be called before
 * much is loaded, and again when a thread has started: V8 takes it back then.
 */
export function keepNewSpaceSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
