import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { assumptions } from './assumptions/all.js';
import { untried } from './assumptions/untried.js';
import { livePace, PacedGate } from './pace.js';
import { closeCallers, openCallers } from './probing.js';
import { addInput, app, appPath, idsIn, key, live, open, proxied } from './sandboxed-run.js';
import { Scene } from './scene.js';
import { familyPrefix } from './wording.js';

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
  assert.match(stdout, /\n\nREST: \d+ same, 18 not tried\ngRPC: \d+ same, 19 not tried\n$/);
  assert.deepEqual(await idsIn(sandbox), []);
  assert.match(stderr, /the dataset clarifai-inputs-live-\w+-dataset stays/);
});

test('no two assumptions have one name', () => {
  const names = [...assumptions, ...untried].map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});

test('live leaves alone what others have added, and names no input but its own', async (t) => {
  const sandbox = await open(t);
  await addInput(sandbox, 'of-somebody-else');
  const proxy = await proxied(t, sandbox);
  const { code, stdout } = await live(proxy.url, [...app, '--yes', '--shared', '--transport', 'rest']);
  assert.equal(code, 0);
  assert.deepEqual(await idsIn(sandbox), ['of-somebody-else']);
  assert.match(
    rowOf(stdout, 'delete-no-ids'),
    /not tried[^\n]*\n {4}REST: the app has inputs that this command did not/,
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
  assert.ok(
    !proxy.requests.some(({ path, query, body }) => `${path}${query.toString()}${body.toString()}`.includes(key)),
  );
  const elsewhere = proxy.requests.filter(({ path }) => !path.startsWith(appPath) && !path.startsWith('/media/'));
  assert.deepEqual(elsewhere, []);
});

test('live tells what is not as assumed, and exits 1', async (t) => {
  const sandbox = await open(t, { deleteMs: 0 });
  const { code, stdout } = await live(sandbox.url, [...app, '--yes']);
  assert.equal(code, 1);
  assert.equal(
    rowOf(stdout, 'delete-id-still-taken').replaceAll(/ +/g, ' '),
    'delete-id-still-taken differs differs 200 10000, then 400 10020: 30104 or 200 10000, then 400 10020: 40010 6\n' +
      ' REST: 200 10000, then 200 10000: 30001\n gRPC: 10000, then 10000: 30001',
  );
  assert.match(stdout, /\nREST: \d+ same, 1 differs, 18 not tried\ngRPC: \d+ same, 1 differs, 19 not tried\n$/);
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
  assert.match(rowOf(stdout, 'list-per-page-1001'), /differs +400 11102 +9\n {4}REST: 200 10000$/);
  assert.match(rowOf(stdout, 'merge-concepts'), /could not be told[^\n]*\n {4}REST: \w+: .+/);
  assert.deepEqual(await idsIn(sandbox), []);
});

test('live cleans up when it is interrupted', async (t) => {
  const sandbox = await open(t);
  await addInput(sandbox, 'of-somebody-else');
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

test('live cleans up even where one request in three fails', async (t) => {
  const sandbox = await open(t);
  const troubles = ['drop', 'lose', { status: 503, body: '<h1>busy</h1>' }] as const;
  let sent = 0;
  const proxy = await proxied(t, sandbox, () => {
    sent += 1;
    return sent > 10 && sent % 3 === 0 ? troubles[(sent / 3) % troubles.length] : undefined;
  });
  const { code, stdout } = await live(proxy.url, [...app, '--yes', '--transport', 'rest']);
  assert.equal(code, 1);
  assert.match(stdout, /\nREST: [1-9]\d* same, .*[1-9]\d* could not be told/);
  assert.deepEqual(await idsIn(sandbox), []);
});

test('live ends when its requests are spent, and cleans up', async (t) => {
  const sandbox = await open(t);
  const words = [...app, '--yes', '--transport', 'grpc'];
  const { code, stdout } = await live(sandbox.url, words, { pace: { requestsPerTransport: 20 } });
  assert.equal(code, 1);
  assert.match(rowOf(stdout, 'delete-many'), /could not be told[^\n]*\n {4}gRPC: the last of the requests/);
  assert.deepEqual(await idsIn(sandbox), []);
});

test('a probe changes no input but those of its run', async () => {
  const pace = { ...livePace, gapMs: 0 };
  const signal = new AbortController().signal;
  const target = { apiBase: 'http://127.0.0.1:9', userId: 'me', appId: 'throw-away', key };
  const callers = openCallers({ target, pace }, 10, signal);
  const parts = { ...callers, pace, signal, isShared: false, isLoopback: true };
  const scene = new Scene({ transport: 'rest', token: 'abc1234', ...parts });
  const refusal = /^Error: foreign is not an input of this run$/;
  await assert.rejects(scene.add({ id: 'foreign', data: {} }), refusal);
  await assert.rejects(scene.patch('merge', { id: 'foreign', data: {} }), refusal);
  await assert.rejects(scene.delete('foreign'), refusal);
  await assert.rejects(scene.deleteOne('foreign'), refusal);
  closeCallers(callers);
});

test('live lets requests go at a distance', async () => {
  const gate = new PacedGate({ gapMs: 5, answerMs: 1000 }, 10, new AbortController().signal);
  const startMs = Date.now();
  await Promise.all(Array.from({ length: 10 }, () => gate.pass()));
  assert.ok(Date.now() - startMs >= 40);
  await assert.rejects(gate.pass(), /spent/);
});

test('live deletes what a run before it has left', async (t) => {
  const sandbox = await open(t);
  await addInput(sandbox, `${familyPrefix}abc-left`);
  const stopping = new AbortController();
  const onText = (text: string): void => {
    if (text.includes('REST 3/')) stopping.abort();
  };
  await live(sandbox.url, [...app, '--yes'], { signal: stopping.signal, onText });
  assert.deepEqual(await idsIn(sandbox), []);
});

test('the command itself cleans up at Ctrl-C', async (t) => {
  const sandbox = await open(t, { indexMs: 0, deleteMs: 0 });
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const words = [main, ...app, '--yes', '--api-base', sandbox.url];
  const env = { PATH: process.env['PATH'], CLARIFAI_PAT: key };
  const child = spawn(process.execPath, ['--import', 'tsx', ...words], { env });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (!stderr.includes('REST 5/') && (stderr + text).includes('REST 5/')) child.kill('SIGINT');
    stderr += text;
  });
  await once(child, 'close');
  assert.equal(child.exitCode, 130);
  assert.match(stderr, /Interrupted\. Deleting what was added/);
  assert.deepEqual(await idsIn(sandbox), []);
});
