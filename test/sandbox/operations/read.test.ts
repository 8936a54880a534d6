import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noFaults } from '../../../src/sandbox/server.js';
import { byUrl, codes, gif, ids, raw, type Raw, startTime } from '../raw-http.js';

const ok = { code: 10000, description: 'Ok' };

async function addMany({ call }: Raw, names: readonly string[]): Promise<void> {
  const { http } = await call('POST', '/v2/inputs', { inputs: names.map((name) => byUrl(name)) });
  assert.equal(http, 200);
}

test('an input is found at once, pending; then in progress; then done, with its picture told', async (t) => {
  const { call, clock, url } = await raw(t, { indexMs: 1000 });
  await call('POST', '/v2/inputs', { inputs: [{ id: 'a', data: { image: { base64: gif } } }] });
  const hash = 'ef1955ae757c8b966c83248350331bd3a30f658ced11f387f8ebf05ab3368629';
  const image = { url: `${url}/media/sandbox/sandbox/${hash}` };
  const input = { id: 'a', data: { image }, created_at: startTime, modified_at: startTime };
  const shown = async (): Promise<unknown> => (await call('GET', '/v2/inputs/a')).body;
  assert.deepEqual(await shown(), {
    status: ok,
    input: { ...input, status: { code: 30001, description: 'Download pending' } },
  });
  clock.ms += 499;
  assert.equal((await call('GET', '/v2/inputs/a')).body.input?.status.code, 30001);
  clock.ms += 1;
  assert.deepEqual(await shown(), {
    status: ok,
    input: { ...input, status: { code: 30003, description: 'Download in progress' } },
  });
  clock.ms += 500;
  assert.deepEqual(await shown(), {
    status: ok,
    input: {
      ...input,
      data: {
        image: {
          ...image,
          hosted: {
            prefix: `${url}/media`,
            suffix: `sandbox/sandbox/${hash}`,
            sizes: ['orig'],
            crossorigin: 'use-credentials',
          },
          image_info: { width: 1, height: 1, format: 'GIF', color_mode: 'PALETTE' },
        },
      },
      status: { code: 30000, description: 'Download complete' },
    },
  });
});

test('a missing input is 404 and 11101, without an input', async (t) => {
  const { call } = await raw(t);
  assert.deepEqual(await call('GET', '/v2/inputs/nobody'), {
    http: 404,
    body: { status: { code: 11101, description: 'Resource does not exist' } },
  });
});

test('the counts are all eight, zero included, and follow the time', async (t) => {
  const sandbox = await raw(t, { indexMs: 1000 });
  const none = { processed: 0, to_process: 0, errors: 0, processing: 0 };
  const reindex = { reindexed: 0, to_reindex: 0, reindex_errors: 0, reindexing: 0 };
  const counts = async (): Promise<unknown> => (await sandbox.call('GET', '/v2/inputs/status')).body.counts;
  assert.deepEqual(await sandbox.call('GET', '/v2/inputs/status'), {
    http: 200,
    body: { status: ok, counts: { ...none, ...reindex } },
  });
  await addMany(sandbox, ['a', 'b']);
  sandbox.clock.ms += 600;
  const inputs = [byUrl('c'), { id: 'd', data: { image: { base64: 'AAAA' } } }];
  await sandbox.call('POST', '/v2/inputs', { inputs });
  assert.deepEqual(await counts(), { ...none, ...reindex, to_process: 2, processing: 2 });
  sandbox.clock.ms += 500;
  assert.deepEqual(await counts(), { ...none, ...reindex, processing: 2, processed: 2 });
  sandbox.clock.ms += 500;
  assert.deepEqual(await counts(), { ...none, ...reindex, processed: 3, errors: 1 });
});

