import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { JsonObject } from '../../../src/wire/json.js';
import { type Answered, byUrl, codes, gif, raw, startTime } from '../raw-http.js';

const concept = (id: string, value = 1): JsonObject => ({ id, name: id, value, app_id: 'sandbox' });
const point = (longitude: number, latitude: number): JsonObject => ({ geo_point: { longitude, latitude } });

interface Patched {
  readonly patch: (action: string, data: unknown) => Promise<JsonObject>;
}

/** A sandbox that has the input `a`, and its data after a patch, apart from its image. */
async function patched(t: TestContext, data: JsonObject): Promise<Patched> {
  const { call } = await raw(t);
  await call('POST', '/v2/inputs', { inputs: [byUrl('a', data)] });
  return {
    patch: async (action, change) => {
      const { http, body } = await call('PATCH', '/v2/inputs', { action, inputs: [{ id: 'a', data: change }] });
      assert.equal(http, 200);
      const shown = (await call('GET', '/v2/inputs/a')).body.input?.data;
      assert.deepEqual(body.inputs?.[0]?.data, shown);
      const { image, ...rest } = shown ?? {};
      assert.deepEqual(image, { url: 'https://pictures.example/a.jpg' });
      return rest;
    },
  };
}

test('a patch is answered with the whole input and 30200, in the recorded shape', async (t) => {
  const { call, clock } = await raw(t);
  await call('POST', '/v2/inputs', { inputs: [byUrl('a', { metadata: { k: 'v' } })] });
  clock.ms += 1000;
  const inputs = [
    {
      id: 'a',
      data: {
        concepts: [
          { id: 'tree', value: 1 },
          { id: 'water', value: 0 },
        ],
      },
    },
  ];
  assert.deepEqual(await call('PATCH', '/v2/inputs', { inputs, action: 'merge' }), {
    http: 200,
    body: {
      status: { code: 10000, description: 'Ok' },
      inputs: [
        {
          id: 'a',
          data: {
            image: { url: 'https://pictures.example/a.jpg' },
            concepts: [concept('tree'), concept('water', 0)],
            metadata: { k: 'v' },
          },
          created_at: startTime,
          modified_at: '2024-01-02T03:04:06.678Z',
          status: { code: 30200, description: 'Input image modification success' },
        },
      ],
    },
  });
  assert.equal((await call('GET', '/v2/inputs/a')).body.input?.status.code, 30003);
});

test('merge matches concepts by id: values turn, new ones come last, a value left out is 1', async (t) => {
  const { patch } = await patched(t, {
    concepts: [
      { id: 'a', value: 1 },
      { id: 'b', value: 0 },
    ],
  });
  const change = { concepts: [{ id: 'c', value: false }, { id: 'a', value: 0 }, { id: 'b' }] };
  const concepts = [concept('a', 0), concept('b'), concept('c', 0)];
  assert.deepEqual(await patch('merge', change), { concepts });
  assert.deepEqual(await patch('merge', change), { concepts });
  assert.deepEqual(await patch('merge', {}), { concepts });
});

test('remove takes concepts off by id, whatever their value, and passes over others', async (t) => {
  const { patch } = await patched(t, { concepts: [{ id: 'a' }, { id: 'b', value: 0 }, { id: 'c' }] });
  assert.deepEqual(await patch('remove', { concepts: [{ id: 'b' }, { id: 'nothing' }, { id: 'c', value: 0 }] }), {
    concepts: [concept('a')],
  });
  assert.deepEqual(await patch('remove', { concepts: [{ id: 'a' }] }), {});
});

test('overwrite replaces what it names and erases the rest, except media', async (t) => {
  const all = { concepts: [{ id: 'a' }], metadata: { k: { l: 1 } }, geo: point(1, 2), regions: [{ id: 'r' }] };
  const { patch } = await patched(t, all);
  assert.deepEqual(await patch('overwrite', { concepts: [{ id: 'b' }], metadata: { m: 1 } }), {
    concepts: [concept('b')],
    metadata: { m: 1 },
  });
  assert.deepEqual(await patch('overwrite', { geo: point(3, 4), image: { url: 'https://x.example/other' } }), {
    geo: point(3, 4),
  });
  assert.deepEqual(await patch('overwrite', {}), {});
});

const merges: readonly (readonly [JsonObject, JsonObject, JsonObject])[] = [
  [{ a: 1, b: { c: 2 } }, { b: { d: 3 } }, { a: 1, b: { c: 2, d: 3 } }],
  [{ a: 1 }, { a: 'x', e: false }, { a: 'x', e: false }],
  [
    { a: 1, b: { c: 2 } },
    { a: null, b: { c: null }, n: null },
    { a: 1, b: { c: 2 } },
  ],
  [
    { a: { b: 1 }, l: [1], s: 1 },
    { a: {}, l: [], s: {} },
    { a: {}, l: [], s: {} },
  ],
  [{ l: [1, 2] }, { l: [2, 3] }, { l: [1, 2, 2, 3] }],
  [{ l: 1 }, { l: [2] }, { l: [2] }],
  [{ o: { a: 1 } }, { o: 5 }, { o: 5 }],
  [{ o: 5 }, { o: { a: 1 } }, { o: { a: 1 } }],
  [{ a: 1 }, {}, { a: 1 }],
];

test('merge of metadata goes deep, replaces scalars, appends lists; null keeps, {} and [] replace', async (t) => {
  for (const [former, given, wanted] of merges) {
    const { patch } = await patched(t, { metadata: former });
    assert.deepEqual(await patch('merge', { metadata: given }), { metadata: wanted });
  }
});

