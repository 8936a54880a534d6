import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byUrl, codes, gif, ids, raw, startTime } from '../raw-http.js';

const pending = { code: 30001, description: 'Download pending' };
const duplicate = { code: 30104, description: 'Input invalid argument', details: 'Input has a duplicate ID.' };

test('an add is answered with each input as it was stored, in the recorded shape', async (t) => {
  const { call } = await raw(t);
  const answer = await call('POST', '/v2/inputs', {
    inputs: [
      {
        id: 'train1',
        data: {
          image: { url: 'https://x.example/1.jpg', allow_duplicate_url: true },
          concepts: [{ id: 'charlie', value: 1 }, { id: 'cat', value: 0 }, { id: 'dog' }],
          metadata: { any: ['json', { 'key4#$!': null }] },
          geo: { geo_point: { longitude: -30, latitude: 40 } },
        },
        dataset_ids: ['ds1'],
      },
    ],
  });
  assert.deepEqual(answer, {
    http: 200,
    body: {
      status: { code: 10000, description: 'Ok', details: 'All inputs successfully added' },
      inputs: [
        {
          id: 'train1',
          data: {
            image: { url: 'https://x.example/1.jpg' },
            concepts: [
              { id: 'charlie', name: 'charlie', value: 1, app_id: 'sandbox' },
              { id: 'cat', name: 'cat', value: 0, app_id: 'sandbox' },
              { id: 'dog', name: 'dog', value: 1, app_id: 'sandbox' },
            ],
            metadata: { any: ['json', { 'key4#$!': null }] },
            geo: { geo_point: { longitude: -30, latitude: 40 } },
          },
          created_at: startTime,
          modified_at: startTime,
          status: pending,
        },
      ],
    },
  });
  assert.deepEqual(Object.keys(answer.body.inputs[0]!), ['id', 'data', 'created_at', 'modified_at', 'status']);
});

test('an id that is null, empty or left out is made by the server: 32 hex digits', async (t) => {
  const { call } = await raw(t);
  const data = (name: string): object => ({ image: { url: `https://x.example/${name}` } });
  const answer = await call('POST', '/v2/inputs', {
    inputs: [{ id: null, data: data('a') }, { id: '', data: data('b') }, { data: data('c') }],
  });
  assert.deepEqual(codes(answer), [30001, 30001, 30001]);
  for (const id of ids(answer)) assert.match(id, /^[0-9a-f]{32}$/);
});

test('a taken id is refused as 10020 with its data echoed, beside a good one as 10010', async (t) => {
  const { call } = await raw(t);
  await call('POST', '/v2/inputs', { inputs: [byUrl('a')] });
  const refused = {
    id: 'a',
    data: { image: { url: 'https://pictures.example/a.jpg' }, metadata: { k: 1 } },
    created_at: '0001-01-01T00:00:00Z',
    status: duplicate,
  };
  const again = await call('POST', '/v2/inputs', { inputs: [byUrl('a', { metadata: { k: 1 } })] });
  assert.deepEqual(again, {
    http: 400,
    body: { status: { code: 10020, description: 'Failure' }, inputs: [refused] },
  });
  const mixed = await call('POST', '/v2/inputs', { inputs: [byUrl('b'), byUrl('a')] });
  assert.equal(mixed.http, 207);
  assert.deepEqual(mixed.body.status, { code: 10010, description: 'Mixed Success' });
  assert.deepEqual(
    [ids(mixed), codes(mixed)],
    [
      ['b', 'a'],
      [30001, 30104],
    ],
  );
});

test('of one id twice in a request the first wins, even with SUFFIX', async (t) => {
  const { call } = await raw(t);
  for (const resolution of ['SKIP', 'SUFFIX', 0, 2]) {
    const id = `a${resolution}`;
    const inputs = [byUrl(id), { ...byUrl(id), data: { image: { url: `https://x.example/${id}` } } }];
    const answer = await call('POST', '/v2/inputs', { inputs, input_id_conflict_resolution: resolution });
    assert.deepEqual(
      [ids(answer), codes(answer)],
      [
        [id, id],
        [30001, 30104],
      ],
    );
  }
});

