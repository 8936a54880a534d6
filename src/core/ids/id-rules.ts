/** How ids are made where none is given. */
export const idSources = ['hash', 'name', 'path', 'uuid', 'server'] as const;
export type IdSource = (typeof idSources)[number];

/** True for 1 to 48 of `A-Z a-z 0-9 _ -`. */
export function isValidId(id: string): boolean {
  return /^[A-Za-z0-9_-]{1,48}$/.test(id);
}

/** True if the same source gets the same id in the next run, so that it can be resumed. */
export function isRepeatable(from: IdSource): boolean {
  return from !== 'uuid' && from !== 'server';
}