const removals: readonly (readonly [JsonObject, JsonObject, JsonObject])[] = [
  [{ a: 1, b: 2 }, { a: true }, { b: 2 }],
  [{ a: { b: 1, c: 2 } }, { a: { b: true } }, { a: { c: 2 } }],
  [{ a: { b: 1 }, l: [1] }, { a: true, l: true, nothing: true, z: { y: true } }, {}],
  [{ a: 1, b: 2 }, { a: false }, { a: false, b: 2 }],
  [
    { a: { b: 1 }, c: 1 },
    { a: {}, c: null },
    { a: { b: 1 }, c: 1 },
  ],
];

test('remove of metadata takes off what is true, looks into objects, passes over {} and null', async (t) => {
  for (const [former, given, wanted] of removals) {
    const { patch } = await patched(t, { metadata: former });
    const left = Object.keys(wanted).length === 0 ? {} : { metadata: wanted };
    assert.deepEqual(await patch('remove', { metadata: given }), left);
  }
});

test('geo is replaced by merge and goes with remove, whether or not a point is given', async (t) => {
  const { patch } = await patched(t, { geo: point(1, 2) });
  assert.deepEqual(await patch('merge', { geo: point(-30, 40) }), { geo: point(-30, 40) });
  assert.deepEqual(await patch('merge', { geo: {} }), { geo: point(-30, 40) });
  assert.deepEqual(await patch('remove', { geo: point(0, 0) }), {});
  await patch('merge', { geo: point(0, 0) });
  assert.deepEqual(await patch('remove', { geo: {} }), {});
});

test('regions merge and go by id', async (t) => {
  const box = (top: number): JsonObject => ({
    bounding_box: { top_row: top, left_col: 0, bottom_row: 1, right_col: 1 },
  });
  const { patch } = await patched(t, {
    regions: [
      { id: 'r', region_info: box(0), data: { concepts: [{ id: 'a' }] } },
      { id: 's', region_info: box(0.5) },
    ],
  });
  const change = {
    regions: [
      { id: 'n', region_info: box(0.1) },
      { id: 'r', data: { concepts: [{ id: 'b' }] } },
    ],
  };
  assert.deepEqual(await patch('merge', change), {
    regions: [
      { id: 'r', region_info: box(0), data: { concepts: [concept('a'), concept('b')] } },
      { id: 's', region_info: box(0.5) },
      { id: 'n', region_info: box(0.1) },
    ],
  });
  assert.deepEqual(await patch('remove', { regions: [{ id: 'r' }, { id: 'n' }] }), {
    regions: [{ id: 's', region_info: box(0.5) }],
  });
});

test('a missing id and a value out of range fail by themselves', async (t) => {
  const { call } = await raw(t);
  await call('POST', '/v2/inputs', { inputs: [byUrl('a')] });
  const change = (id: string, value: number): object => ({ id, data: { concepts: [{ id: 'c', value }] } });
  const patch = (...inputs: readonly object[]): Promise<Answered> =>
    call('PATCH', '/v2/inputs', { action: 'merge', inputs });
  const lost = await patch(change('nobody', 1));
  assert.deepEqual([lost.http, lost.body.status.code, codes(lost)], [400, 10020, [30102]]);
  const mixed = await patch(change('a', 1), change('nobody', 1), change('a', 2), {});
  assert.deepEqual([mixed.http, mixed.body.status.code], [207, 10010]);
  assert.deepEqual(codes(mixed), [30200, 30102, 30104, 30102]);
  assert.deepEqual((await call('GET', '/v2/inputs/a')).body.input?.data['concepts'], [concept('c')]);
});

const refusals: readonly (readonly [string, unknown, number])[] = [
  ['no action', { inputs: [{ id: 'a', data: {} }] }, 11102],
  ['unknown action', { inputs: [{ id: 'a', data: {} }], action: 'replace' }, 11102],
  ['no inputs', { action: 'merge' }, 11100],
  ['empty inputs', { action: 'merge', inputs: [] }, 11100],
  ['129 inputs', { action: 'merge', inputs: Array.from({ length: 129 }, () => ({ id: 'a' })) }, 11102],
  ['unknown field', { action: 'merge', inputs: [{ id: 'a', concepts: [] }] }, 11100],
  ['metadata a list', { action: 'merge', inputs: [{ id: 'a', data: { metadata: [] } }] }, 11100],
  ['not JSON', '{', 11100],
];

test('a request that cannot be read changes nothing and keeps the empty list', async (t) => {
  const { call } = await raw(t);
  for (const [name, body, code] of refusals) {
    const answer = await call('PATCH', '/v2/inputs', body);
    assert.deepEqual([name, answer.http, answer.body.status.code], [name, 400, code]);
    assert.deepEqual(answer.body.inputs, []);
  }
});

test('a trailing slash changes nothing, and neither do dataset_ids', async (t) => {
  const { call } = await raw(t);
  await call('POST', '/v2/inputs/', { inputs: [{ id: 'a', data: { image: { base64: gif } } }] });
  const inputs = [{ id: 'a', data: { concepts: [{ id: 'w' }] }, dataset_ids: ['d'] }];
  assert.deepEqual(codes(await call('PATCH', '/v2/inputs/', { action: 'merge', inputs })), [30200]);
});

test('rows of one id in a request are applied in their order', async (t) => {
  const { call } = await raw(t);
  await call('POST', '/v2/inputs', { inputs: [byUrl('a')] });
  const inputs = [
    { id: 'a', data: { metadata: { k: 1 } } },
    { id: 'a', data: { metadata: { k: 2 } } },
  ];
  const { body } = await call('PATCH', '/v2/inputs', { action: 'merge', inputs });
  assert.deepEqual(
    body.inputs?.map(({ data }) => data['metadata']),
    [{ k: 1 }, { k: 2 }],
  );
});