test('SUFFIX, by name or number, gives a taken id the next number, then a random end', async (t) => {
  const { call } = await raw(t);
  const got: string[] = [];
  for (let round = 0; round < 11; round += 1) {
    const answer = await call('POST', '/v2/inputs', {
      inputs: [{ id: 'x', data: { image: { url: `https://x.example/${round}` } } }],
      input_id_conflict_resolution: round % 2 === 0 ? 'SUFFIX' : 2,
    });
    assert.equal(answer.http, 200);
    got.push(...ids(answer));
  }
  assert.deepEqual(got.slice(0, 10), ['x', 'x-1', 'x-2', 'x-3', 'x-4', 'x-5', 'x-6', 'x-7', 'x-8', 'x-9']);
  assert.match(got[10]!, /^x-[0-9a-f]{8}$/);
  const long = 'l'.repeat(48);
  await call('POST', '/v2/inputs', { inputs: [byUrl(long)] });
  const cut = await call('POST', '/v2/inputs', {
    inputs: [{ id: long, data: { image: { url: 'https://x.example/long' } } }],
    input_id_conflict_resolution: 'SUFFIX',
  });
  assert.deepEqual(ids(cut), [`${'l'.repeat(46)}-1`]);
});

test('a URL that the app has is 30100, within one request too, unless the new input allows it', async (t) => {
  const { call } = await raw(t);
  const image = { url: 'https://x.example/same.jpg' };
  const first = await call('POST', '/v2/inputs', {
    inputs: [
      { id: 'a', data: { image } },
      { id: 'b', data: { image } },
      { id: 'c', data: { image: { ...image, allow_duplicate_url: true } } },
    ],
  });
  assert.equal(first.http, 207);
  assert.deepEqual(codes(first), [30001, 30100, 30001]);
  assert.equal(
    first.body.inputs?.[1]?.status.description,
    'Duplicate URL in your application. Check the documentation to allow duplications.',
  );
  assert.deepEqual(codes(await call('POST', '/v2/inputs', { inputs: [{ id: 'd', data: { image } }] })), [30100]);
  const elsewhere = await call('POST', '/v2/users/me/apps/other/inputs', { inputs: [{ id: 'd', data: { image } }] });
  assert.deepEqual(codes(elsewhere), [30001]);
  await call('DELETE', '/v2/inputs', { ids: ['a', 'c'] });
  assert.deepEqual(codes(await call('POST', '/v2/inputs', { inputs: [{ id: 'd', data: { image } }] })), [30100]);
});

const perInput: readonly (readonly [string, unknown, number])[] = [
  ['url null', { image: { url: null } }, 30104],
  ['url empty', { image: { url: '' } }, 30104],
  ['url blank', { image: { url: '  ' } }, 30104],
  ['no bytes', { image: { base64: '' } }, 30104],
  ['no media', { metadata: { a: 1 } }, 30104],
  ['data null', null, 30104],
  ['both url and base64', { image: { url: 'https://x.example/1', base64: gif } }, 30104],
  ['not a URL', { image: { url: 'abc' } }, 30106],
  ['ftp', { image: { url: 'ftp://x.example/1.jpg' } }, 30106],
  ['file', { image: { url: 'file:///etc/passwd' } }, 30106],
  ['concept value 2', { image: { base64: gif }, concepts: [{ id: 'a', value: 2 }] }, 30104],
  ['concept value -1', { image: { base64: gif }, concepts: [{ id: 'a', value: -1 }] }, 30104],
  ['concept without id', { image: { base64: gif }, concepts: [{ value: 1 }] }, 30104],
  ['longitude 181', { image: { base64: gif }, geo: { geo_point: { longitude: 181, latitude: 0 } } }, 30104],
  ['latitude -91', { image: { base64: gif }, geo: { geo_point: { longitude: 0, latitude: -91 } } }, 30104],
];

