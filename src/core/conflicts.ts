/** What becomes of an id that the app has already. */
export const conflictRules = ['skip', 'fail'] as const;
export type ConflictRule = (typeof conflictRules)[number];
