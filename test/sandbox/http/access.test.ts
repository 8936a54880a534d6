import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { byUrl, ids, key, raw } from '../raw-http.js';

const malformed = {
  code: 11102,
  description: 'Invalid request',
  details: 'Empty or malformed authorization header. Please provide an API key or session token.',
};
const wrongForm = {
  code: 11008,
  description: 'Invalid API key or Invalid API key/application pair',
  details: 'Invalid format of key.',
};
const unknownKey = { code: 11009, description: 'API key not found', details: 'invalid key(None)' };

test('a request without the key is refused as recorded, with its lists empty', async (t) => {
  const { call } = await raw(t);
  const headers: readonly (readonly [string, number, object])[] = [
    ['', 400, malformed],
    [key, 400, malformed],
    [`key ${key}`, 400, malformed],
    [`Bearer ${key}`, 400, malformed],
    [`Key${key}`, 400, malformed],
    ['Key', 401, wrongForm],
    ['Key  ', 401, wrongForm],
    ['Key two words', 401, wrongForm],
    ['Key k\u00e9', 401, wrongForm],
    ['Key another', 401, unknownKey],
    [`Key ${key}x`, 401, unknownKey],
    [`Key ${key.toUpperCase()}`, 401, unknownKey],
  ];
  for (const [authorization, http, status] of headers) {
    assert.deepEqual(await call('GET', '/v2/inputs', undefined, { authorization }), {
      http,
      body: { status, inputs: [] },
    });
  }
  const headless = { authorization: 'Key another' };
  assert.deepEqual((await call('POST', '/v2/inputs', { inputs: [] }, headless)).body, {
    status: unknownKey,
    inputs: [],
  });
  assert.deepEqual((await call('GET', '/v2/inputs/a', undefined, headless)).body, { status: unknownKey });
  assert.deepEqual((await call('GET', '/v2/concepts', undefined, headless)).body, { status: unknownKey, concepts: [] });
  assert.deepEqual((await call('GET', '/v2/nothing', undefined, headless)).body, { status: unknownKey });
});

test('a verb that a path has not is 405 and 11103', async (t) => {
  const { call } = await raw(t);
  const wrong: readonly (readonly [string, string])[] = [
    ['PUT', '/v2/inputs'],
    ['PATCH', '/v2/inputs/a'],
    ['POST', '/v2/inputs/a'],
    ['POST', '/v2/inputs/status'],
    ['DELETE', '/v2/inputs/stream'],
    ['POST', '/v2/concepts'],
    ['OPTIONS', '/v2/inputs'],
  ];
  for (const [method, path] of wrong) {
    assert.deepEqual(await call(method, path, method === 'OPTIONS' ? undefined : {}), {
      http: 405,
      body: { status: { code: 11103, description: 'Method not allowed', details: 'Method Not Allowed' } },
    });
  }
});

test('every other route is 404 and 11101: fixed words are no ids', async (t) => {
  const { call } = await raw(t);
  const paths = [
    '',
    '/',
    '/models',
    '/inputs/searches',
    '/inputs/jobs',
    '/inputs/jobs/add/x',
    '/inputs/uploads',
  ].concat(
    ['/inputs/jobs/extraction/x', '/inputs/a/video_manifest', '/users/me/apps/a', '/users/me/inputs', '/concepts/a'],
    ['/users//apps/a/inputs', '//inputs', '/inputs/%2e%2e%2f', '/inputs/%00', '/inputs/__proto__', '/constructor'],
  );
  for (const path of paths) {
    const { http, body } = await call('GET', `/v2${path}`);
    assert.deepEqual([path, http, body.status.code], [path, 404, 11101]);
  }
  assert.equal((await call('POST', '/v2/inputs/searches', {})).http, 404);
});

test('a path with a broken escape is 404, not a crash', async (t) => {
  const { url } = await raw(t);
  const response = await fetch(`${url}/v2/inputs/%zz`, { headers: { authorization: `Key ${key}` } });
  assert.equal(response.status, 404);
});

