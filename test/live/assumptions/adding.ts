import { isObject, valueAt, type JsonObject } from '../../../src/wire/json.js';
import type { Assumption } from '../assumption.js';
import type { Answer } from '../operations.js';
import type { Scene } from '../scene.js';
import { idsOf, inputOf, inputsOf, outcomeText, statusText } from '../wording.js';
import { brokenInput, firstInputs } from './fixtures.js';

/** How many inputs of a job succeeded: as a number or a text, since the contract leaves open which. */
function jobText(answer: Answer): string {
  const progress = valueAt(answer.body, ['inputs_add_job', 'progress']);
  const counts = isObject(progress) ? Object.entries(progress).filter(([, count]) => Number(count) > 0) : [];
  const texts = counts.map(([name, count]) => `${Number(count)} ${name.replace('_count', '')}`);
  return `${statusText(answer)}, ${texts.join(' ') || 'no counts'}`;
}

const added = '200 10000: 30001';
const refused = '400 10020: 30104';

/** Adds one input of no other kind, and tells the service's answer. */
function addingOne(name: string, dataOf: (scene: Scene) => JsonObject): Assumption['probe'] {
  return async (scene) => outcomeText(await scene.add({ id: scene.id(name), data: dataOf(scene) }));
}

/** Adds one input after another, and tells the answer to the last. */
function addingTwo(name: string, dataOf: (scene: Scene, index: number) => JsonObject): Assumption['probe'] {
  return async (scene) => {
    const inputs = [0, 1].map((index) => ({ id: scene.id(`${name}-${index}`), data: dataOf(scene, index) }));
    const answers = [];
    for (const input of inputs) answers.push(outcomeText(await scene.add(input)));
    return answers.at(-1) ?? '';
  };
}

