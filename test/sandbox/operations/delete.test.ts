import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answered, byUrl, codes, ids, raw } from '../raw-http.js';

const accepted: Answered = { http: 200, body: { status: { code: 10000, description: 'Ok' } } };

test('a deleted input is found, and its id taken, until the deletion is done', async (t) => {
  const { call, clock } = await raw(t, { deleteMs: 300 });
  await call('POST', '/v2/inputs', { inputs: [byUrl('a'), byUrl('b')] });
  assert.deepEqual(await call('DELETE', '/v2/inputs/a'), accepted);
  clock.ms += 299;
  assert.equal((await call('GET', '/v2/inputs/a')).http, 200);
  assert.deepEqual(await call('DELETE', '/v2/inputs/a'), accepted);
  assert.deepEqual(codes(await call('POST', '/v2/inputs', { inputs: [byUrl('a')] })), [30104]);
  assert.deepEqual(ids(await call('GET', '/v2/inputs?ids=a')), ['a']);
  clock.ms += 1;
  assert.equal((await call('GET', '/v2/inputs/a')).http, 404);
  assert.deepEqual(ids(await call('GET', '/v2/inputs?ids=a&ids=b')), ['b']);
  assert.equal((await call('GET', '/v2/inputs/status')).body.counts?.['to_process'], 1);
  assert.deepEqual(codes(await call('POST', '/v2/inputs', { inputs: [byUrl('a')] })), [30001]);
  assert.deepEqual(ids(await call('GET', '/v2/inputs/stream')), ['b', 'a']);
});

test('a missing id is 404 by itself and nothing in a list', async (t) => {
  const { call, clock } = await raw(t);
  await call('POST', '/v2/inputs', { inputs: [byUrl('a')] });
  assert.deepEqual(await call('DELETE', '/v2/inputs/nobody'), {
    http: 404,
    body: { status: { code: 11101, description: 'Resource does not exist' } },
  });
  assert.deepEqual(await call('DELETE', '/v2/inputs', { ids: ['nobody', 'a', 'a'] }), accepted);
  clock.ms += 300;
  assert.deepEqual(ids(await call('GET', '/v2/inputs')), []);
});

test('no ids never delete anything, and more than 128 are refused', async (t) => {
  const { call, clock } = await raw(t);
  await call('POST', '/v2/inputs', { inputs: [byUrl('a')] });
  const refused: readonly (readonly [unknown, number])[] = [
    [{ ids: [] }, 11102],
    [{}, 11102],
    [undefined, 11102],
    [{ ids: null, delete_all: false }, 11102],
    [{ ids: Array.from({ length: 129 }, () => 'a') }, 11102],
    [{ ids: 'a' }, 11100],
    [{ ids: [1] }, 11100],
    [{ id: 'a' }, 11100],
  ];
  for (const [body, code] of refused) {
    const answer = await call('DELETE', '/v2/inputs', body);
    assert.deepEqual([answer.http, answer.body.status.code], [400, code], JSON.stringify(body));
  }
  clock.ms += 1000;
  assert.deepEqual(ids(await call('GET', '/v2/inputs')), ['a']);
});

test('delete_all deletes all inputs of the app and of no other', async (t) => {
  const { call, clock } = await raw(t);
  await call('POST', '/v2/inputs', { inputs: [byUrl('a'), byUrl('b')] });
  await call('POST', '/v2/users/me/apps/other/inputs', { inputs: [byUrl('c')] });
  assert.deepEqual(await call('DELETE', '/v2/inputs', { delete_all: true }), accepted);
  clock.ms += 300;
  assert.deepEqual(ids(await call('GET', '/v2/inputs')), []);
  assert.deepEqual(ids(await call('GET', '/v2/users/me/apps/other/inputs')), ['c']);
});

test('delete_all is an unknown field where it is switched off', async (t) => {
  const { call, clock } = await raw(t, { deleteAll: false });
  await call('POST', '/v2/inputs', { inputs: [byUrl('a')] });
  assert.deepEqual(await call('DELETE', '/v2/inputs', { delete_all: true }), {
    http: 400,
    body: {
      status: {
        code: 11100,
        description: 'Bad request format',
        details: "Invalid json path 'delete_all' in request.",
      },
    },
  });
  clock.ms += 1000;
  assert.deepEqual(ids(await call('GET', '/v2/inputs')), ['a']);
});
