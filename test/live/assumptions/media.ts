import { isObject } from '../../../src/wire/json.js';
import { NotTriedError, UntoldError, type Assumption } from '../assumption.js';
import type { Scene } from '../scene.js';
import { dataOf } from '../wording.js';
import { firstInputs, textOf } from './fixtures.js';

/** The address of an input's own bytes. */
async function addressOf(scene: Scene, kind: 'photo' | 'text'): Promise<URL> {
  const input = await scene.find((await firstInputs.of(scene))[kind]);
  const field = kind === 'photo' ? 'image' : 'text';
  const [prefix, suffix] = ['prefix', 'suffix'].map((part) => dataOf(input, field, 'hosted', part));
  const isHosted = typeof prefix === 'string' && typeof suffix === 'string';
  const address = isHosted ? `${prefix}/orig/${suffix}` : dataOf(input, field, 'url');
  if (typeof address !== 'string' || !URL.canParse(address)) throw new UntoldError('the input has no address');
  return new URL(address);
}

const pngSignature = '89504e47';

/** Where the service keeps what it was given. */
export const media: readonly Assumption[] = [
  {
    name: 'bytes-not-returned',
    source: '8',
    assumed: 'an address and no bytes',
    probe: async (scene) => {
      const image = dataOf(await scene.find((await firstInputs.of(scene)).photo), 'image');
      const { base64, url } = isObject(image) ? image : {};
      return `${url === undefined ? 'no address' : 'an address'} and ${base64 === undefined ? 'no bytes' : 'bytes'}`;
    },
  },
  {
    name: 'media-is-hosted',
    source: '2.2',
    assumed: 'orig is among the sizes',
    probe: async (scene) => {
      const { photo } = await firstInputs.of(scene);
      const sizes = JSON.stringify(dataOf(await scene.find(photo), 'image', 'hosted', 'sizes') ?? 'not hosted');
      return sizes.includes('"orig"') ? 'orig is among the sizes' : sizes;
    },
  },
  {
    name: 'media-with-key',
    source: '8',
    assumed: '200, a PNG',
    probe: async (scene) => {
      const { http, bytes } = await scene.rest.fetchMedia(await addressOf(scene, 'photo'), true);
      return `${http}, ${bytes.toString('hex', 0, 4) === pngSignature ? 'a PNG' : 'no PNG'}`;
    },
  },
  {
    name: 'media-without-key',
    source: '8',
    assumed: ['401', '403'],
    probe: async (scene) => {
      if (scene.isLoopback) throw new NotTriedError('a local sandbox shows its media to whoever is on the machine');
      return String((await scene.rest.fetchMedia(await addressOf(scene, 'photo'), false)).http);
    },
  },
  {
    name: 'text-is-hosted',
    source: '3, 8',
    assumed: '200, the same text',
    probe: async (scene) => {
      const { http, bytes } = await scene.rest.fetchMedia(await addressOf(scene, 'text'), true);
      return `${http}, ${bytes.toString() === textOf(scene) ? 'the same text' : 'another text'}`;
    },
  },
];
