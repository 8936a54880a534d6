import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openWorld, rows, type World } from '../../harness.js';
import { plan, planningWorld, urlsOf } from '../../planning.js';

async function withInput(t: TestContext): Promise<World> {
  const world = await openWorld(t);
  await world.raw('POST', '/v2/inputs', { inputs: [{ id: 'a', data: { image: { url: 'https://x.test/a.jpg' } } }] });
  world.clock.advance(2000);
  return world;
}

for (const [what, stdin, told] of [
  ['without an id', 'concepts\ndog\n', /stdin: no column 'id'/],
  ['with a column twice', 'id,concepts,id\na,dog,b\n', /stdin: two columns are 'id'/],
  ['with a quote that never ends', '"id,concepts\na,dog\n', /stdin: the header opens a quote that is never closed/],
] as const) {
  test(`patch --from rows ${what} is exit 2 before anything is sent`, async (t) => {
    const world = await withInput(t);
    const result = await world.cli(['patch', '--from', '-', '--yes'], { stdin });
    assert.deepEqual([result.code, result.requests.length], [2, 0]);
    assert.match(result.stderr, told);
  });
}

for (const [what, row, told] of [
  ['is longer than its header', 'a,dog,,,more', /line 2: has 5 cells, where the header has 4/],
  ['has regions that are no JSON', 'a,,{,', /line 2: regions: the cell is not JSON/],
  ['has regions that are no list of objects', 'a,,[1],', /line 2: regions: is not a list of objects/],
  ['has an action that is none', 'a,dog,,grow', /line 2: action: 'grow' is not one of merge, overwrite, remove/],
  ['has a quote within a cell', 'a,d"o"g,,', /line 2: has a quote where none may be[^]*what follows was not read/],
  ['opens a quote that never ends', 'a,"dog,,', /line 2: opens a quote that is never closed/],
] as const) {
  test(`a row of patch --from that ${what} is named by its line`, async (t) => {
    const world = await withInput(t);
    const result = await world.cli(['patch', '--from', '-', '--yes'], { stdin: `id,concepts,regions,action\n${row}` });
    assert.deepEqual([result.code, result.requests.length], [3, 0]);
    assert.match(result.stderr, told);
  });
}

test('a cell of patch --from without an end is given up before it fills the memory', async (t) => {
  const world = await withInput(t);
  const stdin = `id,concepts\na,"${'x'.repeat(20_000_000)}`;
  const result = await world.cli(['patch', '--from', '-', '--yes'], { stdin });
  assert.equal(result.code, 3);
  assert.match(result.stderr, /line 2: is longer than \d+ characters, or a quote in it is never closed/);
});

test('regions come from a cell of CSV as they are', async (t) => {
  const world = await withInput(t);
  const regions = [{ id: 'r', region_info: { bounding_box: { top_row: 0.1 } } }];
  const cell = JSON.stringify(regions).replaceAll('"', '""');
  const result = await world.cli(['patch', '--from', '-', '--dry-run', '-o', 'json'], {
    stdin: `id,regions\na,"${cell}"\n`,
  });
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(JSON.parse(result.stdout), [
    {
      method: 'PATCH',
      path: '/v2/inputs',
      body: { action: 'merge', inputs: [{ id: 'a', data: { regions } }] },
    },
  ]);
});

test('how often a row was sent before is a whole number', async (t) => {
  const world = await planningWorld(t);
  const stdin = '{"url":"https://x.test/a","tries":-1}\n{"url":"https://x.test/b","tries":2}\n';
  const result = await plan(world, ['--manifest', '-'], { stdin });
  assert.deepEqual(urlsOf(result), ['https://x.test/b']);
  assert.match(result.stderr, /^failed: https:\/\/x\.test\/a: .*tries: must be an integer \(stdin line 1\)$/m);
});

