import type { ConceptList } from '../../core/tag/concepts.js';
import type { Tags } from '../../core/tag/input.js';
import { conceptText } from '../../core/model/payload.js';

/** Tags by the names of their concepts, as options spell them: `dog, cat=0`. */
export function formatTags(tags: Tags, list: ConceptList): string {
  if (tags.size === 0) return 'no concepts';
  const names = new Map(list.map(({ id, name }) => [id, name]));
  return [...tags].map(([id, value]) => conceptText(names.get(id) ?? id, value)).join(', ');
}