test('slashes at the end of any path are passed over', async (t) => {
  const { call } = await raw(t);
  await call('POST', '/v2/inputs/', { inputs: [byUrl('a')] });
  const paths = [
    '/v2/inputs/',
    '/v2/inputs/a/',
    '/v2/inputs/status/',
    '/v2/inputs/stream//?per_page=1',
    '/v2/concepts/',
  ];
  for (const path of paths) assert.equal((await call('GET', path)).http, 200, path);
  assert.equal((await call('DELETE', '/v2/inputs/a/')).http, 200);
});

test('the short path, me and the own app are one; the other two ways to name an app lead to the same', async (t) => {
  const { call } = await raw(t);
  await call('POST', '/v2/inputs', { inputs: [byUrl('own')] });
  for (const path of ['/v2/users/me/apps/sandbox/inputs', '/v2/users/sandbox/apps/sandbox/inputs']) {
    assert.deepEqual(ids(await call('GET', path)), ['own']);
  }
  const other = { user_id: 'jo', app_id: 'my app' };
  await call('POST', '/v2/inputs', { inputs: [byUrl('a')], user_app_id: other });
  await call('PATCH', '/v2/inputs', { inputs: [byUrl('a')], action: 'merge', user_app_id: other });
  const query = '?user_app_id.user_id=jo&user_app_id.app_id=my%20app';
  assert.deepEqual(ids(await call('GET', `/v2/inputs${query}`)), ['a']);
  assert.deepEqual(ids(await call('GET', '/v2/users/jo/apps/my%20app/inputs/')), ['a']);
  assert.deepEqual(ids(await call('GET', '/v2/users/me/apps/my%20app/inputs')), []);
  assert.equal((await call('GET', `/v2/inputs/a${query}`)).body.input?.id, 'a');
  assert.equal((await call('GET', '/v2/inputs/a')).http, 404);
  assert.equal((await call('DELETE', '/v2/inputs', { ids: ['a'], user_app_id: { ...other, x: 1 } })).http, 400);
  assert.equal((await call('DELETE', '/v2/inputs', { ids: ['a'], user_app_id: other })).http, 200);
});

test('only a Host of this machine is served, with any port, on any path', async (t) => {
  const { port } = await raw(t);
  const statusFor = (host: string, path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const headers = { host, authorization: `Key ${key}` };
      request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  for (const host of ['127.0.0.1', `localhost:${port}`, '[::1]:1', 'LOCALHOST']) {
    assert.equal(await statusFor(host, '/v2/inputs'), 200, host);
  }
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:80',
    '127.0.0.2',
    'x@localhost',
  ]) {
    for (const path of ['/v2/inputs', '/', '/page/inputs']) assert.equal(await statusFor(host, path), 421, host);
  }
});

test('a request may ask for a prefix of its id', async (t) => {
  const { url } = await raw(t);
  const headers = { authorization: `Key ${key}`, 'x-clarifai-request-id-prefix': 'run-7' };
  const text = await (await fetch(`${url}/v2/inputs/status`, { headers })).text();
  assert.match(text, /"req_id":"run-7-[0-9a-f]{32}"/);
});

test('JSON that no service of protobuf reads is refused as a whole, and is not an internal error', async (t) => {
  const { url } = await raw(t);
  const headers = { authorization: `Key ${key}` };
  const post = async (body: string): Promise<number> =>
    (await fetch(`${url}/v2/inputs`, { method: 'POST', headers, body })).status;
  const input = (data: string): string => `{"inputs":[{"data":{"image":{"url":"http://h/a"},${data}}}]}`;
  const nested = '{"regions":[{"data":'.repeat(50_000) + '{}' + '}]}'.repeat(50_000);
  const bad = [
    input('"concepts":[{"id":"\\ud800"}]'),
    input('"concepts":[{"id":"\\\\\\uDC00x"}]'),
    input('"metadata":{"a":1e999}'),
    input('"geo":{"geo_point":{"longitude":1e999,"latitude":0}}'),
    '{"user_app_id":{"app_id":"\\ud800"},"inputs":[{"data":{"image":{"url":"http://h/a"}}}]}',
    `{"inputs":[{"data":${nested}}]}`,
  ];
  for (const body of bad) assert.equal(await post(body), 400, body.slice(0, 120));
  assert.equal(await post(input('"concepts":[{"id":"\\ud83d\\ude00 \\\\ud800"}]')), 200);
});
