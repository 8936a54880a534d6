import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { type Answered, bodyOf, byUrl, codes, ids, key, raw, type Raw } from './raw-http.js';

/** The page's cURL snippets as printed, in its order. */
const snippets = readFileSync(new URL('snippets.md', import.meta.url), 'utf8')
  .split(/^```\n?$/m)
  .filter((text) => text.includes('curl'));

const picture = new URL('../fixtures/photos/fruit/tiny cherry.png', import.meta.url).pathname;
const run = promisify(execFile);
const skip = spawnSync('curl', ['--version']).error === undefined ? false : 'curl is not installed';

/** Runs a snippet with host, key and ids replaced, in a shell; HTTP status and body. */
async function shell({ url }: Raw, index: number): Promise<Answered> {
  const script = (snippets[index] ?? '')
    .replaceAll('https://api.clarifai.com', url)
    .replaceAll('YOUR_API_KEY', key)
    .replaceAll('{YOUR_INPUT_ID_2}', 'puppy1')
    .replaceAll(/\{YOUR_INPUT_ID(?:_1)?\}/g, 'train1')
    .replaceAll('/home/user/image.jpeg', `'${picture}'`)
    .replace('curl ', "curl -s -w '\\n%{http_code}' ");
  const { stdout } = await run('sh', ['-c', script], { env: { PATH: process.env['PATH'], NO_PROXY: '*' } });
  const [text = '', http] = stdout.split(/\n(?=\d+$)/);
  return { http: Number(http), body: bodyOf(text) };
}

/** A sandbox with the inputs that the page's snippets speak of. */
async function prepared(sandbox: Raw): Promise<void> {
  await sandbox.call('POST', '/v2/inputs', { inputs: [byUrl('train1'), byUrl('puppy1')] });
}

test('the page has fifteen cURL snippets', () => {
  assert.equal(snippets.length, 15);
});

test('each snippet that adds is answered with what it sent, pending', { skip }, async (t) => {
  const sandbox = await raw(t);
  const data: Readonly<Record<number, readonly object[]>> = {
    0: [{ image: { url: 'https://samples.clarifai.com/metro-north.jpg' } }],
    2: [
      { image: { url: 'https://samples.clarifai.com/metro-north.jpg' } },
      { image: { url: 'https://samples.clarifai.com/puppy.jpeg' } },
    ],
    3: [
      {
        image: { url: 'https://samples.clarifai.com/puppy.jpeg' },
        concepts: [{ id: 'charlie', name: 'charlie', value: 1, app_id: 'sandbox' }],
      },
    ],
    4: [
      {
        image: { url: 'https://samples.clarifai.com/puppy.jpeg' },
        metadata: { id: 'id001', type: 'animal', size: 100 },
      },
    ],
  };
  for (const [index, wanted] of Object.entries(data)) {
    const answer = await shell(sandbox, Number(index));
    assert.deepEqual([answer.http, answer.body.status.code], [200, 10000]);
    assert.deepEqual(
      answer.body.inputs?.map((input) => input.data),
      wanted,
    );
    assert.deepEqual(new Set(codes(answer)), new Set([30001]));
  }
  assert.deepEqual(ids(await sandbox.call('GET', '/v2/inputs?ids=train1&ids=puppy1')), ['puppy1', 'train1']);
});

test('misprint: the shell drops a quote of the bytes snippet, so that its body is not JSON', { skip }, async (t) => {
  const sandbox = await raw(t);
  const answer = await shell(sandbox, 1);
  assert.deepEqual([answer.http, answer.body.status.code], [400, 11100]);
  assert.deepEqual(ids(await sandbox.call('GET', '/v2/inputs')), []);
});

test('misprint: the shell ends the list snippet at its &, so that per_page is never sent', { skip }, async (t) => {
  const sandbox = await raw(t);
  const inputs = Array.from({ length: 12 }, (_, number) => byUrl(`n${number}`));
  await sandbox.call('POST', '/v2/inputs', { inputs });
  const answer = await shell(sandbox, 5);
  assert.deepEqual([answer.http, ids(answer).length], [200, 12]);
});

test('the snippets that read one input and the counts', { skip }, async (t) => {
  const sandbox = await raw(t);
  await prepared(sandbox);
  const one = await shell(sandbox, 6);
  assert.deepEqual([one.http, one.body.input?.id, one.body.input?.status.code], [200, 'train1', 30001]);
  sandbox.clock.ms += 1500;
  assert.equal((await shell(sandbox, 6)).body.input?.status.code, 30000);
  const counts = await shell(sandbox, 7);
  assert.equal(counts.http, 200);
  assert.deepEqual(counts.body.counts, {
    processed: 2,
    to_process: 0,
    errors: 0,
    processing: 0,
    reindexed: 0,
    to_reindex: 0,
    reindex_errors: 0,
    reindexing: 0,
  });
});

test(
  'the snippets that change concepts; the one whose address ends in a slash like the others',
  { skip },
  async (t) => {
    const sandbox = await raw(t);
    await prepared(sandbox);
    const concept = (id: string, value: number): object => ({ id, name: id, value, app_id: 'sandbox' });
    const changed = async (index: number): Promise<unknown> => {
      const answer = await shell(sandbox, index);
      assert.equal(answer.http, 200);
      assert.deepEqual(new Set(codes(answer)), new Set([30200]));
      return answer.body.inputs?.map(({ data }) => data['concepts']);
    };
    const [tree, water] = [concept('tree', 1), concept('water', 0)];
    assert.deepEqual(await changed(8), [[tree, water]]);
    assert.deepEqual(await changed(9), [
      [tree, water],
      [concept('animal', 1), concept('fruit', 0)],
    ]);
    assert.deepEqual(await changed(10), [[tree]]);
    assert.deepEqual(await changed(11), [undefined, undefined]);
  },
);

test('the snippets that delete one, several and all', { skip }, async (t) => {
  const sandbox = await raw(t);
  const left = async (): Promise<readonly string[]> => {
    sandbox.clock.ms += 300;
    return ids(await sandbox.call('GET', '/v2/inputs'));
  };
  for (const [index, wanted] of [
    [12, ['puppy1']],
    [13, []],
    [14, []],
  ] as const) {
    await prepared(sandbox);
    assert.deepEqual(await shell(sandbox, index), { http: 200, body: { status: { code: 10000, description: 'Ok' } } });
    assert.deepEqual(await left(), wanted);
  }
});
