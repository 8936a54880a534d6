import { isObject, valueAt } from '../../../src/wire/json.js';
import { UntoldError, type Assumption } from '../assumption.js';
import { Fixture, type Scene } from '../scene.js';
import { codeOf, idsOf, inputsOf, statusText, text } from '../wording.js';
import { firstInputs } from './fixtures.js';
import type { Answer } from '../operations.js';

/** A dataset of this run; made over REST, since the tool's own messages have no call for it. */
export const dataset = new Fixture(async (scene) => {
  const id = scene.datasetId();
  const body = JSON.stringify({ datasets: [{ id }] });
  const answer = await scene.rest.send({ verb: 'POST', path: '/datasets', body });
  if (answer.http !== 200) throw new UntoldError(`POST of a dataset: ${statusText(answer)}`);
  return id;
});

/** The status, then the codes of the inputs. */
function outcomeText(answer: Answer): string {
  const codes = inputsOf(answer, 'dataset_inputs').map(({ input }) => codeOf(isObject(input) ? input : undefined));
  return `${statusText(answer)}: ${codes.join(', ') || 'none'}`;
}

async function join(scene: Scene, ...ids: readonly string[]): Promise<Answer> {
  const datasetInputs = ids.map((id) => ({ input: { id } }));
  return await scene.call('join', { dataset_id: await dataset.of(scene), dataset_inputs: datasetInputs });
}

async function members(scene: Scene): Promise<readonly string[]> {
  const fields = { dataset_id: await dataset.of(scene), page: 1, per_page: 128 };
  const answer = await scene.call('datasetInputs', fields);
  return inputsOf(answer, 'dataset_inputs').map((member) => text(valueAt(member, ['input', 'id'])));
}

/** Which inputs a dataset has. */
export const datasets: readonly Assumption[] = [
  {
    name: 'dataset-listed',
    source: 'F',
    assumed: 'listed',
    probe: async (scene) => {
      const id = await dataset.of(scene);
      const answer = await scene.call('datasets', { page: 1, per_page: 1000 });
      return inputsOf(answer, 'datasets').some((one) => one['id'] === id)
        ? 'listed'
        : `${statusText(answer)}, not listed`;
    },
  },
  {
    name: 'dataset-join',
    source: 'F',
    assumed: '200 10000: 64100',
    probe: async (scene) => outcomeText(await join(scene, (await firstInputs.of(scene)).photo)),
  },
  {
    name: 'dataset-join-some-missing',
    source: 'F',
    assumed: '207 10010',
    probe: async (scene) => statusText(await join(scene, (await firstInputs.of(scene)).text, scene.id('missing'))),
  },
  {
    name: 'dataset-join-by-add',
    source: '3',
    assumed: 'in the dataset',
    probe: async (scene) => {
      const id = await dataset.of(scene);
      const photo = { ...scene.photo('in-dataset'), dataset_ids: [id] };
      await scene.settle(photo);
      const [added = ''] = idsOf({ body: { inputs: [photo] } });
      return (await members(scene)).includes(added) ? 'in the dataset' : 'not in the dataset';
    },
  },
  {
    name: 'dataset-leave',
    source: 'F',
    assumed: '200 10000, and no longer in it',
    probe: async (scene) => {
      const { photo } = await firstInputs.of(scene);
      await join(scene, photo);
      const fields = { dataset_id: await dataset.of(scene), input_ids: [photo] };
      const answer = await scene.call('leave', fields);
      const isIn = (await members(scene)).includes(photo);
      return `${statusText(answer)}, ${isIn ? 'and still in it' : 'and no longer in it'}`;
    },
  },
  {
    name: 'dataset-unknown',
    source: 'F, 9',
    assumed: '404 11101',
    probe: async (scene) => {
      const fields = { dataset_id: `${scene.datasetId()}-missing`, page: 1, per_page: 1 };
      return statusText(await scene.call('datasetInputs', fields));
    },
  },
];
