import type { Pages } from './select.js';

/** In how many inputs a concept is present and absent. */
export interface ConceptCount {
  /** Null for the inputs that have no concept at all. */
  readonly id: string | null;
  readonly name: string;
  readonly present: number;
  readonly absent: number;
}

/** Counts inputs per concept, the largest first; inputs without any concept come last. */
export async function countConcepts(pages: Pages): Promise<readonly ConceptCount[]> {
  const counts = new Map<string, { id: string; name: string; present: number; absent: number }>();
  let untagged = 0;
  for await (const page of pages) {
    untagged += page.filter(({ concepts }) => concepts.length === 0).length;
    for (const { id, name, value } of page.flatMap(({ concepts }) => concepts)) {
      const count = counts.get(id) ?? { id, name, present: 0, absent: 0 };
      if (value === 0) count.absent += 1;
      else count.present += 1;
      counts.set(id, count);
    }
  }
  const sorted = [...counts.values()].toSorted(
    (a, b) => b.present - a.present || b.absent - a.absent || (a.id < b.id ? -1 : 1),
  );
  return [...sorted, { id: null, name: '(untagged)', present: untagged, absent: 0 }];
}
