import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { codes, gif, mediaUrl, png, raw, type Raw } from '../raw-http.js';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)).toString('base64');

/** Bytes that begin as given and go on with zeros. */
function bytes(head: string | readonly number[], length = 64): string {
  const buffer = Buffer.alloc(length);
  buffer.set(typeof head === 'string' ? Buffer.from(head, 'latin1') : head);
  return buffer.toString('base64');
}

function pngOf(width: number, height: number): string {
  const image = Buffer.from(png, 'base64');
  image.writeUInt32BE(width, 16);
  image.writeUInt32BE(height, 20);
  return image.toString('base64');
}

const jpegHead = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0];
const jpegFrame = (components: number): readonly number[] => [0xff, 0xc0, 0, 17, 8, 0, 3, 0, 2, components];

const images: readonly (readonly [string, string, number, object | undefined])[] = [
  ['a GIF', gif, 30000, { width: 1, height: 1, format: 'GIF', color_mode: 'PALETTE' }],
  ['a PNG', png, 30000, { width: 1, height: 1, format: 'PNG', color_mode: 'RGBA' }],
  [
    'a JPEG',
    fixture('photos/fruit/Apples and pears.jpg'),
    30000,
    { width: 640, height: 480, format: 'JPEG', color_mode: 'YUV' },
  ],
  [
    'a grey JPEG',
    bytes([...jpegHead, ...jpegFrame(1)]),
    30000,
    { width: 2, height: 3, format: 'JPEG', color_mode: 'GRAY' },
  ],
  [
    'a WEBP',
    fixture('photos/beach/palm island.webp'),
    30000,
    { width: 640, height: 427, format: 'WEBP', color_mode: 'YUV' },
  ],
  ['a BMP', fixture('photos/fruit/lemon.bmp'), 30000, { width: 160, height: 120, format: 'BMP', color_mode: 'RGB' }],
  [
    'a TIFF',
    fixture('photos/mountain/alpine lake.tiff'),
    30000,
    { width: 360, height: 270, format: 'TIFF', color_mode: 'RGB' },
  ],
  ['a truncated JPEG', fixture('bad/truncated.jpg'), 30300, undefined],
  ['a JPEG of noise', bytes([...jpegHead], 30_000), 30300, undefined],
  ['half a PNG header', fixture('bad/half.png'), 30300, undefined],
  ['a PNG of no width', pngOf(0, 5), 30300, undefined],
  ['six bytes of GIF', bytes('GIF89a', 6), 30300, undefined],
  ['text', Buffer.from('hello').toString('base64'), 30101, undefined],
  ['text that begins like a BMP', Buffer.from('BMW is a maker of cars in Munich').toString('base64'), 30101, undefined],
  [
    'an SVG',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>').toString('base64'),
    30101,
    undefined,
  ],
  ['an MP4', fixture('media/clip.mp4'), 30101, undefined],
  ['a PDF', bytes('%PDF-1.7'), 30101, undefined],
  ['85 megapixels', pngOf(8500, 10_000), 30000, { width: 8500, height: 10_000, format: 'PNG', color_mode: 'RGBA' }],
  ['more than 85 megapixels', pngOf(8501, 10_000), 30105, undefined],
  [
    '20 MB',
    Buffer.concat([Buffer.from(gif, 'base64'), Buffer.alloc(19_999_958)]).toString('base64'),
    30000,
    { width: 1, height: 1, format: 'GIF', color_mode: 'PALETTE' },
  ],
  [
    'more than 20 MB',
    Buffer.concat([Buffer.from(gif, 'base64'), Buffer.alloc(20_000_000)]).toString('base64'),
    30105,
    undefined,
  ],
];

/** Adds media alone in an app of their own; their status and what is told of them, when the time has come. */
async function indexed({ call, clock }: Raw, kind: string, media: object): Promise<readonly [unknown, unknown]> {
  const added = await call('POST', '/v2/inputs', { inputs: [{ id: 'm', data: { [kind]: media } }] });
  assert.deepEqual(codes(added), [30001]);
  assert.doesNotMatch(JSON.stringify(added.body), /base64/);
  clock.ms += 1500;
  const { input } = (await call('GET', '/v2/inputs/m')).body;
  await call('DELETE', '/v2/inputs/m');
  clock.ms += 300;
  return [input?.status.code, input?.data[kind]?.[`${kind}_info`]];
}

test('the bytes of an image decide how it ends and what is told of it', async (t) => {
  const sandbox = await raw(t);
  for (const [name, base64, code, info] of images) {
    assert.deepEqual([name, ...(await indexed(sandbox, 'image', { base64 }))], [name, code, info]);
  }
});

const others: readonly (readonly [string, string, number, object | undefined])[] = [
  ['video', 'clip.mp4', 30000, { video_format: 'MP4' }],
  ['video', 'clip.mov', 30000, { video_format: 'MOV' }],
  ['video', 'clip.avi', 30000, { video_format: 'AVI' }],
  ['video', 'clip.wmv', 30000, { video_format: 'WMV' }],
  ['video', 'clip.3gp', 30000, { video_format: '3GPP' }],
  ['video', 'tone.wav', 30101, undefined],
  ['audio', 'tone.wav', 30000, { audio_format: 'WAV' }],
  ['audio', 'tone.mp3', 30000, { audio_format: 'MP3' }],
  ['audio', 'clip.mp4', 30101, undefined],
];

