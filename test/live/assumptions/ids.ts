import type { Assumption } from '../assumption.js';
import type { Scene } from '../scene.js';
import { outcomeText, statusText } from '../wording.js';

const maxLength = 48;

/** A name that makes an id of so many characters. */
function nameOf(scene: Scene, length: number): string {
  return 'x'.repeat(length - scene.id('').length);
}

/** Adds one input with an id of its own kind. */
function addingAs(nameIn: (scene: Scene) => string): Assumption['probe'] {
  return async (scene) => outcomeText(await scene.add(scene.photo(nameIn(scene))));
}

const accepted = '200 10000: 30001';
const refused = '400 39999';

/** Which ids the service takes: `^[A-Za-z0-9_-]{1,48}$`, as it is assumed. */
export const ids: readonly Assumption[] = [
  {
    name: 'id-48-characters',
    source: '3.1',
    assumed: accepted,
    probe: addingAs((scene) => nameOf(scene, maxLength)),
  },
  {
    name: 'id-49-characters',
    source: '9',
    assumed: refused,
    probe: addingAs((scene) => nameOf(scene, maxLength + 1)),
  },
  { name: 'id-capitals', source: '3.1', assumed: accepted, probe: addingAs(() => 'ABC_x') },
  { name: 'id-with-dot', source: '3.1', assumed: refused, probe: addingAs(() => 'a.b') },
  { name: 'id-with-space', source: '3.1', assumed: refused, probe: addingAs(() => 'a b') },
  { name: 'id-not-ascii', source: '3.1', assumed: refused, probe: addingAs(() => 'größe') },
  {
    name: 'id-bad-beside-good',
    source: '9',
    assumed: '400 39999, the good one is not stored',
    probe: async (scene) => {
      const good = scene.id('good');
      const answer = await scene.add(scene.photo('good'), scene.photo('not.good'));
      const stored = await scene.lookUp([good]);
      return `${statusText(answer)}, the good one is ${stored.length === 0 ? 'not stored' : 'stored'}`;
    },
  },
];