/** How adds are answered, and what becomes of what was added. */
export const adding: readonly Assumption[] = [
  {
    name: 'add-is-pending',
    source: '2.2',
    assumed: '200 10000: 30001, 30001',
    probe: async (scene) => outcomeText((await firstInputs.of(scene)).answer),
  },
  {
    name: 'add-answer-order',
    source: '2.2',
    assumed: 'as in the request',
    probe: async (scene) => {
      const { answer, ids } = await firstInputs.of(scene);
      return idsOf(answer).join() === ids.join() ? 'as in the request' : 'in another order';
    },
  },
  {
    name: 'add-found-at-once',
    source: '9',
    assumed: '200 10000, found',
    probe: async (scene) => {
      const { found } = await firstInputs.of(scene);
      return `${statusText(found)}, ${inputOf(found) === undefined ? 'not found' : 'found'}`;
    },
  },
  {
    name: 'add-states',
    source: '4.2',
    assumed: 'none but 30001, 30003 and 30000',
    probe: async (scene) => {
      const others = (await firstInputs.of(scene)).codes.filter((code) => !/^3000[013]$/.test(code));
      return others.length === 0 ? 'none but 30001, 30003 and 30000' : `also ${[...new Set(others)].join(', ')}`;
    },
  },
  {
    name: 'add-names-no-job',
    source: '2.2',
    assumed: 'no job unless one is named',
    probe: async (scene) => {
      const { answer } = await firstInputs.of(scene);
      return answer.body['inputs_add_job'] === undefined ? 'no job unless one is named' : 'a job';
    },
  },
  {
    name: 'add-taken-id',
    source: '9',
    assumed: ['400 10020: 30104', '400 10020: 40010'],
    probe: async (scene) => {
      const { photo } = await firstInputs.of(scene);
      return outcomeText(await scene.add({ id: photo, data: { image: { base64: scene.picture() } } }));
    },
  },
  {
    name: 'add-mixed',
    source: '2.2',
    assumed: ['207 10010: 30001, 30104', '207 10010: 30001, 40010'],
    probe: async (scene) => {
      const taken = { id: (await firstInputs.of(scene)).photo, data: { image: { base64: scene.picture() } } };
      return outcomeText(await scene.add(scene.photo('mixed'), taken));
    },
  },
  {
    name: 'add-id-twice',
    source: '9',
    assumed: ['207 10010: 30001, 30104', '207 10010: 30001, 40010'],
    probe: async (scene) => outcomeText(await scene.add(scene.photo('twice'), scene.photo('twice'))),
  },
  {
    name: 'add-same-bytes',
    source: '3.1',
    assumed: added,
    probe: async (scene) => {
      const image = { base64: scene.picture() };
      return await addingTwo('same-bytes', () => ({ image }))(scene);
    },
  },
  {
    name: 'add-same-url',
    source: '9',
    assumed: '400 10020: 30100',
    probe: addingTwo('same-url', (scene) => ({ image: { url: scene.url('same') } })),
  },
  {
    name: 'add-same-url-allowed',
    source: '3.1',
    assumed: added,
    probe: addingTwo('allowed', (scene, index) => ({
      image: { url: scene.url('allowed'), ...(index > 0 && { allow_duplicate_url: true }) },
    })),
  },
  {
    name: 'add-same-url-in-request',
    source: '9',
    assumed: '207 10010: 30001, 30100',
    probe: async (scene) => {
      const image = { url: scene.url('request') };
      const inputs = ['url-1', 'url-2'].map((name) => ({ id: scene.id(name), data: { image } }));
      return outcomeText(await scene.add(...inputs));
    },
  },
  {
    name: 'add-not-a-url',
    source: '9',
    assumed: '400 10020: 30106',
    probe: addingOne('no-url', () => ({ image: { url: 'abc' } })),
  },
  {
    name: 'add-ftp-url',
    source: '9',
    assumed: '400 10020: 30106',
    probe: addingOne('ftp', () => ({ image: { url: 'ftp://samples.clarifai.com/metro-north.jpg' } })),
  },
  {
    name: 'add-empty-url',
    source: '9',
    assumed: refused,
    probe: addingOne('empty-url', () => ({ image: { url: '' } })),
  },
  {
    name: 'add-without-media',
    source: '9',
    assumed: refused,
    probe: addingOne('no-media', () => ({ metadata: { word: 'alone' } })),
  },
  {
    name: 'add-url-and-bytes',
    source: '9',
    assumed: refused,
    probe: addingOne('both', (scene) => ({ image: { url: scene.url('both'), base64: scene.picture() } })),
  },
  {
    name: 'add-not-a-picture',
    source: '9',
    assumed: ['added, then 30101', 'added, then 30300'],
    probe: async (scene) => (await brokenInput.of(scene)).story,
  },
  {
    name: 'add-129-inputs',
    source: '9',
    assumed: ['400 39999, none stored', '400 11102, none stored'],
    probe: async (scene) => {
      const inputs = Array.from({ length: 129 }, (_, index) => scene.photo(`many-${index}`));
      const answer = await scene.add(...inputs);
      const stored = await scene.lookUp(idsOf({ body: { inputs } }).slice(0, 128));
      return `${statusText(answer)}, ${stored.length === 0 ? 'none' : String(stored.length)} stored`;
    },
  },
  {
    name: 'add-5-mb',
    source: 'gRPC A4, A5',
    assumed: added,
    probe: addingOne('large', (scene) => ({ image: { base64: scene.picture(5_000_000) } })),
  },
  {
    name: 'job-counts',
    source: '2',
    assumed: '200 10000, 1 success',
    probe: async (scene) => {
      const jobId = scene.id('job');
      const answer = await scene.call('add', { inputs: [scene.photo('in-job')], inputs_add_job_id: jobId });
      await scene.waitUntilSettled(idsOf({ body: { inputs: inputsOf(answer) } }));
      return jobText(await scene.call('job', { id: jobId }));
    },
  },
  {
    name: 'job-unknown',
    source: '9',
    assumed: '404 11101',
    probe: async (scene) => statusText(await scene.call('job', { id: scene.id('no-job') })),
  },
];
