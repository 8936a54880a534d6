import { countNames } from '../../../src/wire/messages.js';
import { isObject, valueAt } from '../../../src/wire/json.js';
import type { Assumption } from '../assumption.js';
import type { Answer } from '../operations.js';
import { idsOf, inputsOf, statusText } from '../wording.js';
import { brokenInput, firstInputs, lastTwo, settledPhotos } from './fixtures.js';

/** Far more than any app has, and less than a page number may be. */
const pagePastEnd = 1_000_000;

function count(answer: Answer, name: string): number {
  const { counts } = answer.body;
  return Number(isObject(counts) ? counts[name] : Number.NaN);
}

function countAll(answer: Answer, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + count(answer, name), 0);
}

/** Tells two ids of an answer by what they are. */
async function orderOf(scene: Parameters<Assumption['probe']>[0], ids: readonly string[]): Promise<string> {
  const { older, newer } = await lastTwo.of(scene);
  const names = new Map([
    [older, 'older'],
    [newer, 'newer'],
  ]);
  return ids.map((id) => names.get(id) ?? 'another').join(', ') || 'none';
}

/** Counts; before all else, since what others add would be counted too. */
export const counting: readonly Assumption[] = [
  {
    name: 'counts-all-printed',
    source: '2.2',
    assumed: 'all eight',
    probe: async (scene) => {
      const { counts } = (await firstInputs.of(scene)).before.body;
      const printed = countNames.filter((name) => isObject(counts) && typeof counts[name] === 'number');
      return printed.length === countNames.length ? 'all eight' : `only ${printed.join(', ') || 'none'}`;
    },
  },
  {
    name: 'counts-while-indexing',
    source: '2.2',
    assumed: '2 more in to_process, processing and processed',
    probe: async (scene) => {
      scene.requireOwnApp();
      const { before, during } = await firstInputs.of(scene);
      const names = ['to_process', 'processing', 'processed'];
      return `${countAll(during, names) - countAll(before, names)} more in to_process, processing and processed`;
    },
  },
  {
    name: 'counts-processed',
    source: '2.2',
    assumed: '2 more in processed',
    probe: async (scene) => {
      scene.requireOwnApp();
      const { before, after } = await firstInputs.of(scene);
      return `${count(after, 'processed') - count(before, 'processed')} more in processed`;
    },
  },
  {
    name: 'counts-errors',
    source: '2.2',
    assumed: '1 more in errors',
    probe: async (scene) => {
      scene.requireOwnApp();
      const { before, after } = await brokenInput.of(scene);
      return `${count(after, 'errors') - count(before, 'errors')} more in errors`;
    },
  },
];

