import { emptyPayload, type Draft, type Media } from '../src/core/model/steps.js';

/** A source as it was named, with nothing special about it. */
export function draftOf(source: string, media: Media, more: Partial<Draft> = {}): Draft {
  const plain = { found: false, id: undefined, kind: undefined, payload: emptyPayload, own: undefined };
  return { source, media, ...plain, location: undefined, tries: 0, ...more };
}
