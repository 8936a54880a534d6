import { setFlagsFromString } from 'node:v8';

// An upload makes much that lives for a moment and next to nothing that lives longer. V8 starts with a MiB of room for
// such and goes on to 16, twice: 4 collect it in a third of the time that 1 takes, 16 gain little more and cost 30 MiB.

/** Tells V8 to take 4 MiB at once, when it next finds its room too small, and to collect it without other threads' help. */
export function growNewSpaceOnce(): void {
  setFlagsFromString('--semi-space-growth-factor=4');
  // there is next to nothing to share: to wake them takes longer
  setFlagsFromString('--no-parallel-scavenge');
}

/** Tells V8 to leave it at that. To be said again when a thread has started: V8 takes it back then. */
export function keepNewSpace(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
