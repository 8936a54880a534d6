import assert from 'node:assert/strict';
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import type { KeyValue, Span, Table } from '../../../src/sandbox/state/key-value.js';
import { openLmdb } from '../../../src/sandbox/state/lmdb.js';
import { openMemory } from '../../../src/sandbox/state/memory.js';
import { randomNumbers } from '../../../src/sandbox/operations/random.js';
import { byUrl, codes, gif, ids, key, mediaUrl, raw, type Raw } from '../raw-http.js';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'sandbox.test-')); // with a dot, as a directory may have
  t.after(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}

/** Does the same to a table of each store, at random, and sees that they read alike. */
function compare(draw: () => number, stores: readonly (readonly [KeyValue, Table<number>])[]): void {
  const pick = (most: number): number => Math.floor(draw() * most);
  const keyAt = (number: number): string => `k/${String(number).padStart(4, '0')}`;
  const change = [pick(3), keyAt(pick(3000)), pick(9), draw() < 0.02] as const;
  const span: Span = {
    from: draw() < 0.2 ? 'k/' : keyAt(pick(3000)),
    to: draw() < 0.2 ? 'k0' : keyAt(pick(3000)),
    reverse: draw() < 0.5,
    offset: draw() < 0.5 ? 0 : pick(50),
    ...(draw() < 0.2 ? {} : { limit: pick(60) }),
  };
  const read = stores.map(([store, table]) => {
    const [kind, at, value, fails] = change;
    try {
      store.write(() => {
        for (let step = 0; step < 8; step += 1) {
          if (kind === 0) table.remove(`${at.slice(0, -1)}${step}`);
          else table.put(`${at.slice(0, -1)}${step}`, value);
        }
        if (fails) throw new RangeError('undone');
      });
    } catch (thrown) {
      assert.ok(thrown instanceof RangeError, String(thrown));
    }
    return [table.range(span), table.count(span), table.get(at), table.range(span).length];
  });
  assert.deepEqual(read[0], read[1], JSON.stringify(span));
}

test('the store in memory and the one on disk read alike, and both undo a write that throws', async (t) => {
  const stores = [await openLmdb(folder(t)), openMemory()];
  const tables = stores.map((store) => [store, store.table<number>('t')] as const);
  const draw = randomNumbers(5);
  for (let round = 0; round < 1500; round += 1) compare(draw, tables);
  await Promise.all(stores.map((store) => store.close()));
});

test('state outlives the server, with media, order and times', async (t) => {
  const dataDir = folder(t);
  const first = await raw(t, { dataDir });
  await first.call('POST', '/v2/inputs', { inputs: [byUrl('a'), { id: 'b', data: { image: { base64: gif } } }] });
  await first.call('DELETE', '/v2/inputs/a');
  const before = (await first.call('GET', '/v2/inputs/b')).body.input;
  await first.close();
  const second = await raw(t, { dataDir, indexMs: 99_999_999, deleteMs: 99_999_999 });
  second.clock.ms += 299;
  assert.deepEqual(ids(await second.call('GET', '/v2/inputs/stream')), ['a', 'b']);
  second.clock.ms += 1201;
  const { input } = (await second.call('GET', '/v2/inputs/b')).body;
  assert.deepEqual([input?.status.code, input?.created_at], [30000, before?.created_at]);
  assert.equal(await pictureOf(second, 'b'), gif);
  assert.equal((await second.call('GET', '/v2/inputs/a')).http, 404);
});

async function pictureOf({ call }: Raw, id: string): Promise<string> {
  const response = await fetch(mediaUrl((await call('GET', `/v2/inputs/${id}`)).body.input));
  return Buffer.from(await response.arrayBuffer()).toString('base64');
}

test('the directory is for its owner alone, and media are named by their hash', async (t) => {
  const dataDir = join(folder(t), 'deep', 'data');
  const { call, clock } = await raw(t, { dataDir });
  const inputs = [{ id: 'not-a-name', data: { image: { base64: gif } } }];
  await call('POST', '/v2/inputs', { inputs });
  await call('POST', '/v2/inputs', { inputs });
  const mode = (path: string): number => statSync(join(dataDir, path)).mode & 0o777;
  assert.deepEqual(readdirSync(dataDir).toSorted(), ['data.mdb', 'lock.mdb', 'media']);
  const media = readdirSync(join(dataDir, 'media')).toSorted();
  assert.deepEqual([media.length, media[1]], [2, 'incoming']);
  assert.deepEqual(readdirSync(join(dataDir, 'media', 'incoming')), []);
  assert.match(media[0]!, /^[0-9a-f]{64}$/);
  assert.deepEqual([mode('.'), mode('media')], [0o700, 0o700]);
  assert.deepEqual(['data.mdb', 'lock.mdb', `media/${media[0]!}`].map(mode), [0o600, 0o600, 0o600]);
  await call('DELETE', '/v2/inputs/not-a-name');
  clock.ms += 300;
  await call('GET', '/v2/inputs');
  assert.deepEqual(readdirSync(join(dataDir, 'media')), ['incoming']);
});

