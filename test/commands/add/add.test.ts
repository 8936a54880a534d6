import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isList, isObject, valueAt } from '../../../src/wire/json.js';
import { fixture, Interrupt, openWorld, transport, type CliResult } from '../../harness.js';
import type { Recorded } from '../../recording-proxy.js';
import { pngOf, writeImages } from '../../tiny-images.js';

function posts({ requests }: Pick<CliResult, 'requests'>): readonly Recorded[] {
  return requests.filter(({ method }) => method === 'POST');
}

function sent(result: CliResult): readonly unknown[] {
  return posts(result).flatMap(({ json }) => {
    const inputs = isObject(json) ? json['inputs'] : undefined;
    return isList(inputs) ? inputs : [];
  });
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return isObject(value) ? valueAt(value, path) : undefined;
}

function records({ stdout }: CliResult): readonly Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const value: unknown = JSON.parse(line);
      assert.ok(isObject(value));
      return { ...value };
    });
}

/** The figures and their sum, as the summary tells them. */
function figures({ stderr }: CliResult): { read: number; sum: number; text: string } {
  const line = /(\d+) sources?: (.*)/.exec(stderr);
  const counts = [...(line?.[2] ?? '').matchAll(/(\d+) \w+/g)].map((match) => Number(match[1]));
  return { read: Number(line?.[1]), sum: counts.reduce((a, b) => a + b, 0), text: line?.[0] ?? '' };
}

test('add uploads a folder of photos, waits until each is at 30000, and its figures add up', async (t) => {
  const world = await openWorld(t);
  const result = await world.cli(['add', fixture('photos')]);
  assert.equal(result.code, 0);
  assert.equal(records(result).length, 40);
  assert.ok(records(result).every(({ outcome }) => outcome === 'added'));
  assert.ok((await world.inputs()).every(({ status }) => status.code === 30000));
  assert.deepEqual({ ...figures(result), text: '' }, { read: 40, sum: 40, text: '' });
  assert.equal((await world.inputs()).length, 40);
});

test('a thousand images are eight POSTs of at most 128, and the same again sends none', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 1000);
  const first = await world.cli(['add', 'p', '-o', 'ids']);
  assert.equal(first.code, 0);
  assert.equal(posts(first).length, 8);
  for (const { json } of posts(first))
    assert.ok(isObject(json) && Array.isArray(json['inputs']) && json['inputs'].length <= 128);
  const second = await world.cli(['add', 'p', '-o', 'ids']);
  assert.equal(second.code, 0);
  assert.equal(posts(second).length, 0);
  assert.match(second.stderr, /1000 exists/);
  assert.deepEqual([...new Set(second.stdout.trim().split('\n'))].sort(), [...(await world.ids())].sort());
});

test('the id is the first 32 hex digits of the SHA-256 of the content, and the bytes arrive as they are', async (t) => {
  const world = await openWorld(t);
  const bytes = pngOf(7, 5000);
  world.write('a.png', bytes);
  const result = await world.cli(['add', 'a.png']);
  const [input] = sent(result);
  const id = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  assert.deepEqual(input, { id, data: { image: { base64: bytes.toString('base64') } } });
  // a message of gRPC tells its length itself
  const { headers, body } = posts(result)[0] ?? assert.fail();
  if (transport === 'rest') assert.equal(Number(headers['content-length']), body.length);
  else assert.equal(body.readUInt32BE(1), body.length - 5);
});

test('concepts, metadata, geo and data sets go with each input, and nothing else', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  world.write('m.json', '{"from":"file","size":100}');
  const flags = ['-c', 'dog', '--concept', 'cat=0', '--concept=-q', '--metadata', '@m.json', '--meta', 'from=flag'];
  const result = await world.cli(['add', 'a.png', ...flags, '--geo', '-30,40', '--dataset', 'ds1', '--dataset', 'ds2']);
  assert.equal(result.code, 0);
  const [input] = sent(result);
  assert.ok(isObject(input) && isObject(input['data']));
  assert.deepEqual(input['data']['concepts'], [
    { id: 'dog', value: 1 },
    { id: 'cat', value: 0 },
    { id: '-q', value: 1 },
  ]);
  assert.deepEqual(input['data']['metadata'], { from: 'flag', size: 100 });
  assert.deepEqual(input['data']['geo'], { geo_point: { longitude: -30, latitude: 40 } });
  assert.deepEqual(input['dataset_ids'], ['ds1', 'ds2']);
  assert.deepEqual(Object.keys(input), ['id', 'data', 'dataset_ids']);
});

