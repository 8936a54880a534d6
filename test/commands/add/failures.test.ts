import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { linkSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isList, isObject, valueAt } from '../../../src/wire/json.js';
import { Interrupt, onlyRest, openWorld, rows, type World } from '../../harness.js';
import { pngOf, writeImages } from '../../tiny-images.js';

const failuresOf = (world: World, name = 'f'): ReturnType<typeof rows> =>
  rows(readFileSync(join(world.dir, name), 'utf8'));

/** A row without what the failure adds to it. */
function givenIn(row: Readonly<Record<string, unknown>>): unknown {
  const added = new Set(['source', 'code', 'reason', 'transient', 'tries']);
  return Object.fromEntries(Object.entries(row).filter(([name]) => !added.has(name)));
}

function sentInputs(requests: World['requests']): number {
  return requests
    .filter(({ method }) => method === 'POST')
    .reduce((sum, { json }) => sum + (isObject(json) && isList(json['inputs']) ? json['inputs'].length : 0), 0);
}

test('of 500 sources with 7 that fail, --only transient sends the 4 that are worth it', async (t) => {
  const outcomes = [
    { text: 'gone', code: 39996 },
    { text: 'odd', code: 30101 },
  ];
  const world = await openWorld(t, { faults: { outcomes } });
  const names = Array.from({ length: 500 }, (_, n) => (n < 4 ? `gone${n}` : n < 7 ? `odd${n}` : `good${n}`));
  world.write('urls', names.map((name) => `https://example.com/${name}.jpg\n`).join(''));
  const first = await world.cli(['add', '--url-list', 'urls', '--failures', 'f', '-c', 'dog', '--rps', '0']);
  assert.equal(first.code, 3);
  assert.equal(statSync(join(world.dir, 'f')).mode & 0o777, 0o600);
  const failures = failuresOf(world);
  assert.equal(failures.length, 7);
  assert.deepEqual(
    failures.map(({ code, transient, tries }) => `${String(code)} ${String(transient)} ${String(tries)}`).toSorted(),
    [...Array.from({ length: 3 }, () => '30101 false 1'), ...Array.from({ length: 4 }, () => '39996 true 1')],
  );
  assert.deepEqual(failures[0]?.['concepts'], [{ id: 'dog', value: 1 }]);
  outcomes.splice(0, 1);
  const again = await world.cli(['add', '--manifest', 'f', '--only', 'transient', '--failures', 'f2', '-o', 'ndjson']);
  assert.equal(again.code, 0, again.stderr);
  assert.equal(sentInputs(again.requests), 4);
  assert.deepEqual(failuresOf(world, 'f2'), []);
  assert.equal((await world.inputs()).filter(({ status }) => status.code === 30000).length, 497);
  const rest = await world.cli(['add', '--manifest', 'f', '--failures', 'f3', '--rps', '0']);
  assert.deepEqual([rest.code, sentInputs(rest.requests)], [3, 0]);
  assert.deepEqual(
    failuresOf(world, 'f3').map(({ code, tries }) => [code, tries]),
    Array.from({ length: 3 }, () => [30101, 1]),
  );
});

test('a file that changed on its way and fails has its concepts in the failures file, and a second try', async (t) => {
  const later = pngOf(99);
  const id = createHash('sha256').update(later).digest('hex').slice(0, 32);
  const world = await openWorld(t, { faults: { outcomes: [{ text: id, code: 30002 }] } });
  const [path = ''] = writeImages(join(world.dir, 'p'), 2);
  let changed = false;
  world.intercept = () => {
    if (!changed) writeFileSync(path, later);
    changed = true;
    return undefined;
  };
  const result = await world.cli(['add', 'p', '-c', 'dog', '--failures', 'f', '--on-failed', 'retry']);
  assert.equal(result.code, 3, result.stderr);
  assert.deepEqual(
    failuresOf(world).map((row) => [row['id'], row['path'], row['concepts'], row['tries']]),
    [[id, path, [{ id: 'dog', value: 1 }], 2]],
  );
});

