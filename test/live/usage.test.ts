import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addInput, app, key, live, open, proxied } from './sandboxed-run.js';

const withoutConsent = [
  { name: 'without a terminal', words: app, ways: {}, says: /agree by --yes/ },
  { name: 'where the answer is no', words: app, ways: { typed: 'n' }, says: /nothing was done/ },
  { name: 'where nothing is answered', words: app, ways: { typed: '' }, says: /nothing was done/ },
] as const;

for (const { name, words, ways, says } of withoutConsent) {
  test(`live changes nothing ${name}`, async (t) => {
    const proxy = await proxied(t, await open(t));
    const { code, stdout, stderr } = await live(proxy.url, words, ways);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, says);
    assert.deepEqual([...new Set(proxy.requests.map(({ method }) => method))], ['GET']);
  });
}

test('live uses an app with inputs of others only when told to', async (t) => {
  const sandbox = await open(t);
  await addInput(sandbox, 'of-somebody-else');
  const proxy = await proxied(t, sandbox);
  const { code, stderr } = await live(proxy.url, [...app, '--yes']);
  assert.equal(code, 2);
  assert.match(stderr, /holds 1 input that this command did not make.*agree by --shared/);
  const refused = await live(proxy.url, [...app, '--yes'], { typed: 'no' });
  assert.equal(refused.code, 2);
  assert.deepEqual([...new Set(proxy.requests.map(({ method }) => method))], ['GET']);
});

test('live begins when the question is answered with yes', async (t) => {
  const sandbox = await open(t);
  const stopping = new AbortController();
  const onText = (text: string): void => {
    if (text.includes('REST 3/')) stopping.abort();
  };
  const { code, stderr } = await live(sandbox.url, app, { typed: 'yes', signal: stopping.signal, onText });
  assert.equal(code, 130);
  assert.match(stderr, /Add inputs and delete them again\? \[y\/N\] \s*REST 1\//);
  assert.doesNotMatch(stderr, /REST 9\//);
});

const misuses = [
  { name: 'without a key', words: app, env: {}, says: /^CLARIFAI_PAT is not set\n\nusage: / },
  { name: 'without an app', words: [], says: /^--app is missing/ },
  { name: 'with an unknown transport', words: [...app, '--transport', 'smoke'], says: /^--transport must be/ },
  { name: 'with an unknown option', words: [...app, '--force'], says: /^Unknown option '--force'/ },
  {
    name: 'over plain http to another machine',
    words: [...app, '--api-base', 'http://api.example'],
    says: /^plain http to api.example would expose the key/,
  },
] as const;

for (const { name, words, says, ...ways } of misuses) {
  test(`live exits 2 ${name}`, async () => {
    const { code, stderr } = await live('http://127.0.0.1:9', words, ways);
    assert.equal(code, 2);
    assert.match(stderr, says);
  });
}

test('live does not take the key as an option', async () => {
  const { code, stderr } = await live('http://127.0.0.1:9', ['--app', key]);
  assert.equal(code, 2);
  assert.match(stderr, /^the key belongs in CLARIFAI_PAT alone/);
});

test('live exits 1 where the app cannot be read', async (t) => {
  const sandbox = await open(t, { key: 'another-key' });
  const { code, stderr } = await live(sandbox.url, [...app, '--yes']);
  assert.deepEqual([code, stderr], [1, 'the app cannot be listed: 401 11009\n']);
});