test('--metadata takes JSON itself, and --geo= is the same as --geo', async (t) => {
  const world = await openWorld(t);
  const args = ['add', 'https://x.test/a.jpg', '--metadata', '{"id":"id001"}', '--geo=-30,40', '--no-wait'];
  const [input] = sent(await world.cli(args));
  assert.ok(isObject(input));
  assert.deepEqual(valueAt(input, ['data', 'metadata']), { id: 'id001' });
  assert.equal(valueAt(input, ['data', 'geo', 'geo_point', 'longitude']), -30);
});

test('a URL is sent as it is, with its kind from its extension', async (t) => {
  const world = await openWorld(t);
  const urls = ['https://x.test/a.jpg', 'https://x.test/b.mp4', 'https://x.test/c'];
  const result = await world.cli(['add', ...urls, '--allow-duplicate-url']);
  assert.equal(result.code, 0);
  const data = sent(result).map((input) => (isObject(input) ? input['data'] : undefined));
  assert.deepEqual(data, [
    { image: { url: urls[0], allow_duplicate_url: true } },
    { video: { url: urls[1], allow_duplicate_url: true } },
    { image: { url: urls[2], allow_duplicate_url: true } },
  ]);
});

test('--type overrides what a named source is taken for, and picks from a folder', async (t) => {
  const world = await openWorld(t);
  const named = await world.cli(['add', 'https://x.test/a', '--type', 'video']);
  assert.ok(isObject(at(sent(named)[0], 'data', 'video')));
  const folder = await world.cli(['add', fixture('media'), '--type', 'audio', '-o', 'ndjson']);
  assert.equal(records(folder).length, 2);
});

test('--id and --id-from decide the ids', async (t) => {
  const world = await openWorld(t);
  world.write('sub/my photo.png', pngOf(1));
  const idOf = async (...flags: string[]): Promise<unknown> => {
    const [input] = sent(await world.cli(['add', 'sub/my photo.png', ...flags, '--no-wait']));
    return isObject(input) ? input['id'] : 'none';
  };
  assert.equal(await idOf('--id', 'mine'), 'mine');
  assert.equal(await idOf('--id-from', 'name'), 'my-photo');
  assert.equal(await idOf('--id-from', 'path'), 'sub-my-photo-png');
  assert.match(String(await idOf('--id-from', 'uuid')), /^[0-9a-f-]{36}$/);
  assert.equal(await idOf('--id-from', 'server'), undefined);
});

test('--on-conflict fail names an id that the app has', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  await world.cli(['add', 'a.png']);
  const result = await world.cli(['add', 'a.png', '--on-conflict', 'fail']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /failed: a\.png: 40010 .*the app already has this ID/);
  assert.match(result.stderr, /use --on-conflict skip, update or replace/);
  assert.equal(posts(result).length, 0);
});

test('three bad images among 128: the others are indexed, the three are named with code and hint, exit 3', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 125);
  writeFileSync(join(world.dir, 'p', 'half.png'), readFileSync(fixture('bad', 'half.png')));
  writeFileSync(join(world.dir, 'p', 'cut.jpg'), readFileSync(fixture('bad', 'truncated.jpg')));
  writeFileSync(join(world.dir, 'p', 'z.jpg'), readFileSync(fixture('bad', 'text-named.jpg')));
  const result = await world.cli(['add', 'p/*', '-o', 'ndjson']);
  assert.equal(result.code, 3);
  assert.equal(records(result).length, 128);
  assert.equal(records(result).filter(({ outcome }) => outcome === 'added').length, 125);
  assert.match(result.stderr, /failed: p\/half\.png: 30300 .*\n/);
  assert.match(result.stderr, /failed: p\/z\.jpg: 30101 /);
  assert.match(result.stderr, /hint: the file is damaged/);
});

test('in a folder, what is not media is skipped and harms nothing', async (t) => {
  const world = await openWorld(t);
  world.write('p/a.png', pngOf(1));
  world.write('p/notes.txt', 'hello');
  world.write('p/.hidden.png', pngOf(2));
  const result = await world.cli(['add', 'p']);
  assert.equal(result.code, 0);
  assert.equal(figures(result).read, 1);
  assert.match(result.stderr, /skipped: 1 text file/);
  assert.equal(figures(await world.cli(['add', 'p', '--hidden'])).read, 2);
});

test('what is named and bad fails by name before a byte is sent, and does not stop the rest', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  world.write('big.png', Buffer.concat([pngOf(1), Buffer.alloc(21_000_000)]));
  const result = await world.cli(['add', fixture('bad', 'empty.jpg'), 'gone.jpg', 'big.png', 'no*such', 'a.png']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /empty\.jpg: 30104 /);
  assert.match(result.stderr, /gone\.jpg: no such file/);
  assert.match(result.stderr, /big\.png: 30105 /);
  assert.match(result.stderr, /no\*such: matches nothing/);
  assert.equal(sent(result).length, 1);
  assert.equal(figures(result).read, figures(result).sum);
});