test('the list is newest first, by page; a page past the end is empty and fine', async (t) => {
  const sandbox = await raw(t);
  await addMany(sandbox, ['a', 'c', 'b']);
  await addMany(sandbox, ['d']);
  const page = async (query: string): Promise<string> => ids(await sandbox.call('GET', `/v2/inputs${query}`)).join('');
  assert.equal(await page(''), 'dbca');
  assert.equal(await page('?page=1&per_page=3'), 'dbc');
  assert.equal(await page('?page=2&per_page=3'), 'a');
  assert.equal(await page('?page=0&per_page=0'), 'dbca');
  assert.equal(await page('?page=&per_page='), 'dbca');
  assert.equal(await page('?per_page=1000'), 'dbca');
  assert.deepEqual(await sandbox.call('GET', '/v2/inputs?page=1000&per_page=500'), {
    http: 200,
    body: { status: ok, inputs: [] },
  });
});

test('a page holds 128 inputs unless told otherwise, a stream 20', async (t) => {
  const sandbox = await raw(t);
  const names = Array.from({ length: 130 }, (_, number) => `n${number}`);
  await addMany(sandbox, names.slice(0, 128));
  await addMany(sandbox, names.slice(128));
  assert.deepEqual(ids(await sandbox.call('GET', '/v2/inputs')), names.toReversed().slice(0, 128));
  assert.deepEqual(ids(await sandbox.call('GET', '/v2/inputs?page=2')), ['n1', 'n0']);
  assert.deepEqual(ids(await sandbox.call('GET', '/v2/inputs/stream')), names.slice(0, 20));
});

test('numbers that are none, below zero or above 1000 a page are refused as 11102', async (t) => {
  const { call } = await raw(t);
  const queries = ['?page=-1', '?page=abc', '?page=1.5', '?per_page=1001', '?per_page=-1', '?per_page=x'];
  const paths = [
    ...queries.map((query) => `/v2/inputs${query}`),
    '/v2/inputs/stream?per_page=1001',
    '/v2/inputs/stream?per_page=-1',
    '/v2/inputs/stream?descending=maybe',
    '/v2/inputs?status.code=INPUT_LOST',
    '/v2/concepts?per_page=1001',
  ];
  for (const path of paths) {
    const { http, body } = await call('GET', path);
    assert.deepEqual([path, http, body.status.code], [path, 400, 11102]);
    assert.deepEqual(path.includes('concepts') ? body.concepts : body.inputs, []);
  }
});

test('a page that holds a failed input is 207 and 10010, with all of them', async (t) => {
  const { call, clock } = await raw(t);
  await call('POST', '/v2/inputs', { inputs: [byUrl('a'), { id: 'b', data: { image: { base64: 'AAAA' } } }] });
  assert.equal((await call('GET', '/v2/inputs')).http, 200);
  clock.ms += 1500;
  for (const path of ['/v2/inputs', '/v2/inputs?ids=a&ids=b', '/v2/inputs/stream']) {
    const answer = await call('GET', path);
    assert.deepEqual([answer.http, answer.body.status], [207, { code: 10010, description: 'Mixed Success' }]);
    assert.deepEqual(codes(answer).toSorted(), [30000, 30101]);
  }
  assert.equal((await call('GET', '/v2/inputs?per_page=1&page=2')).http, 200);
  assert.deepEqual((await call('GET', '/v2/inputs/b')).body, {
    status: ok,
    input: {
      ...(await call('GET', '/v2/inputs/b')).body.input,
      status: { code: 30101, description: 'Input image format unsupported' },
    },
  });
});

