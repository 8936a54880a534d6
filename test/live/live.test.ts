import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { isObject } from '../../src/wire/json.js';
import { noFaults, startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/server.js';
import { MemoryInput, MemoryOutput, typist } from '../memory-streams.js';
import { RecordingProxy, type Intercept } from '../recording-proxy.js';
import { pngOf } from '../tiny-images.js';
import { assumptions } from './assumptions/all.js';
import { untried } from './assumptions/untried.js';
import { livePace } from './pace.js';
import { runLive, type LiveExitCode } from './run.js';
import { familyPrefix } from './wording.js';

const key = 'key-9b1d-of-this-test';
const appPath = '/v2/users/me/apps/throw-away';

interface Ran {
  readonly code: LiveExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

interface Ways {
  /** What is typed at a terminal; without it there is none. */
  readonly typed?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Told all of stderr after each write. */
  readonly onText?: (text: string) => void;
}

/** A sandbox whose time goes on with each request, so that nothing is waited for. */
async function open(t: TestContext, options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  let ms = Date.UTC(2024, 0, 2);
  const sandbox = await startSandbox({
    key,
    dataDir: undefined,
    port: 0,
    indexMs: 40,
    deleteMs: 40,
    fetchUrls: false,
    deleteAll: true,
    faults: noFaults,
    now: () => (ms += 10),
    ...options,
  });
  t.after(() => sandbox.close());
  return sandbox;
}

/** The sandbox behind a proxy that keeps what was sent, and can answer in its place. REST alone. */
async function proxied(t: TestContext, sandbox: Sandbox, intercept?: Intercept): Promise<RecordingProxy> {
  const proxy = new RecordingProxy(sandbox.url);
  if (intercept !== undefined) proxy.intercept = intercept;
  await proxy.start(t);
  return proxy;
}

async function live(url: string, words: readonly string[], ways: Ways = {}): Promise<Ran> {
  const stdin = new MemoryInput(undefined, ways.typed !== undefined);
  const type = typist(stdin, ways.typed === undefined ? [] : [{ after: '[y/N]', keys: `${ways.typed}\n` }]);
  const [stdout, stderr] = [
    new MemoryOutput({}),
    new MemoryOutput({
      onText: (text) => {
        type(text);
        ways.onText?.(text);
      },
    }),
  ];
  const code = await runLive(['--api-base', url, ...words], {
    env: ways.env ?? { CLARIFAI_PAT: key },
    stdin,
    stdout,
    stderr,
    signal: ways.signal ?? new AbortController().signal,
    pace: { ...livePace, gapMs: 0, pollMs: 1, waitMs: 5000 },
  });
  const ran = { code, stdout: stdout.text, stderr: stderr.text };
  assert.ok(!(ran.stdout + ran.stderr).includes(key), 'the key is printed');
  return ran;
}

const app = ['--app', 'throw-away'];

async function ask(sandbox: Sandbox, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(sandbox.url + appPath + path, {
    method,
    headers: { authorization: `Key ${key}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return await response.json();
}

async function idsIn(sandbox: Sandbox): Promise<readonly unknown[]> {
  const body = await ask(sandbox, 'GET', '/inputs?per_page=1000');
  assert.ok(isObject(body) && Array.isArray(body['inputs']));
  return body['inputs'].map((input) => (isObject(input) ? input['id'] : undefined));
}

async function addForeign(sandbox: Sandbox): Promise<void> {
  const input = { id: 'of-somebody-else', data: { image: { base64: pngOf(1).toString('base64') } } };
  await ask(sandbox, 'POST', '/inputs', { inputs: [input] });
}

/** The row of an assumption, and what is told below it. */
function rowOf(table: string, name: string): string {
  return new RegExp(`^${name} .*(?:\n {4}.*)*`, 'm').exec(table)?.[0] ?? '';
}

test('live finds the sandbox to be as assumed, over both transports, and leaves nothing', async (t) => {
  const sandbox = await open(t);
  const { code, stdout, stderr } = await live(sandbox.url, [...app, '--yes']);
  const wrong = stdout.split('\n').filter((line) => /differs|could not be told/.test(line));
  assert.deepEqual(wrong, []);
  assert.equal(code, 0);
  for (const { name } of [...assumptions, ...untried]) assert.notEqual(rowOf(stdout, name), '', name);
  assert.match(rowOf(stdout, 'concept-without-value'), /same +same +cat=1 over REST, cat=0 over gRPC +3, gRPC A2$/);
  assert.match(rowOf(stdout, 'throttled'), /not tried +not tried[^\n]*\n {4}it would take more requests/);
  assert.match(rowOf(stdout, 'grpc-unknown-method'), /- +same/);
  assert.match(stdout, /\n\nrest: \d+ same, 14 not tried\ngrpc: \d+ same, 15 not tried\n$/);
  assert.deepEqual(await idsIn(sandbox), []);
  assert.match(stderr, /the dataset clarifai-inputs-live-\w+-dataset stays/);
});

test('no two assumptions have one name', () => {
  const names = [...assumptions, ...untried].map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});

test('live leaves alone what others have added, and names no input but its own', async (t) => {
  const sandbox = await open(t);
  await addForeign(sandbox);
  const proxy = await proxied(t, sandbox);
  const { code, stdout } = await live(proxy.url, [...app, '--yes', '--shared', '--transport', 'rest']);
  assert.equal(code, 0);
  assert.deepEqual(await idsIn(sandbox), ['of-somebody-else']);
  assert.match(
    rowOf(stdout, 'delete-no-ids'),
    /not tried[^\n]*\n {4}rest: the app has inputs that this command did not/,
  );
  const changes = proxy.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith(`${appPath}/inputs`));
  const texts = changes.map(({ path, body }) => path + body.toString());
  const named = texts.flatMap((text) => [...text.matchAll(/"(?:id|ids)":\[?"([^"]+)"/g)].map(([, id]) => id ?? ''));
  assert.ok(named.length > 100, String(named.length));
  const inside = /^(?:r[123])$/;
  assert.deepEqual(
    named.filter((id) => !id.startsWith(familyPrefix) && !inside.test(id)),
    [],
  );
  assert.ok(proxy.requests.length < livePace.requestsPerTransport, String(proxy.requests.length));
  const elsewhere = proxy.requests.filter(({ path }) => !path.startsWith(appPath) && !path.startsWith('/media/'));
  assert.deepEqual(elsewhere, []);
});

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
  await addForeign(sandbox);
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
    if (text.includes('rest 3/')) stopping.abort();
  };
  const { code, stderr } = await live(sandbox.url, app, { typed: 'yes', signal: stopping.signal, onText });
  assert.equal(code, 130);
  assert.match(stderr, /Add inputs and delete them again\? \[y\/N\] \s*rest 1\//);
  assert.doesNotMatch(stderr, /rest 9\//);
});

test('live tells what is not as assumed, and exits 1', async (t) => {
  const sandbox = await open(t, { deleteMs: 0 });
  const { code, stdout } = await live(sandbox.url, [...app, '--yes']);
  assert.equal(code, 1);
  assert.equal(
    rowOf(stdout, 'delete-id-still-taken').replaceAll(/ +/g, ' '),
    'delete-id-still-taken differs differs 200 10000, then 400 10020: 30104 6\n' +
      ' rest: 200 10000, then 200 10000: 30001\n grpc: 10000, then 10000: 30001',
  );
  assert.match(stdout, /\nrest: \d+ same, 1 differs, 14 not tried\ngrpc: \d+ same, 1 differs, 15 not tried\n$/);
  assert.deepEqual(await idsIn(sandbox), []);
});

test('live tells what came of a service that answers otherwise, and cleans up all the same', async (t) => {
  const sandbox = await open(t);
  const proxy = await proxied(t, sandbox, ({ method, query }) => {
    if (query.get('per_page') === '1001') return { status: 200, body: { status: { code: 10000 }, inputs: [] } };
    if (method === 'PATCH') return 'drop';
    return undefined;
  });
  const { code, stdout } = await live(proxy.url, [...app, '--yes', '--transport', 'rest']);
  assert.equal(code, 1);
  assert.match(rowOf(stdout, 'list-per-page-1001'), /differs +400 11102 +9\n {4}rest: 200 10000$/);
  assert.match(rowOf(stdout, 'merge-concepts'), /could not be told[^\n]*\n {4}rest: \w+: .+/);
  assert.deepEqual(await idsIn(sandbox), []);
});

test('live cleans up when it is interrupted', async (t) => {
  const sandbox = await open(t);
  await addForeign(sandbox);
  const stopping = new AbortController();
  const onText = (text: string): void => {
    if (text.includes('merge-concepts')) stopping.abort(new Error('interrupted'));
  };
  const words = [...app, '--yes', '--shared'];
  const { code, stdout } = await live(sandbox.url, words, { signal: stopping.signal, onText });
  assert.equal(code, 130);
  assert.match(rowOf(stdout, 'add-mixed'), /same/);
  assert.match(rowOf(stdout, 'delete-many'), /could not be told[^\n]*\n {4}the run was ended before it$/);
  assert.deepEqual(await idsIn(sandbox), ['of-somebody-else']);
});

test('live deletes what a run before it has left', async (t) => {
  const sandbox = await open(t);
  const input = { id: `${familyPrefix}abc-left`, data: { image: { base64: pngOf(1).toString('base64') } } };
  await ask(sandbox, 'POST', '/inputs', { inputs: [input] });
  const stopping = new AbortController();
  const onText = (text: string): void => {
    if (text.includes('rest 3/')) stopping.abort();
  };
  await live(sandbox.url, [...app, '--yes'], { signal: stopping.signal, onText });
  assert.deepEqual(await idsIn(sandbox), []);
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

test('live exits 1 where the app cannot be read', async (t) => {
  const sandbox = await open(t, { key: 'another-key' });
  const { code, stderr } = await live(sandbox.url, [...app, '--yes']);
  assert.deepEqual([code, stderr], [1, 'the app cannot be listed: 401 11009\n']);
});
