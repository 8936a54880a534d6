import { isObject, type JsonObject } from '../../../src/wire/json.js';
import type { Assumption } from '../assumption.js';
import { concept, Fixture } from '../scene.js';
import { conceptsText, dataOf, familyPrefix, inputsOf, jsonText, outcomeText, statusText } from '../wording.js';
import { region } from './fixtures.js';

const refused = '400 10020: 30104';

/** Adds a photo with data, and tells the service's answer. */
function adding(name: string, data: JsonObject): Assumption['probe'] {
  return async (scene) => outcomeText(await scene.add(scene.photo(name, data)));
}

/** Data of photos whose answer and state are looked at. */
const planned: JsonObject[] = [];

/** Those photos, each added by itself, and all of them read by one request. */
const keptPhotos = new Fixture(async (scene) => {
  const ids = planned.map((_, index) => scene.id(`kept-${index}`));
  const outcomes: string[] = [];
  for (const [index, given] of planned.entries()) {
    outcomes.push(outcomeText(await scene.add(scene.photo(`kept-${index}`, given))));
  }
  const inputs = await scene.lookUp(ids);
  return { outcomes, inputs: ids.map((id) => inputs.find((input) => input['id'] === id)) };
});

/** Adds a photo with data, and tells what the service has kept of it. */
function keeping(given: JsonObject, tell: (data: JsonObject) => string): Assumption['probe'] {
  const index = planned.push(given) - 1;
  return async (scene) => {
    const { outcomes, inputs } = await keptPhotos.of(scene);
    const kept = dataOf(inputs[index]);
    return isObject(kept) ? tell(kept) : (outcomes[index] ?? '');
  };
}

const toldConcepts = ({ concepts }: JsonObject): string => conceptsText(concepts);
const toldMetadata = ({ metadata }: JsonObject): string => jsonText(metadata);

/** Concepts, metadata, places and regions of what is added. */
export const data: readonly Assumption[] = [
  {
    name: 'concept-above-1',
    source: '3',
    assumed: refused,
    probe: adding('over', { concepts: [concept('cat', 2)] }),
  },
  {
    name: 'concept-below-0',
    source: '3',
    assumed: refused,
    probe: adding('below', { concepts: [concept('cat', -1)] }),
  },
  {
    name: 'concept-fraction',
    source: '3, gRPC A2',
    assumed: 'cat=0.9',
    probe: keeping({ concepts: [concept('cat', 0.9)] }, toldConcepts),
  },
  {
    name: 'concept-zero',
    source: '0, gRPC A2',
    assumed: 'cat=0',
    probe: keeping({ concepts: [concept('cat', 0)] }, toldConcepts),
  },
  {
    name: 'concept-without-value',
    source: '3, gRPC A2',
    assumed: { rest: 'cat=1', grpc: 'cat=0' },
    probe: keeping({ concepts: [concept('cat')] }, toldConcepts),
  },
  {
    name: 'concept-twice',
    source: '3',
    assumed: 'cat=0',
    probe: keeping({ concepts: [concept('cat', 1), concept('cat', 0)] }, toldConcepts),
  },
  {
    name: 'metadata-numbers',
    source: '3',
    assumed: '{"fraction":1.5,"large":9007199254740991,"negative":-2,"zero":0}',
    probe: keeping(
      { metadata: { zero: 0, negative: -2, fraction: 1.5, large: Number.MAX_SAFE_INTEGER } },
      toldMetadata,
    ),
  },
  {
    name: 'metadata-nested',
    source: '3',
    assumed: '{"key4#$!":{"deep":{"list":[1,"two",{"three":true}]}}}',
    probe: keeping({ metadata: { 'key4#$!': { deep: { list: [1, 'two', { three: true }] } } } }, toldMetadata),
  },
  {
    name: 'metadata-empty-values',
    source: '3',
    assumed: '{"empty":{},"list":[],"none":null,"text":""}',
    probe: keeping({ metadata: { none: null, text: '', empty: {}, list: [] } }, toldMetadata),
  },
  {
    name: 'geo-fraction',
    source: 'gRPC A2',
    assumed: '{"latitude":40.1,"longitude":-30.1}',
    probe: keeping({ geo: { geo_point: { longitude: -30.1, latitude: 40.1 } } }, toldPoint),
  },
  {
    name: 'geo-zero',
    source: '3',
    assumed: '{"latitude":0,"longitude":0}',
    probe: keeping({ geo: { geo_point: { longitude: 0, latitude: 0 } } }, toldPoint),
  },
  {
    name: 'geo-latitude-91',
    source: '3',
    assumed: refused,
    probe: adding('latitude', { geo: { geo_point: { longitude: 0, latitude: 91 } } }),
  },
  {
    name: 'geo-longitude-181',
    source: '3',
    assumed: refused,
    probe: adding('longitude', { geo: { geo_point: { longitude: 181, latitude: 0 } } }),
  },
  {
    name: 'region-zero-edge',
    source: '3',
    assumed: '{"bottom_row":0.75,"left_col":0.25,"right_col":0.75,"top_row":0}',
    probe: keeping({ regions: [region('r1', 0)] }, ({ regions }) => {
      const [first] = inputsOf({ body: { inputs: regions ?? [] } });
      return jsonText(first && dataOf({ data: first }, 'region_info', 'bounding_box'));
    }),
  },
  {
    name: 'concepts-of-inputs',
    source: '3',
    assumed: 'made by the input that has it',
    probe: async (scene) => {
      const answer = await scene.call('concepts', { page: 1, per_page: 1000 });
      const isThere = inputsOf(answer, 'concepts').some(({ id }) => id === `${familyPrefix}cat`);
      return isThere ? 'made by the input that has it' : `${statusText(answer)}, not listed`;
    },
  },
];

function toldPoint({ geo }: JsonObject): string {
  return jsonText(geo && dataOf({ data: geo }, 'geo_point'));
}
