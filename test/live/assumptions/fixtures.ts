import type { JsonObject } from '../../../src/wire/json.js';
import type { Answer } from '../operations.js';
import { concept, Fixture, type Scene } from '../scene.js';
import { codeOf, idsOf, inputsOf, outcomeText } from '../wording.js';

/** A photo and a text from their add to the end of indexing, and the counts before, at once and after. */
export const firstInputs = new Fixture(async (scene) => {
  const before = await scene.call('counts', {});
  const inputs = [scene.photo('photo'), { id: scene.id('text'), data: { text: { raw: textOf(scene) } } }];
  const ids = idsOf({ body: { inputs } });
  const [photo = '', text = ''] = ids;
  const answer = await scene.add(...inputs);
  const [found, during] = [await scene.get(photo), await scene.call('counts', {})];
  const codes = [...inputsOf(answer).map((input) => codeOf(input)), ...(await scene.waitUntilSettled(ids))];
  return { photo, text, ids, answer, found, codes, before, during, after: await scene.call('counts', {}) };
});

/** What the text among the first inputs says. */
export function textOf(scene: Scene): string {
  return `a text of ${scene.id('text')}`;
}

/** Bytes that are no picture, what became of them, and the counts before and after. */
export const brokenInput = new Fixture(async (scene) => {
  const id = scene.id('broken');
  const before = await scene.call('counts', {});
  const base64 = Buffer.from(`not a picture: ${id}`).toString('base64');
  const answer = await scene.add({ id, data: { image: { base64 } } });
  const isTaken = codeOf(inputsOf(answer)[0]) === '30001';
  const codes = isTaken ? await scene.waitUntilSettled([id]) : [];
  const story = isTaken ? `added, then ${codes.at(-1) ?? 'gone'}` : `at once ${outcomeText(answer)}`;
  return { id, story, before, after: await scene.call('counts', {}) };
});

/** Two photos that were added one after the other, and no others after them when they are first asked for. */
export const lastTwo = new Fixture(async (scene) => {
  const [older, newer] = [scene.photo('older'), scene.photo('newer')];
  const answers: Answer[] = [await scene.add(older), await scene.add(newer)];
  const [olderId = '', newerId = ''] = answers.flatMap((answer) => idsOf(answer));
  const newest = idsOf(await scene.call('stream', { per_page: 2, descending: true }));
  return { older: olderId, newer: newerId, newest };
});

/** The data that each photo to be patched has at first. */
export const firstData = {
  concepts: [concept('cat', 1), concept('dog', 0)],
  metadata: { deep: { one: 1, two: 2 }, word: 'old', list: ['a'] },
  geo: { geo_point: { longitude: -30.5, latitude: 40.25 } },
} as const;

const photosToPatch = 18;
const photosToDelete = ['taken', 'one', 'gone-1', 'gone-2', 'left'];

/** Photos with the first data to be patched, each by one probe, and others to be deleted. */
export const settledPhotos = new Fixture(async (scene) => {
  const names = Array.from({ length: photosToPatch }, (_, index) => `patch-${index}`);
  const photos = names.map((name) => scene.photo(name, firstData));
  await scene.settle(...photos, ...photosToDelete.map((name) => scene.photo(name)));
  const ids = [...idsOf({ body: { inputs: photos } })];
  return {
    take: (): string => {
      const id = ids.pop();
      if (id === undefined) throw new Error('too few photos to patch');
      return id;
    },
  };
});

/** A region with its top edge at `top`. */
export function region(id: string, top: number): JsonObject {
  return { id, region_info: { bounding_box: { top_row: top, left_col: 0.25, bottom_row: 0.75, right_col: 0.75 } } };
}
