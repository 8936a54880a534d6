import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { type FaultOptions } from '../../../src/sandbox/operations/faults.js';
import { noFaults } from '../../../src/sandbox/server.js';
import { byUrl, codes, ids, key, raw, type Raw } from '../raw-http.js';

function faulty(t: TestContext, faults: Partial<FaultOptions>): Promise<Raw> {
  return raw(t, { faults: { ...noFaults, ...faults } });
}

interface Plain {
  readonly http: number;
  readonly contentType: string | null;
  readonly text: string;
}

/** An answer as it came, or undefined when it did not. */
async function plain({ url }: Raw, method = 'GET', body?: object): Promise<Plain | undefined> {
  try {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${url}/v2/inputs`, { method, headers: { authorization: `Key ${key}` }, ...content });
    return { http: response.status, contentType: response.headers.get('content-type'), text: await response.text() };
  } catch {
    return undefined;
  }
}

test('without faults nothing goes wrong', async (t) => {
  const sandbox = await faulty(t, {});
  for (let round = 0; round < 50; round += 1) assert.equal((await plain(sandbox))?.http, 200);
});

test('beyond the rate a request is 429 with its code as a name; time brings the rate back', async (t) => {
  const sandbox = await faulty(t, { throttleRps: 3 });
  const list = async (): Promise<number> => (await sandbox.call('GET', '/v2/inputs')).http;
  assert.deepEqual([await list(), await list(), await list(), await list()], [200, 200, 200, 429]);
  assert.deepEqual((await sandbox.call('POST', '/v2/inputs', { inputs: [byUrl('a')] })).body.status, {
    code: 'CONN_THROTTLED',
    description: 'Request was throttled',
    details: 'exceeded limit of 3 requests per second',
  });
  sandbox.clock.ms += 334;
  assert.deepEqual([await list(), await list()], [200, 429]);
  sandbox.clock.ms += 10_000;
  assert.deepEqual([await list(), await list(), await list(), await list()], [200, 200, 200, 429]);
  assert.equal((await fetch(`${sandbox.url}/`)).status, 200);
  assert.equal((await fetch(`${sandbox.url}/`)).status, 200);
});

test('the error rate answers 5xx, as JSON and as HTML, and does nothing', async (t) => {
  const sandbox = await faulty(t, { errorRate: 0.5, seed: 7 });
  const seen: string[] = [];
  let added = 0;
  for (let round = 0; round < 60; round += 1) {
    const answer = await plain(sandbox, 'POST', { inputs: [byUrl(`n${round}`)] });
    if (answer?.http === 200) added += 1;
    else seen.push(`${answer?.http} ${answer?.contentType} ${answer?.text}`);
  }
  assert.ok(added > 15 && added < 45, String(added));
  assert.deepEqual(new Set(seen.map((line) => line.slice(0, 3))), new Set(['500', '502', '503', '504']));
  assert.ok(
    seen.includes('502 application/json {"status":{"code":10020,"description":"Bad gateway"}}'),
    seen.join('\n'),
  );
  assert.ok(
    seen.some((line) => line.startsWith('504 text/html <html>')),
    seen.join('\n'),
  );
  assert.equal(await stored(sandbox), added);
});

/** How many inputs there are, asked until an answer comes through. */
async function stored(sandbox: Raw): Promise<number> {
  for (;;) {
    const answer = await plain(sandbox);
    if (answer?.http === 200) return answer.text.split('"created_at"').length - 1;
  }
}

test('a seed gives the same faults each time, another seed others', async (t) => {
  const draw = async (seed: number): Promise<string> => {
    const sandbox = await faulty(t, { errorRate: 0.3, seed });
    let drawn = '';
    for (let round = 0; round < 40; round += 1) drawn += `${(await plain(sandbox))?.http} `;
    return drawn;
  };
  const first = await draw(1);
  assert.equal(await draw(1), first);
  assert.notEqual(await draw(2), first);
});

test('the drop rate loses answers after the work was done', async (t) => {
  const sandbox = await faulty(t, { dropRate: 0.5, seed: 3 });
  let lost = 0;
  for (let round = 0; round < 30; round += 1) {
    const answer = await plain(sandbox, 'POST', { inputs: [byUrl(`n${round}`)] });
    if (answer === undefined) lost += 1;
    else assert.equal(answer.http, 200);
  }
  assert.ok(lost > 5 && lost < 25, String(lost));
  assert.equal(await stored(sandbox), 30);
});

test('the truncate rate breaks answers off half way, after the work was done', async (t) => {
  const { url } = await faulty(t, { truncateRate: 1 });
  const body = JSON.stringify({ inputs: [byUrl('a')] });
  const response = await fetch(`${url}/v2/inputs`, { method: 'POST', headers: { authorization: `Key ${key}` }, body });
  assert.equal(response.status, 200);
  let text = '';
  await assert.rejects(async () => {
    for await (const chunk of response.body ?? [])
      if (chunk instanceof Uint8Array) text += Buffer.from(chunk).toString();
  });
  assert.match(text, /^\{"status":\{"code":10000/);
  assert.ok(text.length < Number(response.headers.get('content-length')), text);
  assert.match(await (await fetch(`${url}/page/inputs`)).text(), /"id":"a"/);
});

test('the fail rate has inputs end at 30002; the seed says how many', async (t) => {
  const { call, clock } = await faulty(t, { failRate: 0.25, seed: 11 });
  await call('POST', '/v2/inputs', { inputs: Array.from({ length: 100 }, (_, n) => byUrl(`n${n}`)) });
  clock.ms += 1500;
  const failed = await call('GET', '/v2/inputs?status.code=30002');
  assert.ok(ids(failed).length > 12 && ids(failed).length < 40, String(ids(failed).length));
  assert.equal(failed.body.inputs?.[0]?.status.description, 'Download failed; check URL');
});

test('an outcome ends the inputs whose id or URL holds its text; the first that fits counts', async (t) => {
  const outcomes = [
    { text: 'slow', code: 30001 },
    { text: 'host', code: 39996 },
    { text: 'host-a', code: 30002 },
    { text: 'odd', code: 31999 },
  ];
  const { call, clock } = await faulty(t, { outcomes });
  const inputs = ['slow1', 'host-a', 'odd', 'plain'].map((id) => byUrl(id));
  await call('POST', '/v2/inputs', {
    inputs: [...inputs, { id: 'u', data: { image: { url: 'http://hosts.example/' } } }],
  });
  clock.ms += 1500;
  const answer = await call('GET', '/v2/inputs/stream');
  assert.deepEqual(codes(answer), [30001, 39996, 31999, 30000, 39996]);
  const { body } = await call('GET', '/v2/inputs/status');
  assert.deepEqual([body.counts?.['to_process'], body.counts?.['errors'], body.counts?.['processed']], [1, 3, 1]);
  assert.deepEqual(ids(await call('GET', '/v2/inputs?status.code=30001')), ['slow1']);
});

test('latency holds each answer back', async (t) => {
  const sandbox = await faulty(t, { latencyMs: 300 });
  const begun = performance.now();
  assert.equal((await plain(sandbox))?.http, 200);
  assert.ok(performance.now() - begun >= 299, 'too early');
  const page = performance.now();
  await fetch(`${sandbox.url}/`);
  assert.ok(performance.now() - page < 290, 'held back');
});
