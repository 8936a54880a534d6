import { readFileSync } from 'node:fs';
import { fixture } from '../../harness.js';

/** A piece of the vendor's page. */
export interface Snippet {
  readonly title: string;
  readonly code: string;
}

const ids = { '{YOUR_INPUT_ID}': 'one', '{YOUR_INPUT_ID_1}': 'two', '{YOUR_INPUT_ID_2}': 'three' };

/** The page's snippets for a language, as they stand but for what the reader is to fill in. */
export function pageSnippets(language: 'node' | 'python'): readonly Snippet[] {
  const text = readFileSync(new URL(`${language}-snippets.md`, import.meta.url), 'utf8');
  return [...text.matchAll(/^## (.*)\n\n```\w+\n([^]*?)^```$/gm)].map(([, title = '', code = '']) => ({
    title,
    code: Object.entries({ ...ids, '{YOUR_IMAGE_LOCATION}': fixture('photos', 'flower', 'Daisies.jpg') }).reduce(
      (filled, [blank, value]) => filled.replaceAll(blank, value),
      code,
    ),
  }));
}

/** The ids that the snippets name. */
export const snippetIds: readonly string[] = Object.values(ids);
