import assert from 'node:assert/strict';
import test from 'node:test';
import { onlyRest, openWorld, rows } from '../harness.js';

const dead = 'http://127.0.0.1:9';

test('a dead address is told while it is tried, and asked about once at the end', async (t) => {
  const world = await openWorld(t, { env: { CLARIFAI_API_BASE: dead } });
  for (let index = 0; index < 30; index += 1) world.write(`p/${index}.txt`, `text ${index}`);
  // so many that the random pauses between them never come to less than the 3 s after which it is told
  const result = await world.cli(['add', 'p', '--type', 'text', '--retries', '12']);
  assert.equal(result.code, 6);
  assert.match(result.stderr, /^no response from 127\.0\.0\.1:9 \(attempt \d+ of 13\)$/m);
  assert.equal(result.stderr.match(/^error: /gm)?.length, 1);
  assert.doesNotMatch(result.stderr, /^failed: /m);
  assert.match(result.stderr, /^hint: is http:\/\/127\.0\.0\.1:9 right\? \(CLARIFAI_API_BASE\)$/m);
  assert.match(result.stderr, /^30 sources: 30 unsent$/m);
  assert.deepEqual(new Set(rows(result.stdout).map(({ outcome }) => outcome)), new Set(['unsent']));
  const hints = result.stderr.match(/^hint: .*$/gm) ?? [];
  assert.equal(new Set(hints).size, hints.length);
});

test('the hint names the option that gave the address', async (t) => {
  const world = await openWorld(t);
  const result = await world.cli(['list', '--api-base', dead, '--retries', '0']);
  assert.equal(result.code, 6);
  assert.match(result.stderr, /^hint: is http:\/\/127\.0\.0\.1:9 right\? \(--api-base\)$/m);
});

test('with --quiet only the error is told', async (t) => {
  const world = await openWorld(t, { env: { CLARIFAI_API_BASE: dead } });
  const result = await world.cli(['list', '-q']);
  assert.doesNotMatch(result.stderr, /attempt \d/);
});

test('a service that throttles is told with the seconds to wait', async (t) => {
  const world = await openWorld(t);
  let calls = 0;
  world.intercept = () => (calls++ === 0 ? { status: 429, headers: { 'retry-after': '12' } } : undefined);
  const result = await world.cli(['list']);
  assert.equal(result.code, 0);
  assert.match(result.stderr, /^rate limited; retrying in 1[23] s$/m);
});

test('a wait that is over soon is not told', async (t) => {
  const world = await openWorld(t);
  let calls = 0;
  world.intercept = () => (calls++ === 0 ? { status: 503 } : undefined);
  const result = await world.cli(['list']);
  assert.equal(result.stderr, '');
});

test('rm has a record for each id, also where the service is not reached', async (t) => {
  const world = await openWorld(t, { env: { CLARIFAI_API_BASE: dead } });
  for (const ids of [['a'], ['a', 'b']]) {
    const result = await world.cli(['rm', ...ids, '--yes', '--retries', '0']);
    assert.equal(result.code, 6);
    assert.deepEqual(
      rows(result.stdout).map(({ id, outcome }) => [id, outcome]),
      ids.map((id) => [id, 'unsent']),
    );
  }
});

test('patch names the inputs that it did not get to as unsent', async (t) => {
  const world = await openWorld(t, { env: { CLARIFAI_API_BASE: dead } });
  const result = await world.cli(['patch', 'a', 'b', '-c', 'dog', '--retries', '0']);
  assert.equal(result.code, 6);
  assert.deepEqual(
    rows(result.stdout).map(({ id, outcome }) => [id, outcome]),
    [
      ['a', 'unsent'],
      ['b', 'unsent'],
    ],
  );
  assert.match(result.stderr, /^2 inputs: 2 unsent$/m);
});

test('a service that asks for an hour leaves each source unsent, and is told once', async (t) => {
  const world = await openWorld(t);
  for (const name of ['a', 'b']) world.write(`p/${name}.txt`, name);
  world.intercept = () => ({ status: 429, headers: { 'retry-after': '3600' } });
  const result = await world.cli(['add', 'p', '--type', 'text']);
  assert.deepEqual([result.code, result.requests.length], [6, 1]);
  assert.match(result.stderr, /^error: .*; the service asks to wait until \d{4}-\d\d-\d\dT/m);
  assert.match(result.stderr, /^hint: run the same command again then$/m);
  assert.match(result.stderr, /^2 sources: 2 unsent$/m);
});

test('a redirect to another host names it, with what to do, after one request', { ...onlyRest }, async (t) => {
  const world = await openWorld(t);
  world.intercept = () => ({ status: 308, headers: { location: 'https://api.example.com/v2/inputs' } });
  const result = await world.cli(['list']);
  assert.deepEqual([result.code, result.requests.length], [6, 1]);
  assert.match(result.stderr, /redirected to another host, https:\/\/api\.example\.com, and not followed/);
  assert.match(result.stderr, /^hint: if that is the service, pass --api-base https:\/\/api\.example\.com$/m);
});