/** Starts a process on a directory: a sandbox of its own. */
function spawnLone(
  t: TestContext,
  dataDir: string,
  more: readonly string[] = [],
): ChildProcessByStdio<null, Readable, null> {
  const script = new URL('../lone-sandbox.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', ...more, script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

/** Starts a sandbox in a process of its own; its address, once it listens. */
async function lone(t: TestContext, dataDir: string): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawnLone(t, dataDir);
  for await (const line of createInterface({ input: child.stdout })) return { child, url: line };
  throw new Error('the sandbox did not start');
}

/** Adds inputs one request after the other until the server is gone; the ids that were acknowledged. */
async function addUntilGone(url: string, lane: string, onAdded: () => void): Promise<readonly string[]> {
  const added: string[] = [];
  for (let round = 0; ; round += 1) {
    const inputs = Array.from({ length: 5 }, (_, n) => {
      const picture = Buffer.concat([Buffer.from(gif, 'base64'), Buffer.from(`${lane}-${round}-${n}`)]);
      return { id: `${lane}-${round}-${n}`, data: { image: { base64: picture.toString('base64') } } };
    });
    try {
      const headers = { authorization: `Key ${key}` };
      const response = await fetch(`${url}/v2/inputs`, { method: 'POST', headers, body: JSON.stringify({ inputs }) });
      if (response.status !== 200) throw new Error(await response.text());
      added.push(...inputs.map(({ id }) => id));
      onAdded();
    } catch {
      return added;
    }
  }
}

test('a kill in the middle of adds loses nothing that was acknowledged', async (t) => {
  const dataDir = folder(t);
  const { child, url } = await lone(t, dataDir);
  let rounds = 0;
  const lanes = ['a', 'b', 'c'].map((lane) =>
    addUntilGone(url, lane, () => {
      rounds += 1;
      if (rounds === 40) child.kill('SIGKILL');
    }),
  );
  const added = (await Promise.all(lanes)).flat();
  assert.ok(added.length >= 200, String(added.length));
  const after = await raw(t, { dataDir, now: Date.now });
  const found: string[] = [];
  for (let last = ''; ; last = found.at(-1) ?? '') {
    const page = ids(await after.call('GET', `/v2/inputs/stream?per_page=1000&last_id=${last}`));
    if (page.length === 0) break;
    found.push(...page);
  }
  assert.deepEqual(
    added.filter((id) => !found.includes(id)),
    [],
  );
  for (const id of added.slice(-20)) {
    const bytes = Buffer.from(await pictureOf(after, id), 'base64').toString('latin1');
    assert.ok(bytes.endsWith(id), id);
  }
  assert.deepEqual(codes(await after.call('POST', '/v2/inputs', { inputs: [byUrl('later')] })), [30001]);
});

test('two processes at once on one directory see the same inputs, in one order', async (t) => {
  const dataDir = folder(t);
  const here = await raw(t, { dataDir, now: Date.now });
  const there = await lone(t, dataDir);
  const adding = async (url: string, lane: string): Promise<void> => {
    for (let round = 0; round < 20; round += 1) {
      const inputs = Array.from({ length: 20 }, (_, n) => byUrl(`${lane}-${round}-${n}`));
      const headers = { authorization: `Key ${key}` };
      const response = await fetch(`${url}/v2/inputs`, { method: 'POST', headers, body: JSON.stringify({ inputs }) });
      assert.equal(response.status, 200);
    }
  };
  await Promise.all([adding(here.url, 'here'), adding(there.url, 'there')]);
  const walk = async (url: string): Promise<string> => {
    const path = '/v2/inputs/stream?per_page=1000';
    const text = await (await fetch(url + path, { headers: { authorization: `Key ${key}` } })).text();
    return [...text.matchAll(/"id":"([a-z]+-\d+-\d+)","data"/g)].map(([, id]) => id).join();
  };
  const order = await walk(here.url);
  assert.equal(new Set(order.split(',')).size, 800);
  assert.equal(await walk(there.url), order);
  for (const lane of ['here', 'there']) {
    const own = order.split(',').filter((id) => id.startsWith(lane));
    assert.deepEqual(
      own,
      own.toSorted((a, b) => numberOf(a) - numberOf(b)),
    );
  }
});

function numberOf(id: string): number {
  const [, round, n] = id.split('-').map(Number);
  return round! * 20 + n!;
}

test('two servers of one process on one directory work, and one may close before the other', async (t) => {
  const dataDir = folder(t);
  const [one, two] = [await raw(t, { dataDir, indexMs: 1000 }), await raw(t, { dataDir, indexMs: 50_000 })];
  await one.call('POST', '/v2/inputs', { inputs: [byUrl('a')] });
  await two.call('POST', '/v2/inputs', { inputs: [byUrl('b')] });
  one.clock.ms += 2000;
  two.clock.ms += 2000;
  for (const { call } of [one, two]) assert.deepEqual(codes(await call('GET', '/v2/inputs')), [30001, 30000]);
  await one.close();
  assert.deepEqual(ids(await two.call('GET', '/v2/inputs')), ['b', 'a']);
});

const damages: Readonly<Record<string, (dataDir: string) => void>> = {
  'a data file of noise': (dataDir) => {
    writeFileSync(join(dataDir, 'data.mdb'), Buffer.alloc(100_000, 'noise'));
  },
  'a data file cut to a few bytes': (dataDir) => {
    truncateSync(join(dataDir, 'data.mdb'), 1000);
  },
  'a data file cut to a third': (dataDir) => {
    truncateSync(join(dataDir, 'data.mdb'), Math.floor(statSync(join(dataDir, 'data.mdb')).size / 3));
  },
  'a folder in the place of the data file': (dataDir) => {
    rmSync(join(dataDir, 'data.mdb'));
    mkdirSync(join(dataDir, 'data.mdb'));
  },
  'a file in the place of the media': (dataDir) => {
    rmSync(join(dataDir, 'media'), { recursive: true });
    writeFileSync(join(dataDir, 'media'), '');
  },
  'a file in the place of the directory': (dataDir) => {
    rmSync(dataDir, { recursive: true });
    writeFileSync(dataDir, '');
  },
};

test('a damaged directory is said in one line, with a hint, and ends nothing', async (t) => {
  for (const [name, damage] of Object.entries(damages)) {
    const dataDir = join(folder(t), 'data');
    const good = await raw(t, { dataDir });
    await good.call('POST', '/v2/inputs', { inputs: [byUrl('a')] });
    await good.close();
    damage(dataDir);
    await assert.rejects(raw(t, { dataDir }), (thrown: Error & { hint?: string }) => {
      assert.equal(thrown.name, 'SandboxError', name);
      assert.ok(thrown.message.startsWith(`cannot use the sandbox's data directory ${dataDir}: `), thrown.message);
      assert.doesNotMatch(thrown.message, /\n/);
      assert.match(thrown.hint ?? '', /move it away/);
      return true;
    });
  }
});

test('a data file that lost some of its last bytes does not end the process', async (t) => {
  const dataDir = folder(t);
  const good = await raw(t, { dataDir });
  await good.call('POST', '/v2/inputs', { inputs: [byUrl('a')] });
  await good.close();
  truncateSync(join(dataDir, 'data.mdb'), statSync(join(dataDir, 'data.mdb')).size - 9000);
  try {
    const after = await raw(t, { dataDir });
    assert.notEqual((await after.call('GET', '/v2/inputs')).http, 0);
  } catch (thrown) {
    assert.equal(thrown instanceof Error && thrown.name, 'SandboxError');
  }
});

test('a directory that may not be written is a SandboxError', { skip: process.getuid?.() === 0 }, async (t) => {
  const parent = folder(t);
  chmodSync(parent, 0o500);
  await assert.rejects(raw(t, { dataDir: join(parent, 'data') }), { name: 'SandboxError' });
});

const withoutLmdb = `data:text/javascript,${encodeURIComponent(`
  import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(\`
    export const resolve = (name, context, next) => {
      if (name === 'lmdb') throw Object.assign(new Error('Cannot find package lmdb'), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    };
  \`));
`)}`;

test('without the package lmdb a directory is a SandboxError that says what to install', async (t) => {
  const child = spawnLone(t, folder(t), ['--import', withoutLmdb]);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(line);
  assert.match(lines[0] ?? '', /^SandboxError: .*package lmdb/);
  assert.match(lines[1] ?? '', /^npm install lmdb .*--memory$/);
});