test('text goes as it stands, and the same content twice is a duplicate', async (t) => {
  const world = await openWorld(t);
  world.write('a.txt', 'say "hi"\n\u0001 ü');
  world.write('b.png', pngOf(3));
  world.write('c.png', pngOf(3));
  const result = await world.cli(['add', 'a.txt', 'b.png', 'c.png', '-o', 'ndjson']);
  assert.equal(result.code, 0);
  assert.equal(at(sent(result)[0], 'data', 'text', 'raw'), 'say "hi"\n\u0001 ü');
  assert.deepEqual(
    records(result)
      .map(({ outcome }) => outcome)
      .sort(),
    ['added', 'added', 'duplicate'],
  );
});

test('--batch-size, --batch-bytes and one video a request bound the batches', async (t) => {
  const world = await openWorld(t);
  const images = writeImages(join(world.dir, 'p'), 10);
  assert.equal(posts(await world.cli(['add', ...images, '--batch-size', '3'])).length, 4);
  await world.cli(['rm', '--all', '--yes', '--wait']);
  const small = await world.cli(['add', ...images, '--batch-bytes', '300']);
  assert.ok(posts(small).length > 3);
  for (const { body } of posts(small)) assert.ok(body.length <= 300);
  const videos = await world.cli(['add', fixture('media', 'clip.mp4'), fixture('media', 'clip.mov')]);
  assert.equal(posts(videos).length, 2);
});

test('--concurrency bounds the requests in flight', async (t) => {
  const world = await openWorld(t, { faults: { latencyMs: 30 } });
  const images = writeImages(join(world.dir, 'p'), 12);
  await world.cli(['add', ...images, '--batch-size', '1', '--concurrency', '2', '--rps', '0']);
  assert.equal(world.proxy.peak.get('POST'), 2);
});

test('--no-wait leaves them pending with exit 0, and sends no poll', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  const result = await world.cli(['add', 'a.png', '--no-wait', '-o', 'ndjson']);
  assert.equal(result.code, 0);
  assert.equal(records(result)[0]?.['outcome'], 'pending');
  assert.equal(result.requests.length, 2);
});

test('--wait-timeout ends with exit 5 and the command that goes on, and deletes nothing', async (t) => {
  const world = await openWorld(t, { sandbox: { indexMs: 3_600_000 } });
  world.write('a.png', pngOf(1));
  const result = await world.cli(['add', 'a.png', '--wait-timeout', '5']);
  assert.equal(result.code, 5);
  assert.match(result.stderr, /hint: resume with: clarifai-inputs add a\.png --wait-timeout 5/);
  assert.equal((await world.ids()).length, 1);
});

test('--dry-run sends nothing and shows the requests as they would leave; without a key it asks nothing', async (t) => {
  const world = await openWorld(t);
  const bytes = pngOf(1);
  world.write('a.png', bytes);
  const json = await world.cli(['add', 'a.png', '-c', 'dog', '--dry-run', '-o', 'json', '--app-id', 'demo'], {
    env: { CLARIFAI_PAT: undefined },
  });
  assert.equal(json.code, 0);
  assert.equal(json.requests.length, 0);
  const id = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const data = { image: { base64: `<base64 of ${bytes.length} bytes>` }, concepts: [{ id: 'dog', value: 1 }] };
  assert.deepEqual(JSON.parse(json.stdout), [
    { method: 'POST', path: '/v2/users/me/apps/demo/inputs', body: { inputs: [{ id, data }] } },
  ]);
  const refused = await world.cli(['add', 'a.png', 'gone.png', '--dry-run']);
  assert.equal(refused.code, 3);
  assert.equal(posts(refused).length, 0);
  assert.match(refused.stdout, /would send 1 input in 1 request,/);
});

test('a wrong key is exit 4, one line and a hint, and nothing is sent after the first request', async (t) => {
  const world = await openWorld(t, { env: { CLARIFAI_PAT: 'wrong-canary' } });
  writeImages(join(world.dir, 'p'), 300);
  const result = await world.cli(['add', 'p', '-v', '--no-progress']);
  assert.equal(result.code, 4);
  assert.equal(result.requests.length, 1);
  assert.match(result.stderr, /error: .*11009/);
  assert.ok(!(result.stdout + result.stderr).includes('wrong-canary'));
});

test('without a key it is exit 4, naming three ways on', async (t) => {
  const world = await openWorld(t, { env: { CLARIFAI_PAT: undefined } });
  const result = await world.cli(['add', 'https://x.test/a.jpg']);
  assert.equal(result.code, 4);
  assert.match(result.stderr, /config init.*CLARIFAI_PAT.*--sandbox/);
});