test('ids and status.code filter together, and page', async (t) => {
  const sandbox = await raw(t, { indexMs: 1000, faults: { ...noFaults, outcomes: [{ text: 'bad', code: 30002 }] } });
  await addMany(sandbox, ['a', 'bad1', 'b']);
  sandbox.clock.ms += 1000;
  await addMany(sandbox, ['c', 'bad2']);
  sandbox.clock.ms += 500;
  await addMany(sandbox, ['d']);
  const list = async (query: string): Promise<string> => ids(await sandbox.call('GET', `/v2/inputs?${query}`)).join();
  assert.equal(await list('ids=b&ids=nobody&ids=a&ids=b'), 'b,a');
  assert.equal(await list('ids=nobody'), '');
  assert.equal(await list('ids=a&ids=b&ids=c&per_page=2'), 'c,b');
  assert.equal(await list('ids=a&ids=b&ids=c&per_page=2&page=2'), 'a');
  assert.equal(await list('ids=a&ids=c&ids=bad1&status.code=30000'), 'a');
  assert.equal(await list('status.code=30000'), 'b,a');
  assert.equal(await list('status.code=INPUT_DOWNLOAD_SUCCESS&per_page=1&page=2'), 'a');
  assert.equal(await list('status.code=30002'), 'bad1');
  assert.equal(await list('status.code=30001'), 'd');
  assert.equal(await list('status.code=30003'), 'bad2,c');
  assert.equal(await list('status.code=30003&per_page=1&page=2'), 'c');
  assert.equal(await list('status.code=0'), 'd,bad2,c,b,bad1,a');
  assert.equal(await list('status.code=30300'), '');
});

test('the stream walks from oldest to newest or back, last_id left out', async (t) => {
  const sandbox = await raw(t);
  await addMany(sandbox, ['c', 'a']);
  await addMany(sandbox, ['b', 'a1', 'a-', 'a_']);
  const walk = async (query: string): Promise<string> =>
    ids(await sandbox.call('GET', `/v2/inputs/stream?${query}`)).join();
  assert.equal(await walk(''), 'c,a,b,a1,a-,a_');
  assert.equal(await walk('per_page=2'), 'c,a');
  assert.equal(await walk('per_page=2&last_id=a'), 'b,a1');
  assert.equal(await walk('last_id=a_'), '');
  assert.equal(await walk('descending=true'), 'a_,a-,a1,b,a,c');
  assert.equal(await walk('descending=true&last_id=b&per_page=1'), 'a');
  assert.equal(await walk('descending=false&last_id='), 'c,a,b,a1,a-,a_');
  assert.equal(await walk('order_by_id=true'), 'a,a-,a1,a_,b,c');
  assert.equal(await walk('order_by_id=true&last_id=a'), 'a-,a1,a_,b,c');
  assert.equal(await walk('order_by_id=true&descending=true&last_id=a1'), 'a-,a');
  const lost = await sandbox.call('GET', '/v2/inputs/stream?last_id=nobody');
  assert.deepEqual(lost, {
    http: 404,
    body: { status: { code: 11101, description: 'Resource does not exist' }, inputs: [] },
  });
});

test('the concepts are those that inputs of the app have, by page', async (t) => {
  const { call, clock } = await raw(t);
  const concepts = (...names: readonly string[]): object => ({ concepts: names.map((id) => ({ id })) });
  await call('POST', '/v2/inputs', {
    inputs: [
      byUrl('1', { ...concepts('cat', 'dog') }),
      byUrl('2', { ...concepts('dog', 'Häuser/Straße', 'x'.repeat(600)) }),
    ],
  });
  const all = await call('GET', '/v2/concepts');
  const concept = (id: string): object => ({ id, name: id, app_id: 'sandbox' });
  assert.equal(all.http, 200);
  assert.deepEqual(new Set(all.body.concepts), new Set(['Häuser/Straße', 'cat', 'dog', 'x'.repeat(600)].map(concept)));
  assert.equal((await call('GET', '/v2/concepts?per_page=3&page=2')).body.concepts?.length, 1);
  await call('PATCH', '/v2/inputs', { action: 'remove', inputs: [{ id: '1', data: concepts('cat') }] });
  await call('DELETE', '/v2/inputs/2');
  clock.ms += 300;
  assert.deepEqual((await call('GET', '/v2/concepts')).body, { status: ok, concepts: [concept('dog')] });
});
