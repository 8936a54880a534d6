/** How to treat an id that the app has already. */
export const conflictRules = ['skip', 'fail', 'update', 'replace'] as const;
export type ConflictRule = (typeof conflictRules)[number];

/** How to treat an input that failed at the service for a reason that may pass. */
export const failedRules = ['keep', 'retry'] as const;
export type FailedRule = (typeof failedRules)[number];
