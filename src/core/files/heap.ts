import { setFlagsFromString } from 'node:v8';

// An upload makes much that lives for a moment and next to nothing that lives longer. V8 starts with a MiB of room for
// what is new and goes on to 16, twice: 4 collect it in a third of the time that 1 takes, 16 gain little more and cost
// 30 MiB. What outlived its moment it lets grow to some 60 MiB before it looks whether anybody still needs it.

/** Tells V8 to grow its heap as an upload needs it. To be called before much is loaded, and `keepNewSpace` after that. */
export function limitHeapGrowth(): void {
  setFlagsFromString('--semi-space-growth-factor=4');
  // there is next to nothing to share: to wake other threads takes longer
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--heap-growing-percent=60');
}

/** Tells V8 to leave the room for what is new as it is. To be said again when a thread has started: V8 forgets it then. */
export function pinYoungGeneration(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
