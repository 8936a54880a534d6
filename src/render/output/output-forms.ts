/** How records are printed. */
export const outputForms = ['table', 'json', 'ndjson', 'csv', 'ids'] as const;
export type OutputForm = (typeof outputForms)[number];
