/** How long the sandbox takes to index an input, and to delete one, unless told otherwise. */
export const sandboxTimes = { indexMs: 1500, deleteMs: 300 } as const;

/** The key of a sandbox that nobody gave another one; it is no secret. */
export const sandboxKey = 'sandbox';