test('what is wrong with one input refuses that one alone', async (t) => {
  const { call } = await raw(t);
  for (const [name, data, code] of perInput) {
    const alone = await call('POST', '/v2/inputs', { inputs: [{ id: 'bad', data }] });
    assert.deepEqual([name, alone.http, alone.body.status.code, codes(alone)], [name, 400, 10020, [code]]);
  }
  const answer = await call('POST', '/v2/inputs', { inputs: [byUrl('good'), { id: 'bad', data: null }] });
  assert.deepEqual([answer.http, codes(answer)], [207, [30001, 30104]]);
  assert.deepEqual(ids(await call('GET', '/v2/inputs')), ['good']);
});

const wholeRequest: readonly (readonly [string, unknown, number, RegExp])[] = [
  ['no body', undefined, 11100, /^Must supply the 'inputs' field\. Check the JSON body of your request\.$/],
  ['inputs missing', {}, 11100, /^Must supply the 'inputs' field\. Check the JSON body of your request\.$/],
  ['inputs empty', { inputs: [] }, 11100, /^Must supply the 'inputs' field/],
  ['inputs null', { inputs: null }, 11100, /^Must supply the 'inputs' field/],
  ['inputs an object', { inputs: {} }, 11100, /'inputs'/],
  ['broken JSON', '{"inputs":[', 11100, /JSON/],
  ['a list', [], 11100, /object/],
  ['unknown field', { inputs: [byUrl('a')], input: 1 }, 11100, /^Invalid json path 'input' in request\.$/],
  [
    'unknown field inside',
    { inputs: [byUrl('a'), { id: 'b', data: { image: { uri: 'x' } } }] },
    11100,
    /^Invalid json path 'inputs\[1\]\.data\.image\.uri' in request\.$/,
  ],
  [
    'unknown field of a concept',
    { inputs: [byUrl('a', { concepts: [{ id: 'a', val: 1 }] })] },
    11100,
    /^Invalid json path 'inputs\[0\]\.data\.concepts\[0\]\.val' in request\.$/,
  ],
  ['base64 for text', { inputs: [{ data: { text: { base64: 'aGk=' } } }] }, 11100, /data\.text\.base64/],
  ['metadata a list', { inputs: [byUrl('a', { metadata: ['a'] })] }, 11100, /metadata/],
  ['metadata text', { inputs: [byUrl('a', { metadata: 'a' })] }, 11100, /metadata/],
  ['concept value text', { inputs: [byUrl('a', { concepts: [{ id: 'a', value: 'yes' }] })] }, 11100, /value/],
  ['concept null', { inputs: [byUrl('a', { concepts: [null] })] }, 11100, /concepts\[0\]/],
  ['bad base64', { inputs: [{ data: { image: { base64: 'not base64!' } } }] }, 11100, /base64/],
  [
    'base64 in lines',
    { inputs: [{ data: { image: { base64: `${gif.slice(0, 40)}\n${gif.slice(40)}` } } }] },
    11100,
    /base64/,
  ],
  ['a data URL', { inputs: [{ data: { image: { base64: `data:image/gif;base64,${gif}` } } }] }, 11100, /base64/],
  ['unknown resolution', { inputs: [byUrl('a')], input_id_conflict_resolution: 'RENAME' }, 11100, /SUFFIX/],
  ['129 inputs', { inputs: Array.from({ length: 129 }, (_, n) => byUrl(`n${n}`)) }, 11102, /128/],
  [
    'two videos',
    { inputs: ['a', 'b'].map((id) => ({ id, data: { video: { url: `https://x.example/${id}` } } })) },
    11102,
    /video/,
  ],
  ['49 characters of id', { inputs: [byUrl('a'.repeat(49))] }, 39999, /^id must be between 1 and 48 characters long$/],
  ['a slash in an id', { inputs: [byUrl('a/b')] }, 39999, /id/],
];

test('what is wrong with the whole request stores nothing and keeps the empty list', async (t) => {
  const { call } = await raw(t);
  for (const [name, body, code, details] of wholeRequest) {
    const answer = await call('POST', '/v2/inputs', body);
    assert.deepEqual([name, answer.http, answer.body.status.code], [name, 400, code]);
    assert.match(answer.body.status.details ?? '', details, name);
    assert.deepEqual(answer.body.inputs, [], name);
  }
  assert.deepEqual(ids(await call('GET', '/v2/inputs')), []);
});

