import type { Assumption } from '../assumption.js';
import { outcomeText, statusText } from '../wording.js';
import { settledPhotos } from './fixtures.js';

/** Deletions, of inputs of this run alone. */
export const deleting: readonly Assumption[] = [
  {
    name: 'delete-id-still-taken',
    source: '6',
    assumed: ['200 10000, then 400 10020: 30104', '200 10000, then 400 10020: 40010'],
    probe: async (scene) => {
      await settledPhotos.of(scene);
      const answer = await scene.delete(scene.id('taken'));
      return `${statusText(answer)}, then ${outcomeText(await scene.add(scene.photo('taken')))}`;
    },
  },
  {
    name: 'delete-many',
    source: '6',
    assumed: '200 10000, then gone',
    probe: async (scene) => {
      await settledPhotos.of(scene);
      const ids = [scene.id('gone-1'), scene.id('gone-2')];
      const answer = await scene.delete(...ids);
      await scene.until('still there', async () => (await scene.lookUp(ids)).length === 0);
      return `${statusText(answer)}, then gone`;
    },
  },
  {
    name: 'delete-one',
    source: '6',
    assumed: '200 10000, then 404 11101',
    probe: async (scene) => {
      await settledPhotos.of(scene);
      const id = scene.id('one');
      const answer = await scene.deleteOne(id);
      await scene.until('still there', async () => (await scene.lookUp([id])).length === 0);
      return `${statusText(answer)}, then ${statusText(await scene.get(id))}`;
    },
  },
  {
    name: 'delete-one-missing',
    source: '6',
    assumed: '404 11101',
    probe: async (scene) => statusText(await scene.deleteOne(scene.id('missing'))),
  },
  {
    name: 'delete-many-missing',
    source: '6',
    assumed: '200 10000',
    probe: async (scene) => statusText(await scene.delete(scene.id('missing'), scene.id('missing-too'))),
  },
  {
    name: 'delete-no-ids',
    source: '6',
    assumed: '400 11102, nothing is deleted',
    probe: async (scene) => {
      scene.requireOwnApp();
      await settledPhotos.of(scene);
      const answer = await scene.delete();
      const left = await scene.lookUp([scene.id('left')]);
      return `${statusText(answer)}, ${left.length === 0 ? 'and the app is empty' : 'nothing is deleted'}`;
    },
  },
];
