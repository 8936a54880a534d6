import assert from 'node:assert/strict';
import { test } from 'node:test';
import pMap from 'p-map';
import { interrupted, moments, works } from './kills.js';

const times = 50;
const signals = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const;

for (const name of Object.keys(works)) {
  for (const [seed, signal] of signals.entries()) {
    test(`${name}, ended by ${signal} ${times} times, ends as undisturbed when it is run again`, async (t) => {
      const ends = await pMap(moments(seed + 1, times), (afterMs) => interrupted(t, name, { signal, afterMs }), {
        concurrency: 3,
      });
      for (const { wrong, sentAgain } of ends) assert.deepEqual({ wrong, sentAgain }, { wrong: [], sentAgain: [] });
      const codes = new Set(ends.map(({ code }) => code));
      t.diagnostic(`exit codes: ${[...codes].join(', ')}`);
      assert.ok(codes.size > 1, 'some were ended, some had ended by then');
    });
  }
}