test('a file that is named twice and fails has its concepts in the failures file', async (t) => {
  const world = await openWorld(t, { faults: { outcomes: [{ text: 'gone', code: 30002 }] } });
  const words = ['https://example.com/gone.jpg', 'https://example.com/gone.jpg', '-c', 'dog', '--failures', 'f'];
  assert.equal((await world.cli(['add', ...words])).code, 3);
  assert.deepEqual(
    failuresOf(world).map(({ concepts, tries }) => [concepts, tries]),
    [[[{ id: 'dog', value: 1 }], 1]],
  );
});

test('a failures file holds all that was to be sent, of files that are bad, missing, or refused', async (t) => {
  const world = await openWorld(t, { faults: { outcomes: [{ text: 'late', code: 30002 }] } });
  writeImages(join(world.dir, 'p'), 1);
  world.write('p/empty.png', '');
  world.write(
    'row.ndjson',
    '{"id":"late","text":"some text","metadata":{"k":[1]},"geo":[1,2],"concepts":["a=0"],"dataset_ids":["d"]}',
  );
  const words = ['add', 'p/empty.png', 'p/0000.png', 'none.png', '--manifest', 'row.ndjson', '-c', 'all'];
  const result = await world.cli([...words, '--failures', 'out/../f'], { cwd: world.dir });
  assert.equal(result.code, 3);
  const [empty, missing, late] = ['p/empty.png', 'none.png', 'row.ndjson line 1'].map((name) =>
    failuresOf(world).find(({ source }) => source === name),
  );
  assert.deepEqual(
    [empty?.['path'], empty?.['code'], empty?.['transient'], empty?.['tries'], empty?.['concepts']],
    [join(world.dir, 'p/empty.png'), 30104, false, 0, [{ id: 'all', value: 1 }]],
  );
  assert.deepEqual([missing?.['pattern'], missing?.['code']], [join(world.dir, 'none.png'), null]);
  assert.deepEqual(late, {
    id: 'late',
    text: 'some text',
    concepts: [
      { id: 'all', value: 1 },
      { id: 'a', value: 0 },
    ],
    metadata: { k: [1] },
    geo: [1, 2],
    dataset_ids: ['d'],
    source: 'row.ndjson line 1',
    code: 30002,
    reason: late?.['reason'],
    transient: true,
    tries: 1,
  });
});

test('a pattern and a folder that found nothing are read back, with all that was to be sent with them', async (t) => {
  const world = await openWorld(t);
  const words = ['add', 'shots (1)/*.png', 'later', 'x[1].png', '-c', 'dog', '--meta', 'k=v', '--dataset', 'd'];
  const first = await world.cli([...words, '--failures', 'f']);
  assert.equal(first.code, 3);
  writeImages(join(world.dir, 'shots (1)'), 2);
  writeImages(join(world.dir, 'later'), 2, 5);
  world.write('x[1].png', pngOf(9));
  world.write('x1.png', pngOf(10));
  world.write('elsewhere/none', '');
  const again = await world.cli(['add', '--manifest', '../f', '--dry-run', '-o', 'json'], {
    cwd: join(world.dir, 'elsewhere'),
  });
  assert.equal(again.code, 0, again.stderr);
  const result = await world.cli(['add', '--manifest', 'f', '--id-from', 'name', '--failures', 'f2', '-o', 'ndjson']);
  assert.equal(result.code, 0, result.stderr);
  const inputs = await world.inputs();
  assert.deepEqual(
    inputs
      .map(({ id }) => id)
      .toSorted()
      .slice(0, 4),
    ['0000', '0001', '0005', '0006'],
  );
  assert.equal(inputs.length, 5);
  for (const { data } of inputs) {
    const { concepts, metadata } = data;
    assert.deepEqual(isList(concepts) ? concepts.map((concept) => valueAt(concept, ['id'])) : [], ['dog']);
    assert.deepEqual(metadata, { k: 'v' });
  }
});

test('a path in a manifest is never a pattern; a pattern that exists is a name', async (t) => {
  const world = await openWorld(t);
  world.write('a1.png', pngOf(1));
  world.write('a[1].png', pngOf(2));
  world.write('b1.png', pngOf(3));
  world.write('rows', '{"path":"b[1].png"}\n{"path":"*.png"}\n{"pattern":"a[1].png"}\n{"pattern":"b[1].png"}\n');
  const result = await world.cli(['add', '--manifest', 'rows', '-o', 'ndjson']);
  assert.equal(result.code, 3);
  assert.deepEqual(
    rows(result.stdout)
      .map(({ source, outcome }) => `${String(source)} ${String(outcome)}`)
      .toSorted(),
    ['*.png failed', 'a[1].png added', 'b1.png added', 'b[1].png failed'],
  );
});

