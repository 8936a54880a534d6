import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isList, valueAt, type Json } from '../../../src/wire/json.js';
import { openWorld, rows, type CliOptions, type CliResult, type World } from '../../harness.js';
import { MemoryInput, type Typing } from '../../memory-streams.js';
import { writeImages } from '../../tiny-images.js';

/** A world whose app has so many pictures, `0000` and so on; no picture is drawn. */
async function filled(t: TestContext, count: number): Promise<World> {
  const world = await openWorld(t, { env: { NO_COLOR: '1' } });
  writeImages(join(world.dir, 'p'), count);
  await world.cli(['add', 'p', '--id-from', 'name', '-q']);
  return world;
}

interface TagOptions extends CliOptions {
  readonly words?: readonly string[];
}

async function tag(
  world: World,
  typing: readonly Typing[],
  { words = [], ...options }: TagOptions = {},
): Promise<CliResult> {
  return await world.cli(['patch', '--interactive', '--retries', '0', ...words], { tty: true, typing, ...options });
}

/** The concepts of each input, as options spell them. */
async function concepts(world: World): Promise<Readonly<Record<string, readonly string[]>>> {
  const inputs = await world.inputs();
  return Object.fromEntries(
    inputs.map(({ id, data }) => [id, (isList(data['concepts']) ? data['concepts'] : []).map(conceptText)]),
  );
}

function conceptText(concept: Json): string {
  return `${JSON.stringify(valueAt(concept, ['id']))}=${JSON.stringify(valueAt(concept, ['value']))}`.replaceAll(
    '"',
    '',
  );
}

const refused = { status: 400, body: { status: { code: 11102, description: 'Invalid request' } } };

test('-c sets the first keys, the rest of the app follows by name, and a concept that is added comes last', async (t) => {
  const world = await filled(t, 2);
  await world.cli(['patch', '0000', '-c', 'yak=0', '-c', 'bee']);
  const result = await tag(
    world,
    [
      { after: /1 \[ \] cat[^]*2 \[ \] dog[^]*3 \[x\] bee[^]*4 \[-\] yak/, keys: '+ant\r\r' },
      { after: /2\/2[^]*1 \[ \] cat[^]*2 \[ \] dog[^]*3 \[ \] bee[^]*4 \[ \] yak[^]*5 \[ \] ant/, keys: '15q' },
    ],
    { words: ['-c', 'cat', '-c', 'dog'] },
  );
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual((await concepts(world))['0001'], ['cat=1', 'ant=1']);
});

test('the keys are the same in the next session, whatever its first input has', async (t) => {
  const world = await filled(t, 2);
  await world.cli(['patch', '0000', '-c', 'yak', '-c', 'bee']);
  for (const words of [['0000'], ['0001']]) {
    const result = await tag(world, [{ after: /1 \[.\] bee[^]*2 \[.\] yak/, keys: 'q' }], { words });
    assert.equal(result.code, 0);
  }
});

test('names stand uncut side by side where the terminal has room for them', async (t) => {
  const world = await filled(t, 1);
  const long = 'a very long name that needs its room';
  const names = [long, 'b', 'c', 'd', 'e', 'f', 'another one that is as long as this'];
  await world.cli(['patch', '0000', ...names.flatMap((name) => ['-c', name])]);
  const result = await tag(world, [{ after: long, keys: 'q' }], { columns: 100 });
  assert.match(result.stderr, /1 \[x\] a very long name that needs its room +6 \[x\] e/);
  assert.doesNotMatch(result.stderr, /\] .*…/);
});

test('Escape acts at once, and the key after it is not lost', async (t) => {
  const world = await filled(t, 1);
  const result = await tag(world, [
    { after: '1/1', keys: '+gi\u001b' },
    { after: '? keys', keys: '+a\u001b+\u001b[A\u001b/x\u001bq' },
  ]);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(await concepts(world), { '0000': [] });
});

test('ids come from stdin while keys come from the terminal', async (t) => {
  const world = await filled(t, 3);
  const result = await tag(world, [{ after: '1/2  0002', keys: '+dog\r\r.q' }], {
    tty: { stderr: true },
    stdin: '0002\n{"id":"0000"}\n',
    terminal: new MemoryInput(undefined, true),
    words: ['-'],
  });
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(await concepts(world), { '0000': ['dog=1'], '0001': [], '0002': ['dog=1'] });
});

