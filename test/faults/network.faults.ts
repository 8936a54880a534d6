import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pMap from 'p-map';
import { networkFaults } from './fault-proxy.js';
import { grpcFaults } from './grpc-fault-proxy.js';
import { deeds, expectedCode, spoilt } from './matrix.js';
import { tableOf, type Row } from './table.js';

// npm run test:faults: each fault, once and each time, on each command; prints the matrix

const rows: Row[] = [];

const matrices = { rest: networkFaults, grpc: grpcFaults } as const;

for (const transport of ['rest', 'grpc'] as const) {
  for (const fault of Object.keys(matrices[transport])) {
    test(`${transport}, ${fault}: nothing lost, nothing doubled, one line and a hint`, async () => {
      const cases = Object.keys(deeds).flatMap((command) => [1, Infinity].map((times) => ({ command, times })));
      const done = await pMap(cases, (one) => spoilt({ fault, transport, ...one }), { concurrency: 4 });
      rows.push(...done.map((row) => ({ ...row, fault: transport === 'rest' ? fault : `gRPC: ${fault}` })));
      for (const row of done) assertHarmless(row);
    });
  }
}

function assertHarmless(row: Row): void {
  const name = `${row.fault}, ${row.command}, ${row.times}`;
  assert.equal(row.outcome.code, expectedCode(row), `${name}: ${row.outcome.stderr}`);
  assert.deepEqual({ lost: row.lost, doubled: row.doubled, again: row.again }, { lost: 0, doubled: 0, again: 0 }, name);
  assert.ok(row.outcome.seconds < 30, `${name}: ${row.outcome.seconds} s`);
  if (row.outcome.code !== 0) assert.match(row.outcome.stderr, /hint/, name);
}

after(() => {
  process.stdout.write(`\n${tableOf(rows)}`);
});
