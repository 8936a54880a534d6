import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { buffer } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { pngOf } from '../tiny-images.js';
import { portOf } from './fault-proxy.js';
import { idsIn } from './kills.js';
import { Scene } from './scene.js';

// Services with limits of their own, in real time: what is refused, and how much of what they allow is used.

interface Sent {
  readonly atMs: number;
  readonly inputs: number;
  readonly bytes: number;
  readonly refused: boolean;
}

type Refuse = (request: Pick<Sent, 'atMs' | 'bytes'>) => { readonly status: number; readonly code: number } | undefined;

/** Takes all inputs but those that it refuses, as indexed at once; tells what came. */
async function startService(t: TestContext, refuse: Refuse): Promise<{ readonly url: string; readonly sent: Sent[] }> {
  const sent: Sent[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const atMs = performance.now();
    const body = await buffer(request);
    const refusal = refuse({ atMs, bytes: body.length });
    const ids = body.length === 0 ? [] : idsIn(JSON.parse(body.toString('utf8')));
    sent.push({ atMs, inputs: ids.length, bytes: body.length, refused: refusal !== undefined });
    const status = { code: refusal?.code ?? 10000, description: refusal === undefined ? 'Ok' : 'refused' };
    const inputs = ids.map((id) => ({ id, data: {}, status: { code: 30000, description: 'Download complete' } }));
    response.writeHead(refusal?.status ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status, ...(refusal === undefined && { inputs }) }));
  };
  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${portOf(server)}`, sent };
}

test('15 requests in any one second: under 2 % refused after 5 s, 90 % of the rate used, none lost', async (t) => {
  const perSecond = 15;
  const windowMs = 1000;
  const allowed: number[] = [];
  const { url, sent } = await startService(t, ({ atMs }) => {
    if (allowed.filter((at) => atMs - at < windowMs).length >= perSecond) return { status: 429, code: 11005 };
    allowed.push(atMs);
    return undefined;
  });
  const scene = await Scene.open();
  t.after(() => scene.close());
  const count = 300;
  const urls = Array.from({ length: count }, (_, index) => `https://example.com/${index}.jpg`).join('\n');
  const words = ['add', '--url-list', '-', '--batch-size', '1', '-q', '-o', 'ids'];
  const { code, stdout, stderr } = await scene.run(words, { base: url, stdin: urls });
  assert.equal(code, 0, stderr);
  assert.equal(new Set(stdout.trim().split('\n')).size, count);

  const firstMs = sent[0]?.atMs ?? 0;
  const lastMs = sent.at(-1)?.atMs ?? 0;
  const settled = sent.filter(({ atMs }) => atMs - firstMs >= 5000);
  const refusedShare = settled.filter(({ refused }) => refused).length / settled.length;
  const used = settled.filter(({ refused }) => !refused).length / ((lastMs - firstMs - 5000) / 1000) / perSecond;
  t.diagnostic(`refused ${(refusedShare * 100).toFixed(1)} %, used ${(used * 100).toFixed(0)} % of the rate`);
  assert.ok(refusedShare < 0.02, `${refusedShare} refused`);
  assert.ok(used >= 0.9, `${used} of the rate used`);
});

test('bodies of 10 MB at most: what fits alone lands, the rest is named, few requests are refused', async (t) => {
  const cap = 10_000_000;
  const { url, sent } = await startService(t, ({ bytes }) => (bytes > cap ? { status: 413, code: 40033 } : undefined));
  const scene = await Scene.open();
  t.after(() => scene.close());
  const folder = join(scene.folder, 'mixed');
  mkdirSync(folder);
  const sizes = [
    ...Array.from({ length: 60 }, (_, index) => 200_000 + index * 20_000),
    ...[3_000_000, 5_000_000, 7_000_000, 7_400_000],
    ...[7_600_000, 9_000_000, 12_000_000],
  ];
  for (const [index, size] of sizes.entries()) {
    // spread: a prime step through them
    const place = (index * 29) % sizes.length;
    writeFileSync(join(folder, `${String(place).padStart(3, '0')}-${size}.png`), pngOf(index, size));
  }
  const large = sizes.filter((size) => size > 7_400_000);
  const { code, stdout, stderr } = await scene.run(['add', 'mixed', '-o', 'ids', '--no-progress'], { base: url });
  assert.equal(code, 3, stderr);
  assert.equal(stdout.trim().split('\n').length, sizes.length - large.length);
  for (const size of large) assert.match(stderr, new RegExp(`failed: mixed/\\d+-${size}\\.png: 30105`));

  const refused = sent.filter((request) => request.refused);
  const alone = refused.filter(({ inputs }) => inputs === 1);
  t.diagnostic(`${sent.length} requests, ${refused.length} refused, ${alone.length} of them of one input`);
  assert.equal(alone.length, large.length);
  // what was in flight first is halved down to the cap; then each culprit has its way down
  const first = Math.max(...sent.map(({ bytes }) => bytes));
  const halvings = Math.ceil(Math.log2(first / cap));
  const ways = large.length * (Math.ceil(Math.log2(cap / 200_000)) + 1);
  assert.ok(refused.length <= 4 * halvings + ways, `${refused.length} refused`);
});
