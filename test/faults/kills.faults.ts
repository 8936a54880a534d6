import assert from 'node:assert/strict';
import { test } from 'node:test';
import pMap from 'p-map';
import { addMany, interrupted, moments, works } from './kills.js';

const times = 50;
const signals = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const;

for (const [name, work] of Object.entries(works)) {
  for (const [seed, signal] of signals.entries()) {
    test(`${name}, ended by ${signal} ${times} times, ends as undisturbed when it is run again`, async (t) => {
      const ends = await pMap(moments(seed + 1, times, work), (afterMs) => interrupted(t, work, { signal, afterMs }), {
        concurrency: 3,
      });
      for (const { wrong, sentAgain } of ends) assert.deepEqual({ wrong, sentAgain }, { wrong: [], sentAgain: [] });
      const codes = new Set(ends.map(({ code }) => code));
      t.diagnostic(`exit codes: ${[...codes].join(', ')}`);
      assert.ok(codes.size > 1, 'some were ended, some had ended by then');
    });
  }
}

test('add of 5,000 files, killed 20 times, ends with each there once when it is run again, and sends none again', async (t) => {
  const codes = new Set<number | null>();
  for (const afterMs of moments(1, 20, addMany)) {
    const { code, wrong, sentAgain } = await interrupted(t, addMany, { signal: 'SIGKILL', afterMs });
    assert.deepEqual({ wrong, sentAgain }, { wrong: [], sentAgain: [] }, `killed after ${afterMs} ms`);
    codes.add(code);
  }
  assert.ok(codes.has(null), 'some were killed');
});
