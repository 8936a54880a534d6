import type { JsonObject } from '../../../src/wire/json.js';
import { UntoldError, type Assumption } from '../assumption.js';
import type { Answer } from '../operations.js';
import { concept, Fixture } from '../scene.js';
import {
  codeOf,
  conceptsText,
  dataOf,
  idsOf,
  inputsOf,
  jsonText,
  outcomeText,
  regionsText,
  statusText,
} from '../wording.js';
import { settledPhotos, region } from './fixtures.js';

type Tell = (input: JsonObject) => string;

interface Patch {
  readonly action: string;
  readonly data: JsonObject;
}

/** Patches whose answer and effect are looked at, each of a photo with the first data. */
const planned: Patch[] = [];

/** The answers to those patches, each sent by itself, and the photos after all of them, read by one request. */
const patchedPhotos = new Fixture(async (scene) => {
  const subjects = await settledPhotos.of(scene);
  const [ids, answers]: [string[], Answer[]] = [[], []];
  for (const { action, data } of planned) {
    const id = subjects.take();
    ids.push(id);
    answers.push(await scene.patch(action, { id, data }));
  }
  const inputs = await scene.lookUp(ids);
  return { answers, inputs: ids.map((id) => inputs.find((input) => input['id'] === id)) };
});

/** Patches a photo that has the first data, and tells what it has after that. */
function patching(action: string, data: JsonObject, tell: Tell): Assumption['probe'] {
  const index = planned.push({ action, data }) - 1;
  return async (scene) => {
    const { answers, inputs } = await patchedPhotos.of(scene);
    const [answer, input] = [answers[index], inputs[index]];
    if (answer === undefined || input === undefined) throw new UntoldError('the photo was not found');
    return codeOf(inputsOf(answer)[0]) === '30200' ? tell(input) : outcomeText(answer);
  };
}

const toldConcepts: Tell = (input) => conceptsText(dataOf(input, 'concepts'));
const toldMetadata: Tell = (input) => jsonText(dataOf(input, 'metadata'));
const toldGeo: Tell = (input) => jsonText(dataOf(input, 'geo', 'geo_point'));

const patchedUrl = 'https://samples.clarifai.com/metro-north.jpg?patched';

/** How each action changes what an input has. */
export const patchingData: readonly Assumption[] = [
  {
    name: 'patch-answer',
    source: '5',
    assumed: '200 10000: 30200, with all of its data',
    probe: async (scene) => {
      const id = (await settledPhotos.of(scene)).take();
      const answer = await scene.patch('merge', { id, data: { metadata: { word: 'new' } } });
      const concepts = conceptsText(dataOf(inputsOf(answer)[0], 'concepts'));
      return `${outcomeText(answer)}, with ${concepts === 'cat=1 dog=0' ? 'all of its data' : concepts}`;
    },
  },
  {
    name: 'merge-concepts',
    source: '5',
    assumed: 'cat=0 dog=0 bird=1',
    probe: patching('merge', { concepts: [concept('bird', 1), concept('cat', 0)] }, toldConcepts),
  },
  {
    name: 'merge-metadata',
    source: '5',
    assumed: '{"deep":{"one":1,"three":3,"two":"2"},"list":["a"],"word":"old"}',
    probe: patching('merge', { metadata: { deep: { two: '2', three: 3 }, word: null } }, toldMetadata),
  },
  {
    name: 'merge-empty-object',
    source: '5',
    assumed: '{"deep":{},"list":[],"word":"old"}',
    probe: patching('merge', { metadata: { deep: {}, list: [] } }, toldMetadata),
  },
  {
    name: 'merge-list',
    source: '5',
    assumed: '{"deep":{"one":1,"two":2},"list":["a","b"],"word":"old"}',
    probe: patching('merge', { metadata: { list: ['b'] } }, toldMetadata),
  },
  {
    name: 'merge-geo',
    source: '5',
    assumed: '{"latitude":2.5,"longitude":1.5}',
    probe: patching('merge', { geo: { geo_point: { longitude: 1.5, latitude: 2.5 } } }, toldGeo),
  },
  {
    name: 'overwrite-concepts',
    source: '5',
    assumed: 'bird=1',
    probe: patching('overwrite', { concepts: [concept('bird', 1)] }, toldConcepts),
  },
  {
    name: 'overwrite-metadata',
    source: '5',
    assumed: '{"other":1}',
    probe: patching('overwrite', { metadata: { other: 1 } }, toldMetadata),
  },
  {
    name: 'overwrite-erases-rest',
    source: '5',
    assumed: 'no concepts, none, none, the picture is kept',
    probe: patching('overwrite', { metadata: {} }, (input) => {
      const picture = dataOf(input, 'image') === undefined ? 'lost' : 'kept';
      return `${toldConcepts(input)}, ${toldMetadata(input)}, ${toldGeo(input)}, the picture is ${picture}`;
    }),
  },
  {
    name: 'remove-concepts',
    source: '5',
    assumed: 'dog=0',
    probe: patching('remove', { concepts: [concept('cat', 1), concept('absent', 1)] }, toldConcepts),
  },
  {
    name: 'remove-metadata',
    source: '5',
    assumed: '{"deep":{"two":2},"list":["a"]}',
    probe: patching('remove', { metadata: { deep: { one: true }, word: true, absent: true } }, toldMetadata),
  },
  {
    name: 'remove-geo',
    source: '5',
    assumed: 'none',
    probe: patching('remove', { geo: { geo_point: { longitude: -30.5, latitude: 40.25 } } }, toldGeo),
  },
  {
    name: 'patch-media-ignored',
    source: '5',
    assumed: 'ignored',
    probe: patching('merge', { image: { url: patchedUrl } }, (input) =>
      dataOf(input, 'image', 'url') === patchedUrl ? 'patched' : 'ignored',
    ),
  },
];