test('ids from stdin need a terminal to take keys from', async (t) => {
  const world = await filled(t, 1);
  for (const words of [['-'], ['-', '--no-input']]) {
    const terminal = words.length === 1 ? {} : { terminal: new MemoryInput(undefined, true) };
    const result = await tag(world, [], { tty: { stderr: true }, stdin: '0000\n', words, ...terminal });
    assert.deepEqual([result.code, result.requests.length], [2, 0]);
    assert.match(result.stderr, /requires a terminal/);
  }
});

test('--undo saves each input as it was before its first change, and --from brings it back', async (t) => {
  const world = await filled(t, 2);
  await world.cli(['patch', '0000', '-c', 'cat', '--meta', 'a=b', '-q']);
  const before = await concepts(world);
  const result = await tag(world, [{ after: '1/2', keys: '1+dog\r\r.b1\rq' }], { words: ['--undo', 'u.ndjson'] });
  assert.equal(result.code, 0, result.stderr);
  assert.notDeepEqual(await concepts(world), before);
  const saved = rows(readFileSync(join(world.dir, 'u.ndjson'), 'utf8'));
  assert.deepEqual(saved[0], {
    id: '0000',
    action: 'overwrite',
    concepts: [{ id: 'cat', value: 1 }],
    metadata: { a: 'b' },
  });
  assert.equal(new Set(saved.map(({ id }) => id)).size, saved.length);
  assert.equal((await world.cli(['patch', '--from', 'u.ndjson', '--yes'])).code, 0);
  assert.deepEqual(await concepts(world), before);
});

test('--undo is refused where the file is there already, and leaves none where nothing was changed', async (t) => {
  const world = await filled(t, 1);
  const seen = await tag(world, [{ after: '1/1', keys: 'q' }], { words: ['--undo', 'u.ndjson'] });
  assert.deepEqual([seen.code, existsSync(join(world.dir, 'u.ndjson'))], [0, false]);
  world.write('u.ndjson', '');
  const result = await tag(world, [], { words: ['--undo', 'u.ndjson'] });
  assert.equal(result.code, 2);
});

test('nothing is changed while the state before can not be had for --undo', async (t) => {
  const world = await filled(t, 1);
  world.intercept = ({ query }) => (query.has('ids') ? refused : undefined);
  const result = await tag(
    world,
    [
      { after: '1/1', keys: '+dog\r\r' },
      { after: 'failed 1', keys: 'q' },
    ],
    {
      words: ['--undo', 'u.ndjson'],
    },
  );
  assert.equal(result.code, 3, result.stderr);
  assert.deepEqual(await concepts(world), { '0000': [] });
  assert.match(result.stderr, /patch --from unsaved-tags\.ndjson/);
});

test('what can not be saved is kept in a file that patch --from reads', async (t) => {
  const world = await filled(t, 3);
  await world.cli(['patch', '0000', '-c', 'cat', '-q']);
  world.write('unsaved-tags.ndjson', 'mine');
  world.intercept = ({ method, body }) => (method === 'PATCH' && body.includes('0000') ? refused : undefined);
  const result = await tag(world, [
    { after: '1/3', keys: '11+dog\r\r' },
    { after: 'failed 1', keys: '2\rq' },
  ]);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /1 input was not saved\nhint: [^]*?patch --from unsaved-tags-2\.ndjson/);
  assert.equal(readFileSync(join(world.dir, 'unsaved-tags.ndjson'), 'utf8'), 'mine');
  world.intercept = () => undefined;
  assert.equal((await world.cli(['patch', '--from', 'unsaved-tags-2.ndjson'])).code, 0);
  assert.deepEqual(await concepts(world), { '0000': ['dog=1'], '0001': ['dog=1'], '0002': [] });
});

test('what failed first and was saved later is not failure', async (t) => {
  const world = await filled(t, 2);
  let tries = 0;
  world.intercept = ({ method }) => (method === 'PATCH' && (tries += 1) === 1 ? refused : undefined);
  const result = await tag(world, [
    { after: '1/2', keys: '+dog\r\r' },
    { after: 'failed 1', keys: 'b\rq' },
  ]);
  assert.equal(result.code, 0, result.stderr);
  assert.equal(existsSync(join(world.dir, 'unsaved-tags.ndjson')), false);
  assert.deepEqual((await concepts(world))['0000'], ['dog=1']);
});