test('a row with a pattern has no id, and nothing else that names a source', async (t) => {
  const world = await openWorld(t);
  world.write(
    'rows',
    '{"pattern":"*.png","id":"a"}\n{"pattern":"*.png","url":"https://a.test/b.jpg"}\n{"pattern":""}\n',
  );
  const { code, stderr, requests } = await world.cli(['add', '--manifest', 'rows', '--dry-run']);
  assert.deepEqual([code, requests.length], [3, 0]);
  assert.match(stderr, /names an id and a pattern, but a pattern can find more than one file/);
  assert.match(stderr, /names url and pattern, but an input can have only one/);
  assert.match(stderr, /pattern: is empty/);
});

test('a line that names no single source has no path in the failures file, a bad row has its own', async (t) => {
  const world = await openWorld(t);
  world.write('urls', 'https://h.test/a.jpg cat\n');
  world.write('rows', '{"geo":"x","path":"a.png"}\n');
  const words = ['add', 'ftp://h.test/b.jpg', '--url-list', 'urls', '--manifest', 'rows', '--failures', 'f'];
  assert.equal((await world.cli(words)).code, 3);
  assert.deepEqual(
    failuresOf(world).map(({ path, url, pattern, source }) => [source, path ?? url ?? pattern]),
    [
      ['ftp://h.test/b.jpg', 'ftp://h.test/b.jpg'],
      ['https://h.test/a.jpg cat', undefined],
      ['a.png', join(world.dir, 'a.png')],
    ],
  );
});

test('a row that cannot be read is written whole, and fails alike until it is corrected', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  const ndjson = [
    '{"id":"point","path":"a.png","concepts":["dog"],"metadata":{"k":[1]},"geo":["1,5",3]}',
    '{"id":"ftp","url":"ftp://x.test/a.jpg","dataset_ids":["d"]}',
    '{"id":"odd","url":"https://x.test/a.jpg","frobs":{"a":3}}',
    '{"id":"both","url":"https://x.test/b.jpg","path":"a.png"}',
    'no json',
  ];
  world.write('sub/m.ndjson', ndjson.join('\n').replaceAll('"a.png"', '"../a.png"'));
  world.write('m.csv', 'id,path,latitude,longitude,metadata.k\nc,a.png,91,5,x\nd,a.png,1,2,x,more\n');
  const words = ['add', '--manifest', 'sub/m.ndjson', '--manifest', 'm.csv'];
  const first = await world.cli([...words, '--failures', 'f', '-o', 'ndjson']);
  assert.equal(first.code, 3);
  const ids = ['point', 'ftp', 'odd', 'both', null, 'c', 'd'];
  assert.deepEqual(
    rows(first.stdout).map(({ id }) => id),
    ids,
  );
  const path = join(world.dir, 'a.png');
  const given = failuresOf(world).map(givenIn);
  const concepts = [{ id: 'dog', value: 1 }];
  assert.deepEqual(given, [
    { id: 'point', path, concepts, metadata: { k: [1] }, geo: ['1,5', 3] },
    { id: 'ftp', url: 'ftp://x.test/a.jpg', dataset_ids: ['d'] },
    { id: 'odd', url: 'https://x.test/a.jpg', frobs: { a: 3 } },
    { id: 'both', path, url: 'https://x.test/b.jpg' },
    { row: 'no json' },
    { id: 'c', path, metadata: { k: 'x' }, geo: ['91', '5'] },
    { id: 'd', path, metadata: { k: 'x' }, geo: [2, 1], cells: ['d', 'a.png', '1', '2', 'x', 'more'] },
  ]);
  assert.equal((await world.cli(['add', '--manifest', 'f', '--failures', 'g'])).code, 3);
  const again = failuresOf(world, 'g').map(givenIn);
  assert.deepEqual(again, given);
  const corrected = readFileSync(join(world.dir, 'f'), 'utf8').split('\n')[0]?.replace('"1,5"', '1.5') ?? '';
  const added = await world.cli(['add', '--manifest', '-', '-o', 'ids'], { stdin: corrected });
  assert.deepEqual([added.code, added.stdout], [0, 'point\n'], added.stderr);
});

