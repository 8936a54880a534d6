import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { noFaults } from '../../../src/sandbox/server.js';
import { gif, type InputBody, raw, type Raw } from '../raw-http.js';

type Answer = readonly [number, Record<string, string | number>, string | Buffer];

const picture = Buffer.from(gif, 'base64');

const answers: Readonly<Record<string, Answer>> = {
  '/good': [200, {}, picture],
  '/moved': [302, { location: '/good' }, ''],
  '/text': [200, {}, 'hello'],
  '/broken': [200, {}, picture.subarray(0, 7)],
  '/large': [200, { 'content-length': 20_000_001 }, picture],
  '/swollen': [200, {}, Buffer.alloc(20_000_001)],
  '/lost': [404, {}, 'gone'],
  '/error': [500, {}, ''],
  '/elsewhere': [302, { location: 'file:///etc/passwd' }, ''],
};

/** A site with something of each kind; its address, and the paths that were asked for. */
async function site(t: TestContext): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const answer = answers[request.url ?? ''];
    if (answer === undefined) return; // never answers
    response.writeHead(answer[0], answer[1]).end(answer[2]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked };
}

/** The input once its fetch has ended. */
async function ended({ call }: Raw, id: string): Promise<InputBody | undefined> {
  for (let round = 0; round < 200; round += 1) {
    const { input } = (await call('GET', `/v2/inputs/${id}`)).body;
    if (input?.status.code !== 30001 && input?.status.code !== 30003) return input;
    await sleep(10);
  }
  return undefined;
}

test('a URL is fetched after the add, and what is there decides how the input ends', async (t) => {
  const { url } = await site(t);
  const sandbox = await raw(t, { fetchUrls: true });
  const wanted: Readonly<Record<string, readonly [string, number]>> = {
    good: [`${url}/good`, 30000],
    moved: [`${url}/moved`, 30000],
    text: [`${url}/text`, 30101],
    broken: [`${url}/broken`, 30300],
    large: [`${url}/large`, 30105],
    swollen: [`${url}/swollen`, 30105],
    lost: [`${url}/lost`, 30002],
    error: [`${url}/error`, 30002],
    elsewhere: [`${url}/elsewhere`, 39996],
    unreachable: ['http://127.0.0.1:1/x.jpg', 39996],
  };
  const inputs = Object.entries(wanted).map(([id, [address]]) => ({ id, data: { image: { url: address } } }));
  assert.equal((await sandbox.call('POST', '/v2/inputs', { inputs })).http, 200);
  sandbox.clock.ms += 1500;
  for (const [id, [, code]] of Object.entries(wanted)) {
    assert.deepEqual([id, (await ended(sandbox, id))?.status.code], [id, code]);
  }
  assert.deepEqual((await ended(sandbox, 'lost'))?.status, {
    code: 30002,
    description: 'Download failed; check URL',
    details: `404 Client Error: Not Found for url: ${url}/lost`,
  });
  assert.deepEqual((await ended(sandbox, 'good'))?.data['image'], {
    url: `${url}/good`,
    image_info: { width: 1, height: 1, format: 'GIF', color_mode: 'PALETTE' },
  });
});

test('without it no URL is asked for anything, and each one is good', async (t) => {
  const { url, asked } = await site(t);
  const sandbox = await raw(t);
  await sandbox.call('POST', '/v2/inputs', { inputs: [{ id: 'a', data: { image: { url: `${url}/lost` } } }] });
  sandbox.clock.ms += 1500;
  assert.equal((await ended(sandbox, 'a'))?.status.code, 30000);
  assert.deepEqual(asked, []);
});

test('a fetch that never ends fails the input at its deadline, and does not hold up close', async (t) => {
  const { url } = await site(t);
  const sandbox = await raw(t, { fetchUrls: true });
  await sandbox.call('POST', '/v2/inputs', { inputs: [{ id: 'a', data: { image: { url: `${url}/silent` } } }] });
  const status = async (): Promise<unknown> => (await sandbox.call('GET', '/v2/inputs/a')).body.input?.status.code;
  sandbox.clock.ms += 1500;
  assert.equal(await status(), 30003);
  sandbox.clock.ms += 600_000;
  assert.equal(await status(), 30002);
  const begun = performance.now();
  await sandbox.close();
  assert.ok(performance.now() - begun < 5000, 'held up');
});

test('a fault that was asked for wins over what the URL holds', async (t) => {
  const { url, asked } = await site(t);
  const sandbox = await raw(t, { fetchUrls: true, faults: { ...noFaults, outcomes: [{ text: 'good', code: 30105 }] } });
  await sandbox.call('POST', '/v2/inputs', { inputs: [{ id: 'a', data: { image: { url: `${url}/good` } } }] });
  sandbox.clock.ms += 1500;
  assert.equal((await ended(sandbox, 'a'))?.status.code, 30105);
  assert.deepEqual(asked, []);
});

test('an input that is deleted while it is fetched stays deleted', async (t) => {
  const { url } = await site(t);
  const sandbox = await raw(t, { fetchUrls: true, deleteMs: 0 });
  await sandbox.call('POST', '/v2/inputs', { inputs: [{ id: 'a', data: { image: { url: `${url}/swollen` } } }] });
  await sandbox.call('DELETE', '/v2/inputs/a');
  assert.equal(await ended(sandbox, 'a'), undefined);
  assert.equal((await sandbox.call('GET', '/v2/inputs/a')).http, 404);
});