test('each answer is matched with the input that it is of', async (t) => {
  const world = await filled(t, 3);
  world.intercept = ({ method, json }) => {
    if (method !== 'PATCH' || !JSON.stringify(json).includes('"0001"')) return undefined;
    const data = { concepts: [{ id: 'dog', value: 1 }] };
    const answer = (id: string, code: number): Json => ({ id, status: { code, description: 'x' }, data });
    return { status: 207, body: { status: { code: 10010 }, inputs: [answer('0001', 30203), answer('0002', 30200)] } };
  };
  const result = await tag(world, [
    { after: '1/3', keys: '+dog\r\r1\r1\r' },
    { after: /saved 2[^]*failed: 0001: 30203/, keys: 'q' },
  ]);
  assert.equal(result.code, 3);
  const kept = rows(readFileSync(join(world.dir, 'unsaved-tags.ndjson'), 'utf8'));
  assert.deepEqual(kept, [{ id: '0001', action: 'merge', concepts: [{ id: 'dog', value: 1 }] }]);
});

test('what is left, skipped and saved is counted on the screen and at the end', async (t) => {
  const world = await filled(t, 4);
  const result = await tag(world, [
    { after: '4 left', keys: '+dog\r\r' },
    { after: '3 left, saved 1', keys: '1s' },
    { after: /2 left, saved 1, skipped 1[^]*skipped 0001: 1 tag not saved/, keys: 'q' },
  ]);
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stderr, /unchanged: 0, skipped: 1, left: 2\n/);
});

test('Ctrl-C keeps the tags of the input on the screen in a file', async (t) => {
  const world = await filled(t, 2);
  const result = await tag(world, [
    { after: '1/2', keys: '+dog\r' },
    { after: /\[x\] dog/, keys: '\u0003' },
  ]);
  assert.equal(result.code, 130);
  assert.match(
    result.stderr,
    /1 input was not saved\nhint: send the changes again with:\s+clarifai-inputs patch --from/,
  );
  const kept = rows(readFileSync(join(world.dir, 'unsaved-tags.ndjson'), 'utf8'));
  assert.deepEqual(kept, [{ id: '0000', action: 'merge', concepts: [{ id: 'dog', value: 1 }] }]);
});

test('a number that is not known has a plus, and the help says why', async (t) => {
  const world = await filled(t, 102);
  const where = await tag(
    world,
    [
      { after: /1\/102\+ [^]*102\+ left/, keys: '?' },
      { after: 'more are loading', keys: 'q' },
    ],
    { words: ['--where', 'untagged=true'] },
  );
  assert.equal(where.code, 0);
  const all = await tag(world, [{ after: /1\/102 [^]*102 left/, keys: 'q' }]);
  assert.equal(all.code, 0);
});

test('ids that are not in the app are told on the first screen', async (t) => {
  const world = await filled(t, 1);
  const result = await tag(world, [{ after: /1\/1 +0000[^]*not in the app: nosuch, gone/, keys: 'q' }], {
    words: ['0000', 'nosuch', 'gone'],
  });
  assert.equal(result.code, 3);
});

test('an input that somebody else changed meanwhile is told with what it has now', async (t) => {
  const world = await filled(t, 2);
  const concept = { id: 'fox', value: 0 };
  world.intercept = async ({ method }) => {
    const inputs = [{ id: '0000', data: { concepts: [concept] } }];
    if (method === 'PATCH') await world.raw('PATCH', '/v2/inputs', { action: 'merge', inputs });
    return undefined;
  };
  const result = await tag(world, [
    { after: '1/2', keys: '+dog\r\r' },
    { after: /0000 was changed by someone else and now has: (fox=0, dog|dog, fox=0)/, keys: 'q' },
  ]);
  assert.equal(result.code, 0);
  assert.match(result.stderr, /changed by someone else meanwhile: 0000 has now: /);
});

test('what only this session changed is not told as changed by someone else', async (t) => {
  const world = await filled(t, 2);
  await world.cli(['patch', '0000', '-c', 'cat', '-c', 'fox=0', '-q']);
  const result = await tag(world, [
    { after: '1/2', keys: '11+dog\r\r' },
    { after: 'saved 1', keys: '.b1\rq' },
  ]);
  assert.equal(result.code, 0, result.stderr);
  assert.doesNotMatch(result.stderr, /someone else/);
});
