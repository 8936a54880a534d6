import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interrupted, works } from './kills.js';
import { endured, mustBeHarmless } from './local-matrix.js';
import { localFaults } from './local-faults.js';
import { expectedCode, spoilt } from './matrix.js';

// a sample of the matrix; `npm run test:faults` runs all of it

const sample = [
  ['answer lost after the work', 'add', 1],
  ['half an answer', 'add', 1],
  ['a body that never ends', 'list', 1],
  ['reset during the body', 'rm', 1],
  ['redirect to another host', 'get', Infinity],
  ['one byte a second', 'status', Infinity],
  ['503', 'add', Infinity],
] as const;

for (const [fault, command, times] of sample) {
  test(`${command} loses and doubles nothing: ${fault}, ${times === 1 ? 'once' : 'each time'}`, async () => {
    const row = await spoilt({ fault, command, times });
    assert.equal(row.outcome.code, expectedCode(row), row.outcome.stderr);
    assert.deepEqual({ lost: row.lost, doubled: row.doubled, again: row.again }, { lost: 0, doubled: 0, again: 0 });
    if (row.outcome.code !== 0) assert.match(row.outcome.stderr, /hint/);
  });
}

const grpcSample = [
  ['answer lost after the work', 'add', 1],
  ['reset during the message', 'add', 1],
  ['GOAWAY before the answer', 'rm', 1],
  ['INTERNAL after the work', 'patch', 1],
  ['502, HTML', 'list', Infinity],
] as const;

for (const [fault, command, times] of grpcSample) {
  test(`${command} over gRPC loses and doubles nothing: ${fault}, ${times === 1 ? 'once' : 'each time'}`, async () => {
    const row = await spoilt({ fault, command, times, transport: 'grpc' });
    assert.equal(row.outcome.code, expectedCode(row), row.outcome.stderr);
    assert.deepEqual({ lost: row.lost, doubled: row.doubled, again: row.again }, { lost: 0, doubled: 0, again: 0 });
    if (row.outcome.code !== 0) assert.match(row.outcome.stderr, /hint/);
  });
}

const localSample = [
  ['clock set back an hour, then out of time', 'status'],
  ['full disk, stdout', '--help'],
  ['a file grows while it is sent', 'add'],
] as const;

for (const [fault, command] of localSample) {
  test(`${command} loses and doubles nothing: ${fault}`, async () => {
    const local = localFaults.find((one) => one.fault === fault && one.command === command);
    assert.ok(local, 'a row of the matrix');
    const row = await endured(local);
    assert.ok(row, 'can be made on any machine');
    mustBeHarmless(row, local);
  });
}

for (const [name, work, signal, afterMs] of [
  ['add', works.add, 'SIGKILL', 700],
  ['patch', works.patch, 'SIGTERM', 600],
  ['rm', works.rm, 'SIGINT', 600],
] as const) {
  test(`${name} ended by ${signal} ends as undisturbed when it is run again`, async (t) => {
    const { wrong, sentAgain } = await interrupted(t, work, { signal, afterMs });
    assert.deepEqual({ wrong, sentAgain }, { wrong: [], sentAgain: [] });
  });
}