/** A photo with two regions, for each action. */
const withRegions = new Fixture(async (scene) => {
  const names = ['merge', 'overwrite', 'remove'];
  const regions = [region('r1', 0.125), region('r2', 0.25)];
  await scene.settle(...names.map((name) => scene.photo(`regions-${name}`, { regions })));
});

function patchingRegions(action: string, regions: readonly JsonObject[]): Assumption['probe'] {
  return async (scene) => {
    await withRegions.of(scene);
    const id = scene.id(`regions-${action}`);
    const answer = await scene.patch(action, { id, data: { regions } });
    if (codeOf(inputsOf(answer)[0]) !== '30200') return outcomeText(answer);
    return regionsText(dataOf(await scene.find(id), 'regions'));
  };
}

/** Regions, and patches of what can't be patched. */
export const patchingOthers: readonly Assumption[] = [
  {
    name: 'merge-regions',
    source: '5',
    assumed: 'r1 0.125, r2 0.5, r3 0',
    probe: patchingRegions('merge', [region('r2', 0.5), region('r3', 0)]),
  },
  {
    name: 'overwrite-regions',
    source: '5',
    assumed: 'r3 0.5',
    probe: patchingRegions('overwrite', [region('r3', 0.5)]),
  },
  {
    name: 'remove-regions',
    source: '5',
    assumed: 'r2 0.25',
    probe: patchingRegions('remove', [region('r1', 0.125)]),
  },
  {
    name: 'patch-pending',
    source: '5',
    assumed: '200 10000: 30200, then bird=1',
    probe: async (scene) => {
      const photo = scene.photo('pending');
      await scene.add(photo);
      const id = scene.id('pending');
      const answer = await scene.patch('merge', { id, data: { concepts: [concept('bird', 1)] } });
      await scene.waitUntilSettled([id]);
      return `${outcomeText(answer)}, then ${toldConcepts(await scene.find(id))}`;
    },
  },
  {
    name: 'patch-concept-above-1',
    source: '3',
    assumed: '400 10020: 30104',
    probe: patching('merge', { concepts: [concept('cat', 2)] }, toldConcepts),
  },
  {
    name: 'patch-missing',
    source: '5',
    assumed: '400 10020: 30102',
    probe: async (scene) => {
      const data = { metadata: { word: 'new' } };
      return outcomeText(await scene.patch('merge', { id: scene.id('missing'), data }));
    },
  },
  {
    name: 'patch-some-missing',
    source: '5',
    assumed: '207 10010: 30200, 30102',
    probe: async (scene) => {
      const id = (await settledPhotos.of(scene)).take();
      const data = { metadata: { word: 'new' } };
      return outcomeText(await scene.patch('merge', { id, data }, { id: scene.id('missing'), data }));
    },
  },
  {
    name: 'patch-129-inputs',
    source: '5',
    assumed: '400 11102',
    probe: async (scene) => {
      const ids = Array.from({ length: 129 }, (_, index) => scene.id(`absent-${index}`));
      return statusText(await scene.patch('merge', ...ids.map((id) => ({ id, data: { metadata: { word: 'new' } } }))));
    },
  },
  {
    name: 'patch-unknown-action',
    source: '5',
    assumed: '400 11102',
    probe: async (scene) => {
      const id = (await settledPhotos.of(scene)).take();
      return statusText(await scene.patch('exchange', { id, data: { metadata: { word: 'new' } } }));
    },
  },
  {
    name: 'patch-answer-order',
    source: '2.2',
    assumed: 'as in the request',
    probe: async (scene) => {
      const subjects = await settledPhotos.of(scene);
      const ids = [subjects.take(), subjects.take()];
      const inputs = ids.map((id) => ({ id, data: { metadata: { word: 'new' } } }));
      const order = idsOf(await scene.patch('merge', ...inputs));
      return order.join() === ids.join() ? 'as in the request' : 'in another order';
    },
  },
];
