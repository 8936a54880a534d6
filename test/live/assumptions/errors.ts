import { NotTriedError, type Assumption } from '../assumption.js';
import type { RawRequest } from '../rest-caller.js';
import type { Scene } from '../scene.js';
import { statusText } from '../wording.js';

/** A key of the right form that nobody has. */
const unknownKey = 'Key 00000000000000000000000000000000';

/** A request that gRPC has no form of. */
function asking(verb: RawRequest['verb'], path: string, bodyIn?: (scene: Scene) => unknown): Assumption['probe'] {
  return async (scene) => {
    const body = bodyIn?.(scene);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return statusText(await scene.rest.send({ verb, path, ...(body !== undefined && { body: text }) }));
  };
}

/** Keys that are refused, and requests that can't be read. */
export const errors: readonly Assumption[] = [
  {
    name: 'key-left-out',
    source: '1',
    assumed: '400 11102',
    probe: async (scene) => statusText(await scene.call('counts', {}, '')),
  },
  {
    name: 'key-unknown',
    source: '1, gRPC A4',
    assumed: '401 11009',
    probe: async (scene) => statusText(await scene.call('counts', {}, unknownKey)),
  },
  {
    name: 'app-unknown',
    source: '1',
    assumed: ['401 11008', '404 11101'],
    probe: async (scene) => {
      if (scene.isLoopback) throw new NotTriedError('a local sandbox has every app that it is asked for');
      const other = scene.inApp(scene.id('no-app'));
      try {
        return statusText(await other.call('counts', {}));
      } finally {
        other.close();
      }
    },
  },
  {
    name: 'inputs-left-out',
    source: '9',
    assumed: '400 11100',
    probe: async (scene) => statusText(await scene.call('add', {})),
  },
  {
    name: 'body-not-json',
    source: '9',
    over: 'rest',
    assumed: '400 11100',
    probe: asking('POST', '/inputs', () => '{"inputs": ['),
  },
  {
    name: 'body-unknown-field',
    source: '9',
    over: 'rest',
    assumed: '400 11100',
    probe: asking('POST', '/inputs', (scene) => ({ inputs: [scene.photo('unknown-field')], surprise: 1 })),
  },
  {
    name: 'metadata-not-an-object',
    source: '9',
    over: 'rest',
    assumed: '400 11100',
    probe: asking('POST', '/inputs', (scene) => ({ inputs: [scene.photo('list', { metadata: ['a'] })] })),
  },
  {
    name: 'base64-broken',
    source: '9',
    over: 'rest',
    assumed: '400 11100',
    probe: asking('POST', '/inputs', (scene) => ({
      inputs: [{ id: scene.id('base64'), data: { image: { base64: '!!not base64!!' } } }],
    })),
  },
  {
    name: 'answer-not-compressed',
    source: '8',
    over: 'rest',
    assumed: 'application/json, plain',
    probe: async (scene) => {
      const { headers } = await scene.rest.call('counts', {});
      const type = headers['content-type']?.split(';')[0] ?? 'no type';
      return `${type}, ${headers['content-encoding'] ?? 'plain'}`;
    },
  },
  {
    name: 'path-unknown',
    source: '9',
    over: 'rest',
    assumed: '404 11101',
    probe: asking('GET', '/inputs/no/such/path'),
  },
  {
    name: 'verb-wrong',
    source: '9',
    over: 'rest',
    assumed: ['405 11103', '400 11103'],
    probe: asking('PUT', '/inputs', () => ({})),
  },
];