test('what a client read can be sent back: fields that the service alone sets are passed over', async (t) => {
  const { call, clock } = await raw(t);
  await call('POST', '/v2/inputs', { inputs: [{ id: 'a', data: { image: { base64: gif } } }] });
  clock.ms += 1500;
  const { body } = await call('GET', '/v2/inputs/a');
  const answer = await call('POST', '/v2/users/me/apps/copy/inputs', { inputs: [body.input] });
  assert.deepEqual(codes(answer), [30001]);
});

test('booleans count as concept values, of one concept twice the last counts', async (t) => {
  const { call } = await raw(t);
  const concepts = [
    { id: 'a', value: true },
    { id: 'b', value: false },
    { id: 'c', value: 1, name: 'Sea' },
    { id: 'a', value: 0 },
  ];
  const answer = await call('POST', '/v2/inputs', { inputs: [byUrl('x', { concepts })] });
  assert.deepEqual(answer.body.inputs?.[0]?.data['concepts'], [
    { id: 'a', name: 'a', value: 0, app_id: 'sandbox' },
    { id: 'b', name: 'b', value: 0, app_id: 'sandbox' },
    { id: 'c', name: 'Sea', value: 1, app_id: 'sandbox' },
  ]);
});

test('a job id is echoed, as recorded of a job just made', async (t) => {
  const { call } = await raw(t);
  const { body } = await call('POST', '/v2/inputs', { inputs: [byUrl('a')], inputs_add_job_id: 'job-1' });
  assert.deepEqual('inputs_add_job' in body && body.inputs_add_job, { id: 'job-1', progress: {} });
});

test('a URL loses the blanks around it, and one that is only allowed once is not allowed with them', async (t) => {
  const { call } = await raw(t);
  const url = 'https://x.example/1.jpg';
  const answer = await call('POST', '/v2/inputs', {
    inputs: [
      { id: 'a', data: { image: { url: `  ${url}\n` } } },
      { id: 'b', data: { image: { url } } },
    ],
  });
  assert.deepEqual(codes(answer), [30001, 30100]);
  assert.deepEqual(answer.body.inputs?.[0]?.data['image'], { url });
});

test('regions are kept, with an id of the server where they have none', async (t) => {
  const { call } = await raw(t);
  const box = { bounding_box: { top_row: 0, left_col: 0.25, bottom_row: 1, right_col: 0.5 } };
  const regions = [
    { id: 'r1', region_info: box, data: { concepts: [{ id: 'eye', value: true }] } },
    { region_info: box },
  ];
  await call('POST', '/v2/inputs', { inputs: [byUrl('a', { regions })] });
  const { body } = await call('GET', '/v2/inputs/a');
  const [first, second] = Object.values(body.input?.data['regions'] ?? {});
  const concepts = [{ id: 'eye', name: 'eye', value: 1, app_id: 'sandbox' }];
  assert.deepEqual(first, { id: 'r1', region_info: box, data: { concepts } });
  assert.match(JSON.stringify(second), /^\{"id":"[0-9a-f]{32}","region_info":/);
});

test('keys of metadata that mean something to JavaScript are kept like any other', async (t) => {
  const { call } = await raw(t);
  const text = '{"__proto__":{"a":1},"constructor":"x","toString":null}';
  await call('POST', '/v2/inputs', `{"inputs":[{"id":"a","data":{"image":{"base64":"${gif}"},"metadata":${text}}}]}`);
  const { body } = await call(
    'PATCH',
    '/v2/inputs',
    '{"action":"merge","inputs":[{"id":"a","data":{"metadata":{"__proto__":{"b":2}}}}]}',
  );
  const metadata = body.inputs?.[0]?.data['metadata'];
  assert.equal(JSON.stringify(metadata), '{"__proto__":{"a":1,"b":2},"constructor":"x","toString":null}');
});

test('metadata deeper than a hundred levels is refused, not a crash', async (t) => {
  const { call } = await raw(t);
  const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
  const answer = await call(
    'POST',
    '/v2/inputs',
    `{"inputs":[{"data":{"image":{"base64":"${gif}"},"metadata":${deep}}}]}`,
  );
  assert.deepEqual([answer.http, answer.body.status.code], [400, 11100]);
});