test('a service that goes away in the middle: exit 6, unsent among figures that add up, and the rerun ends it', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 600);
  let seen = 0;
  world.intercept = ({ method }) => ((seen += Number(method === 'POST')) > 4 ? 'drop' : undefined);
  const result = await world.cli(['add', 'p', '--batch-size', '16', '-o', 'ids']);
  assert.equal(result.code, 6);
  assert.equal(figures(result).read, figures(result).sum);
  assert.match(figures(result).text, /[1-9]\d* unsent/);
  world.intercept = () => undefined;
  const again = await world.cli(['add', 'p', '-o', 'ids']);
  assert.equal(again.code, 0);
  assert.equal((await world.ids()).length, 600);
});

test('answers lost after the work was done double and lose nothing', async (t) => {
  const world = await openWorld(t, { faults: { dropRate: 0.3, seed: 1 } });
  writeImages(join(world.dir, 'p'), 1000);
  const result = await world.cli(['add', 'p', '-o', 'ids', '--retries', '20']);
  assert.equal(result.code, 0);
  assert.equal(new Set(result.stdout.trim().split('\n')).size, 1000);
  world.intercept = () => undefined;
});

test('with ids by the server a lost answer is not sent again, and says that it may have taken effect', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  world.intercept = ({ method }) => (method === 'POST' ? 'lose' : undefined);
  const result = await world.cli(['add', 'a.png', '--id-from', 'server']);
  assert.equal(result.code, 3);
  assert.equal(posts(result).length, 1);
  assert.match(result.stderr, /may have taken effect/);
});

test('a batch refused as too large is halved down to the culprit, and the others land', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 15);
  world.write('p/large.png', pngOf(99, 5000));
  world.intercept = ({ method, body }) =>
    method === 'POST' && body.length > 4900
      ? { status: 413, body: { status: { code: 40033, description: 'too large' } } }
      : undefined;
  const result = await world.cli(['add', 'p']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /failed: p\/large\.png: 30105/);
  assert.equal((await world.ids()).length, 15);
});

test('Ctrl-C takes no new work, and tells how to confirm: exit 130', async (t) => {
  const world = await openWorld(t, { sandbox: { indexMs: 3_600_000 } });
  writeImages(join(world.dir, 'p'), 100);
  const interrupt = new Interrupt();
  let seen = 0;
  world.intercept = ({ method }) => {
    seen += Number(method === 'POST');
    if (seen === 2) interrupt.press();
    return undefined;
  };
  const result = await world.cli(['add', 'p', '--batch-size', '5', '--concurrency', '1'], { interrupt });
  assert.equal(result.code, 130);
  assert.equal(figures(result).read, figures(result).sum);
  assert.match(result.stderr, /hint: resume with/);
});

test('on a terminal bars are drawn and stdout stays empty; off it no escape byte is written', async (t) => {
  const world = await openWorld(t);
  world.write('a\u001b[31m.png', pngOf(1));
  const onTerminal = await world.cli(['add', '.'], { tty: true });
  assert.equal(onTerminal.stdout, '');
  assert.match(onTerminal.stderr, /indexed .*1\/1/);
  const plain = await world.cli(['add', 'gone\u001b[31m.png', '-o', 'table']);
  assert.ok(!plain.stderr.includes('\u001b'));
  const quiet = await world.cli(['add', '.', '-q']);
  assert.equal(quiet.stderr, '');
});

test('a failure stays above both bars, with nothing of them left beside it', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  const { stderr } = await world.cli(['add', 'a.png', 'gone.png'], { tty: true });
  const [, below = ''] = stderr.split('gone.png: no such file\n');
  assert.match(below, /sent .*\n.*indexed .*1\/2 {2}1 failed/s);
});

test('usage errors are exit 2 and send nothing', async (t) => {
  const world = await openWorld(t);
  for (const words of [
    ['add'],
    ['add', '!x'],
    ['add', 'a', 'b', '--id', 'x'],
    ['add', 'a', '--id', 'a/b'],
    ['add', 'a', '--geo', '200,1'],
    ['add', 'a', '--metadata', '[1]'],
    ['add', 'a', '--meta', 'novalue'],
    ['add', 'a', '--batch-size', '129'],
    ['add', 'a', '--type', 'film'],
    ['add', 'a', '-c', '=1'],
    ['add', 'a', '--sandbox', '--api-base', 'http://127.0.0.1:1'],
  ]) {
    const result = await world.cli(words);
    assert.equal(result.code, 2, words.join(' '));
    assert.equal(result.requests.length, 0);
    assert.notEqual(result.stderr, '');
  }
});