test('so do the first bytes of a video or a sound', async (t) => {
  const sandbox = await raw(t);
  for (const [kind, name, code, info] of others) {
    const base64 = fixture(`media/${name}`);
    assert.deepEqual([name, ...(await indexed(sandbox, kind, { base64 }))], [name, code, info]);
  }
});

test('text is hosted as it was given', async (t) => {
  const { call } = await raw(t);
  const { body } = await call('POST', '/v2/inputs', { inputs: [{ id: 't', data: { text: { raw: 'Grüße <b>' } } }] });
  const response = await fetch(mediaUrl(body.inputs?.[0], 'text'));
  assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.equal(await response.text(), 'Grüße <b>');
});

test('base64 is taken with the URL-safe alphabet too, and not without its padding', async (t) => {
  const { call } = await raw(t);
  const safe = bytes([0xfb, 0xff, 0xfe], 4).replaceAll('+', '-').replaceAll('/', '_');
  const post = (base64: string): ReturnType<Raw['call']> =>
    call('POST', '/v2/inputs', { inputs: [{ data: { image: { base64 } } }] });
  assert.match(safe, /^-__-/);
  assert.equal((await post(safe)).http, 200);
  for (const bad of [png.replace(/=+$/, ''), `${png}=`, `=${png}`, `${png}${png}`, 'A', '====', 'AA=A']) {
    assert.deepEqual([bad, (await post(bad)).body.status.code], [bad, 11100]);
  }
});

test('hosted media come without a key, as what they are, at the address of the Host that asks', async (t) => {
  const { call, url, port } = await raw(t);
  await call('POST', '/v2/users/jo/apps/a%20b/inputs', { inputs: [{ id: 'g', data: { image: { base64: gif } } }] });
  const shown = await call('GET', '/v2/users/jo/apps/a%20b/inputs/g');
  const address = mediaUrl(shown.body.input);
  assert.match(address, new RegExp(`^${url}/media/jo/a%20b/[0-9a-f]{64}$`));
  const { headers, status, body } = await pictureAt(address);
  assert.deepEqual([status, body], [200, gif]);
  assert.equal(headers.get('content-type'), 'image/gif');
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  const local = await fetch(`http://localhost:${port}/v2/users/jo/apps/a%20b/inputs/g`, {
    headers: { authorization: 'Key key-of-the-tests' },
  }).catch(() => undefined);
  if (local !== undefined) assert.match(await local.text(), new RegExp(`"http://localhost:${port}/media/jo/`));
});

async function pictureAt(address: string): Promise<{ headers: Headers; status: number; body: string }> {
  const response = await fetch(address);
  const body = Buffer.from(await response.arrayBuffer()).toString('base64');
  return { headers: response.headers, status: response.status, body };
}

test('the parts of hosted add up to the address of the media', async (t) => {
  const { call, clock } = await raw(t);
  await call('POST', '/v2/inputs', { inputs: [{ id: 'g', data: { image: { base64: gif } } }] });
  clock.ms += 1500;
  const image = (await call('GET', '/v2/inputs/g')).body.input?.data['image'];
  const [, prefix, suffix] = /"prefix":"(.*?)","suffix":"(.*?)"/.exec(JSON.stringify(image)) ?? [];
  assert.equal((await pictureAt(`${prefix}/orig/${suffix}`)).body, gif);
});

test('what is not media format is never served as something that a browser runs', async (t) => {
  const { call } = await raw(t);
  const base64 = Buffer.from('<script>alert(1)</script>').toString('base64');
  const { body } = await call('POST', '/v2/inputs', { inputs: [{ data: { image: { base64 } } }] });
  const { headers } = await pictureAt(mediaUrl(body.inputs?.[0]));
  assert.equal(headers.get('content-type'), 'application/octet-stream');
  assert.match(headers.get('content-security-policy') ?? '', /sandbox/);
});

test('media are there as long as an input of that app has them', async (t) => {
  const { call, clock, url } = await raw(t);
  const add = (app: string, id: string): Promise<unknown> =>
    call('POST', `/v2/users/me/apps/${app}/inputs`, { inputs: [{ id, data: { image: { base64: gif } } }] });
  await add('one', 'a');
  await add('one', 'b');
  await add('two', 'a');
  const shown = await call('GET', '/v2/users/me/apps/one/inputs/a');
  const path = mediaUrl(shown.body.input).slice(url.length);
  const statusIn = async (app: string): Promise<number> =>
    (await fetch(url + path.replace('/one/', `/${app}/`))).status;
  const remove = async (app: string, id: string): Promise<void> => {
    await call('DELETE', `/v2/users/me/apps/${app}/inputs/${id}`);
    clock.ms += 300;
  };
  assert.deepEqual([await statusIn('one'), await statusIn('two'), await statusIn('three')], [200, 200, 404]);
  await remove('one', 'a');
  assert.deepEqual([await statusIn('one'), await statusIn('two')], [200, 200]);
  await remove('one', 'b');
  assert.deepEqual([await statusIn('one'), await statusIn('two')], [404, 200]);
  await remove('two', 'a');
  assert.equal(await statusIn('two'), 404);
});

test('no path leads out of the media', async (t) => {
  const { url } = await raw(t);
  const paths = [
    '/media',
    '/media/',
    '/media/sandbox/sandbox/..%2f..%2fdata.mdb',
    '/media/sandbox/sandbox/data.mdb',
  ].concat(['/media/..%2f..%2f/x/' + 'a'.repeat(64), '/media/a/b/' + 'A'.repeat(64), '/media/%00/b/' + 'a'.repeat(64)]);
  for (const path of paths) assert.equal((await fetch(url + path)).status, 404, path);
});
