import assert from 'node:assert/strict';
import test from 'node:test';
import { codeOf, countsOf, inputOf, inputsOf, statusOf } from '../../src/api/answers.js';
import { valueAt } from '../../src/wire/json.js';

test('a code is read as a number, as text and by its name', () => {
  assert.equal(codeOf(30000), 30000);
  assert.equal(codeOf('30000'), 30000);
  assert.equal(codeOf('CONN_THROTTLED'), 11005);
  assert.equal(codeOf('INPUT_DOWNLOAD_SUCCESS'), 30000);
  for (const value of [undefined, null, '', 'NEVER_HEARD_OF', -1.5, NaN, [], {}, true]) assert.equal(codeOf(value), 0);
});

test('a status is read with its description, details and request id', () => {
  const status = { code: '10000', description: 'Ok', details: 'all fine', req_id: 'abc' };
  assert.deepEqual(statusOf({ status }), { code: 10000, description: 'Ok', details: 'all fine', reqId: 'abc' });
});

test('a status that is one word is read, with its message', () => {
  const status = { code: 11101, description: 'NOT_FOUND', details: 'nothing here', reqId: undefined };
  assert.deepEqual(statusOf({ status: 'NOT_FOUND', status_msg: 'nothing here' }), status);
});

test('an answer without a status has code 0', () => {
  for (const body of [undefined, null, 'text', [], {}, { status: null }, { status: 7 }]) {
    assert.deepEqual(statusOf(body), { code: 0, description: '', details: '', reqId: undefined });
  }
});

test('inputs keep what the service sent, whatever it is', () => {
  const raw = { id: 'a', status: { code: '30001', description: 'pending' }, data: {}, new_field: [1] };
  const [input] = inputsOf({ inputs: [raw] }) ?? [];
  assert.equal(input?.id, 'a');
  assert.deepEqual(input.status, { code: 30001, description: 'pending', details: '', reqId: undefined });
  assert.deepEqual(input.raw, raw);
  assert.deepEqual(inputOf({ input: raw })?.raw, raw);
});

test('an entry that is not an input keeps its place without an id', () => {
  const ids = inputsOf({ inputs: [{ id: 'a' }, null, { id: 7 }, { id: 'd' }] })?.map(({ id }) => id);
  assert.deepEqual(ids, ['a', '', '', 'd']);
});

test('an answer that has no inputs is told from one that has none left', () => {
  assert.deepEqual(inputsOf({ inputs: [] }), []);
  assert.equal(inputsOf({}), undefined);
  assert.equal(inputsOf({ inputs: {} }), undefined);
  assert.equal(inputOf({ input: [] }), undefined);
});

test('counts are read as numbers and as text, and what is left out is 0', () => {
  assert.deepEqual(countsOf({ counts: { processed: 3, errors: '2', reindexing: 'many' } }), {
    processed: 3,
    to_process: 0,
    errors: 2,
    processing: 0,
    reindexed: 0,
    to_reindex: 0,
    reindex_errors: 0,
    reindexing: 0,
  });
  assert.equal(countsOf({}), undefined);
});

test('a path through JSON finds own keys alone', () => {
  const value = { data: { image: { url: 'u' } }, list: [{ a: 1 }] };
  assert.equal(valueAt(value, ['data', 'image', 'url']), 'u');
  assert.equal(valueAt(value, ['data', 'video', 'url']), undefined);
  assert.equal(valueAt(value, ['constructor']), undefined);
  assert.equal(valueAt(value, ['list', '0']), undefined);
});

test('a code named like a property of every object is not a code', () => {
  for (const code of ['constructor', '__proto__', 'toString']) assert.equal(codeOf(code), 0);
});