/** Lists and single inputs. */
export const reading: readonly Assumption[] = [
  {
    name: 'list-newest-first',
    source: '2.1',
    assumed: 'newer, older',
    probe: async (scene) => {
      await lastTwo.of(scene);
      return await orderOf(scene, idsOf(await scene.call('list', { page: 1, per_page: 2 })));
    },
  },
  {
    name: 'list-past-end',
    source: '2.1',
    assumed: '200 10000, none',
    probe: async (scene) => {
      const answer = await scene.call('list', { page: pagePastEnd, per_page: 128 });
      return `${statusText(answer)}, ${inputsOf(answer).length === 0 ? 'none' : 'some'}`;
    },
  },
  {
    name: 'list-second-page',
    source: '2.1',
    assumed: 'goes on after the first',
    probe: async (scene) => {
      await settledPhotos.of(scene);
      const whole = idsOf(await scene.call('list', { page: 1, per_page: 4 }));
      const half = idsOf(await scene.call('list', { page: 2, per_page: 2 }));
      return half.join() === whole.slice(2).join() ? 'goes on after the first' : `other ${half.length} inputs`;
    },
  },
  {
    name: 'list-per-page-1001',
    source: '9',
    assumed: '400 11102',
    probe: async (scene) => statusText(await scene.call('list', { page: 1, per_page: 1001 })),
  },
  {
    name: 'list-128-ids',
    source: '2.1',
    assumed: 'those of them that are there',
    probe: async (scene) => {
      const there = (await firstInputs.of(scene)).ids;
      const absent = Array.from({ length: 128 - there.length }, (_, index) => scene.id(`absent-${index}`));
      const answer = await scene.call('list', { ids: [...absent, ...there], per_page: 128 });
      const isRight = idsOf(answer).toSorted().join() === there.toSorted().join();
      return isRight ? 'those of them that are there' : `${statusText(answer)}, ${idsOf(answer).length} inputs`;
    },
  },
  {
    name: 'list-ids-by-status',
    source: '2, 2.1',
    assumed: 'those with the status',
    probe: async (scene) => {
      const { ids } = await firstInputs.of(scene);
      const ask = async (code: number): Promise<number> =>
        idsOf(await scene.call('list', { ids, per_page: 128, status: { code } })).length;
      const [ok, failed] = [await ask(30000), await ask(30002)];
      return ok === ids.length && failed === 0 ? 'those with the status' : `${ok} and ${failed} of ${ids.length}`;
    },
  },
  {
    name: 'list-with-failed',
    source: '9',
    assumed: '207 10010',
    probe: async (scene) => {
      const { id } = await brokenInput.of(scene);
      return statusText(await scene.call('list', { ids: [id], per_page: 128 }));
    },
  },
  {
    name: 'failed-says-why',
    source: '4.2',
    assumed: 'a description',
    probe: async (scene) => {
      const input = await scene.find((await brokenInput.of(scene)).id);
      const description = valueAt(input, ['status', 'description']);
      return typeof description === 'string' && description !== '' ? 'a description' : 'no description';
    },
  },
  {
    name: 'get-missing',
    source: '9',
    assumed: '404 11101',
    probe: async (scene) => statusText(await scene.get(scene.id('missing'))),
  },
];

/** Walks through an app. */
export const streaming: readonly Assumption[] = [
  {
    name: 'stream-newest-first',
    source: '2.1',
    assumed: 'newer, older',
    probe: async (scene) => await orderOf(scene, (await lastTwo.of(scene)).newest),
  },
  {
    name: 'stream-after-last-id',
    source: '2.1',
    assumed: 'newer',
    probe: async (scene) => {
      const { older } = await lastTwo.of(scene);
      return await orderOf(scene, idsOf(await scene.call('stream', { last_id: older, per_page: 1 })));
    },
  },
  {
    name: 'stream-end',
    source: '2.1',
    assumed: '200 10000, none',
    probe: async (scene) => {
      const [newest = ''] = idsOf(await scene.call('stream', { per_page: 1, descending: true }));
      const answer = await scene.call('stream', { last_id: newest, per_page: 10 });
      return `${statusText(answer)}, ${inputsOf(answer).length === 0 ? 'none' : 'some'}`;
    },
  },
  {
    name: 'stream-unknown-last-id',
    source: '2.1',
    assumed: '404 11101',
    probe: async (scene) => statusText(await scene.call('stream', { last_id: scene.id('missing'), per_page: 1 })),
  },
  {
    name: 'stream-default-page',
    source: '2.1',
    assumed: '20 inputs',
    probe: async (scene) => {
      await settledPhotos.of(scene);
      return `${idsOf(await scene.call('stream', {})).length} inputs`;
    },
  },
  {
    name: 'stream-per-page-1000',
    source: '2.1',
    assumed: '10000',
    probe: async (scene) => codeAlone(await scene.call('stream', { per_page: 1000 })),
  },
  {
    name: 'stream-per-page-1001',
    source: '2.1',
    assumed: '400 11102',
    probe: async (scene) => statusText(await scene.call('stream', { per_page: 1001 })),
  },
];

/** A page that holds failed inputs is mixed, which is another assumption's business. */
function codeAlone(answer: Answer): string {
  return statusText(answer).replace(/^(?:200 10000|207 10010|10010)$/, '10000');
}