test('each of what can not be found fails in one shard, and in no other', async (t) => {
  const world = await planningWorld(t);
  const stdin = Array.from({ length: 9 }, (_, index) => `{"path":"gone${index}.jpg"}`).join('\n');
  const told: (string | undefined)[] = [];
  for (const shard of ['0/3', '1/3', '2/3']) {
    const { stderr } = await plan(world, ['none/*.jpg', '--manifest', '-', '--shard', shard], { stdin });
    const failed = [...stderr.matchAll(/^failed: (\S+):/gm)].map(([, source]) => source);
    assert.ok(failed.length < 10, shard);
    told.push(...failed);
  }
  assert.deepEqual(told.toSorted(), [...Array.from({ length: 9 }, (_, index) => `gone${index}.jpg`), 'none/*.jpg']);
});

test('a text falls to a shard by what it says', async (t) => {
  const world = await planningWorld(t);
  const count = async (text: string, shard: string): Promise<number> =>
    (await plan(world, ['--manifest', '-', '--shard', shard], { stdin: JSON.stringify({ text }) })).inputs.length;
  // the first four bytes of the SHA-256 of `a` are even, those of `c` are odd: sha256sum
  assert.deepEqual([await count('a', '0/2'), await count('a', '1/2')], [1, 0]);
  assert.deepEqual([await count('c', '0/2'), await count('c', '1/2')], [0, 1]);
});

test('a source whose sidecar can not be read is in the failures file with what the flags gave', async (t) => {
  const world = await openWorld(t);
  world.write('a.txt', 'words');
  world.write('a.txt.json', '{');
  const result = await world.cli(['add', 'a.txt', '--sidecars', '-c', 'dog', '--failures', 'f', '--id', 'one']);
  assert.equal(result.code, 3);
  const [row] = rows(readFileSync(join(world.dir, 'f'), 'utf8'));
  assert.deepEqual(row?.['concepts'], [{ id: 'dog', value: 1 }]);
  assert.match(String(row['reason']), /its sidecar a\.txt\.json is not JSON/);
});

for (const [where, told] of [
  ['since=yesterday', /'yesterday' is not a time/],
  ['until=2026-13-01', /'2026-13-01' is not a time/],
  ['untagged=maybe', /--where: untagged is true or false, not 'maybe'/],
  ['status=good', /--where: status is ok, pending, failed or a code, not 'good'/],
  ['type=film', /--where: type is one of image, video, audio, text, not 'film'/],
  ['meta.=x', /--where: no key 'meta\.'/],
  ['concept', /--where: 'concept' is not KEY=VALUE/],
] as const) {
  test(`list --where ${where} is exit 2, and says what it may be`, async (t) => {
    const world = await openWorld(t);
    const result = await world.cli(['list', '--where', where]);
    assert.deepEqual([result.code, result.requests.length], [2, 0]);
    assert.match(result.stderr, told);
  });
}

test('--where meta compares what is not text as JSON spells it', async (t) => {
  const world = await openWorld(t);
  for (const [id, size] of [
    ['text', '"2"'],
    ['number', '2'],
    ['list', '[2]'],
  ] as const) {
    await world.cli(['add', `https://x.test/${id}.jpg`, '--id', id, '--metadata', `{"size":${size}}`, '-q']);
  }
  const found = async (value: string): Promise<string> =>
    (await world.cli(['stream', '--where', `meta.size=${value}`, '-o', 'ids'])).stdout;
  assert.deepEqual([await found('2'), await found('[2]')], ['text\nnumber\n', 'list\n']);
});

for (const [where, expected] of [
  ['since=2026-01-02', 'one\n'],
  ['since=2026-01-02T04:04:05+01:00', 'one\n'],
  ['since=2026-01-02T03:04:06Z', ''],
  ['until=2026-01-02T03:04:05.500Z', 'one\n'],
  ['until=2026-01-02', ''],
] as const) {
  test(`--where ${where} counts from the time that it names, wherever the machine stands`, async (t) => {
    const world = await openWorld(t);
    // at 2026-01-02T03:04:05Z
    await world.raw('POST', '/v2/inputs', { inputs: [{ id: 'one', data: { image: { url: 'https://x.test/a' } } }] });
    assert.equal((await world.cli(['stream', '--where', where, '-o', 'ids'])).stdout, expected);
  });
}