test('a second try is counted', async (t) => {
  const world = await openWorld(t, { faults: { outcomes: [{ text: 'gone', code: 39996 }] } });
  const words = ['add', 'https://example.com/gone.jpg', '--on-failed', 'retry', '--failures', 'f'];
  assert.equal((await world.cli(words)).code, 3);
  assert.deepEqual(
    failuresOf(world).map(({ tries, code }) => [tries, code]),
    [[2, 39996]],
  );
});

test('--failures may not be what the run reads', async (t) => {
  const world = await openWorld(t);
  const row = '{"url":"https://example.com/a.jpg"}\n';
  world.write('f', row);
  for (const words of [['--manifest', 'f'], ['--manifest', './f'], ['--url-list', 'f'], ['--files-from', 'f'], ['f']]) {
    const result = await world.cli(['add', ...words, '--failures', 'f']);
    assert.deepEqual([result.code, result.requests.length], [2, 0], words.join(' '));
    assert.match(result.stderr, /source of this run/);
  }
  assert.equal(readFileSync(join(world.dir, 'f'), 'utf8'), row);
});

test('--only goes with --manifest, and a file that can not be made is exit 1', async (t) => {
  const world = await openWorld(t);
  assert.equal((await world.cli(['add', 'https://example.com/a.jpg', '--only', 'transient'])).code, 2);
  const result = await world.cli(['add', 'https://example.com/a.jpg', '--failures', 'no/such/folder/f']);
  assert.deepEqual([result.code, result.requests.length], [1, 0]);
});

test('a failures file that holds something else is exit 2, and stays as it is', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 2);
  world.write('list.txt', 'p/0000.png\n');
  linkSync(join(world.dir, 'list.txt'), join(world.dir, 'same.txt'));
  const before = readFileSync(join(world.dir, 'p/0000.png'));
  for (const words of [
    ['p', '--failures', 'p/0000.png'],
    ['p/*.png', '--failures', 'p/0000.png'],
    ['--files-from', 'list.txt', '--failures', 'same.txt'],
    ['p', '--failures', '-'],
  ]) {
    const result = await world.cli(['add', ...words]);
    assert.deepEqual([result.code, result.requests.length], [2, 0], `${words.join(' ')}: ${result.stderr}`);
  }
  assert.deepEqual(readFileSync(join(world.dir, 'p/0000.png')), before);
  assert.equal(readFileSync(join(world.dir, 'list.txt'), 'utf8'), 'p/0000.png\n');
});

test('what may have arrived under an ID of the service is not said to be safe to send again', onlyRest, async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 1);
  world.intercept = ({ method }) => (method === 'POST' ? 'lose' : undefined);
  const result = await world.cli(['add', 'p', '--id-from', 'server', '--failures', 'f', '-o', 'ndjson']);
  assert.equal(result.code, 3);
  assert.match(result.stdout, /"name":"UNCONFIRMED"/);
  assert.match(result.stderr, /hint: look for it in the app: running the command again may add it twice/);
  assert.equal(failuresOf(world)[0]?.['transient'], false);
});

test('an interruption before it is known whether a refused input is there leaves it unsent', onlyRest, async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 3);
  const interrupt = new Interrupt();
  let posts = 0;
  world.intercept = ({ method }) => {
    if (method === 'POST') posts += 1;
    if (method === 'POST' && posts === 1) return 'lose';
    if (method === 'GET' && posts > 0) {
      interrupt.press();
      interrupt.runOut();
    }
    return undefined;
  };
  const result = await world.cli(['add', 'p', '-o', 'ndjson'], { interrupt });
  assert.deepEqual(
    rows(result.stdout).map(({ outcome }) => outcome),
    ['unsent', 'unsent', 'unsent'],
  );
  assert.equal((await world.ids()).length, 3);
});

test('a row whose path was corrected is named by its new path', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 1);
  assert.equal((await world.cli(['add', 'wrong.png', '--failures', 'f'])).code, 3);
  const [row] = failuresOf(world);
  world.write('f2', `${JSON.stringify({ source: row?.['source'], path: join(world.dir, 'p', '0000.png') })}\n`);
  const second = await world.cli(['add', '--manifest', 'f2', '-o', 'ndjson']);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stdout, /"source":"[^"]*p\/0000\.png"/);
});
