import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noFaults, type SandboxOptions } from '../../../src/sandbox/server.js';
import { byUrl, ids, raw } from '../raw-http.js';
import { codesOf, failsWith, vendorClient } from './vendor-client.js';

function faults(options: Partial<SandboxOptions['faults']>): Partial<SandboxOptions> {
  return { faults: { ...noFaults, ...options } };
}

test('a request that is one too many gets 11005 in an answer that is OK', async (t) => {
  const { port, clock } = await raw(t, faults({ throttleRps: 2 }));
  const { ask } = vendorClient(t, port);
  const codes = async (): Promise<readonly number[]> => [
    (await ask('ListInputs')).status.code,
    (await ask('ListInputs')).status.code,
    (await ask('ListInputs')).status.code,
  ];
  assert.deepEqual(await codes(), [10000, 10000, 11005]);
  assert.match((await ask('ListInputs')).status.details, /exceeded limit of 2 requests per second/);
  clock.ms += 1000;
  assert.deepEqual(await codes(), [10000, 10000, 11005]);
});

test('--error-rate is UNAVAILABLE, and nothing is done', async (t) => {
  const { port, call } = await raw(t, faults({ errorRate: 0.5 }));
  const { ask } = vendorClient(t, port);
  const outcomes = new Map<number, number>();
  for (let n = 0; n < 20; n += 1) {
    const code = await ask('PostInputs', { inputs: [byUrl(`i${n}`)] }).then(
      () => 0,
      (error: unknown) => (error instanceof Error && 'code' in error ? Number(error.code) : -1),
    );
    outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
  }
  assert.deepEqual([...outcomes.keys()].sort(), [0, 14]);
  const found = async (): Promise<number | undefined> => {
    const answer = await call('GET', '/v2/inputs').catch(() => undefined);
    return answer?.http === 200 ? ids(answer).length : await found();
  };
  assert.equal(await found(), outcomes.get(0));
});

test('--drop-rate breaks the connection after the work, --truncate-rate in the middle of the answer', async (t) => {
  for (const options of [{ dropRate: 1 }, { truncateRate: 1 }]) {
    const { port, clock } = await raw(t, { ...faults(options), fetchUrls: false });
    const { ask } = vendorClient(t, port);
    await failsWith(ask('PostInputs', { inputs: [byUrl('a')] }), 14);
    clock.ms += 1;
    // the channel has made a new connection by itself, and the work was done
    await failsWith(ask('PostInputs', { inputs: [byUrl('a')] }), 14);
  }
});

test('what was dropped was done', async (t) => {
  const { port } = await raw(t, faults({ dropRate: 0.5, seed: 3 }));
  const { ask } = vendorClient(t, port);
  const added: string[] = [];
  for (let n = 0; n < 10; n += 1) {
    const call = ask('PostInputs', { inputs: [byUrl(`i${n}`)] });
    added.push(
      await call.then(
        () => 'answered',
        () => 'lost',
      ),
    );
  }
  assert.deepEqual([...new Set(added)].sort(), ['answered', 'lost']);
  const counted = async (): Promise<number> =>
    await ask('GetInputCount').then(({ counts }) => counts['to_process'] ?? 0, counted);
  assert.equal(await counted(), 10);
});

test('inputs end as --outcome and --fail-rate say', async (t) => {
  const { port, clock } = await raw(t, faults({ failRate: 1, outcomes: [{ text: 'broken', code: 30300 }] }));
  const { ask } = vendorClient(t, port);
  await ask('PostInputs', { inputs: [byUrl('broken'), byUrl('a')] });
  clock.ms += 1500;
  assert.deepEqual(codesOf(await ask('ListInputs')), [30002, 30300]);
});

test('a call whose deadline comes before --latency is over does nothing', async (t) => {
  const { port, call } = await raw(t, faults({ latencyMs: 500 }));
  const { ask } = vendorClient(t, port);
  await failsWith(ask('PostInputs', { inputs: [byUrl('a')] }, { deadline: Date.now() + 100 }), 4);
  assert.deepEqual(ids(await call('GET', '/v2/inputs')), []);
  assert.equal(
    (await ask('PostInputs', { inputs: [byUrl('a')] }, { deadline: Date.now() + 20_000 })).status.code,
    10000,
  );
});
