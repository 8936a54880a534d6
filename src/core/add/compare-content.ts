import type { IdSource } from '../ids/id-rules.js';
import type { Found } from '../model/steps.js';

type Comparison = 'same' | 'other' | 'unknown';

/** Whether the app has the same content under an id, as far as the id, the URL or the text tells. */
export function compareContent({ candidate, input: { media } }: Found, idFrom: IdSource): Comparison {
  const { draft, input } = candidate;
  if (idFrom === 'hash' && draft.id === undefined) return 'same';
  switch (input.content.at) {
    case 'file':
      return 'unknown';
    case 'url':
      return compareWith(
        input.content.url,
        media.flatMap(({ url }) => url ?? []),
      );
    case 'text':
      return compareWith(
        input.content.text,
        media.flatMap(({ text }) => text ?? []),
      );
  }
}

function compareWith(given: string, existing: readonly string[]): Comparison {
  if (existing.length === 0) return 'unknown';
  return existing.includes(given) ? 'same' : 'other';
}
