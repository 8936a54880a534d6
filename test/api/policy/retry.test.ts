import assert from 'node:assert/strict';
import test from 'node:test';
import { isTransientCode } from '../../../src/api/answers.js';
import { retryDelayMs, type Verdict } from '../../../src/api/policy/retry.js';
import { retryAfterMs, verdictOn } from '../../../src/api/network/verdict.js';

const verdicts: readonly (readonly [httpStatus: number, code: number, Verdict])[] = [
  // the HTTP status alone
  [400, 0, 'final'],
  [404, 0, 'final'],
  [409, 0, 'final'],
  [422, 0, 'final'],
  [408, 0, 'transient'],
  [429, 0, 'transient'],
  [500, 0, 'transient'],
  [502, 0, 'transient'],
  [503, 0, 'transient'],
  [504, 0, 'transient'],
  [401, 0, 'account'],
  [402, 0, 'account'],
  [403, 0, 'account'],
  [413, 0, 'too-large'],
  // the code wins
  [200, 10030, 'transient'],
  [400, 11005, 'transient'],
  [400, 11003, 'transient'],
  [400, 98004, 'transient'],
  [401, 11005, 'transient'],
  [429, 11004, 'account'],
  [400, 11000, 'account'],
  [400, 11001, 'account'],
  [400, 11002, 'account'],
  [400, 11006, 'account'],
  [400, 11007, 'account'],
  [500, 11008, 'account'],
  [400, 11009, 'account'],
  [400, 40033, 'too-large'],
  [500, 40033, 'too-large'],
  [400, 11102, 'final'],
  [404, 11101, 'final'],
  [400, 99009, 'final'],
];

for (const [httpStatus, code, verdict] of verdicts) {
  test(`HTTP ${httpStatus} with code ${code} is ${verdict}`, () => {
    assert.equal(verdictOn({ httpStatus, code }), verdict);
  });
}

test('an input is worth another try after download and storage trouble, not after bad bytes', () => {
  const codes = [30002, 39996, 30210, 98001, 11005];
  assert.deepEqual(codes.map(isTransientCode), [true, true, true, true, true]);
  assert.deepEqual([30100, 30101, 30104, 30105, 30300, 40010].map(isTransientCode), Array(6).fill(false));
});

test('the backoff doubles from 0.5 s up to 30 s, times a random share', () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 6, 7, 20].map((attempt) => retryDelayMs(attempt, undefined, 1));
  assert.deepEqual(ceilings, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  assert.equal(retryDelayMs(3, undefined, 0), 0);
  assert.equal(retryDelayMs(3, undefined, 0.25), 1000);
});

test('Retry-After is waited out, with at most a second of jitter on top', () => {
  assert.equal(retryDelayMs(0, 7000, 0), 7000);
  assert.equal(retryDelayMs(0, 7000, 1), 7500);
  assert.equal(retryDelayMs(9, 7000, 1), 8000);
});

test('Retry-After is read as seconds and as a date, and anything else says nothing', () => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5);
  assert.equal(retryAfterMs('0', now), 0);
  assert.equal(retryAfterMs(' 120 ', now), 120_000);
  assert.equal(retryAfterMs('Fri, 02 Jan 2026 03:04:35 GMT', now), 30_000);
  assert.equal(retryAfterMs('Fri, 02 Jan 2026 03:00:00 GMT', now), 0, 'a date that is over');
  assert.equal(retryAfterMs('Friday, 02-Jan-26 03:04:35 GMT', now), 30_000, 'the form of RFC 850');
  assert.equal(retryAfterMs('Friday, 02-Jan-99 03:04:35 GMT', now), 0, 'the year 1999');
  assert.equal(retryAfterMs('Fri Jan  2 03:04:35 2026', now), 30_000, 'the form of asctime');
  assert.equal(retryAfterMs('Fri, 02 Jan 2026 03:04:60 GMT', now), 55_000, 'a leap second');
  const malformed = [undefined, '', 'soon', '-5', '1.5', '2026-01-02', 'Foo, bar', '9'.repeat(10), '1e3', '0x10'];
  const noDates = [
    'Tue, 31 Feb 2026 03:04:35 GMT',
    'Fri, 02 Jan 2026 24:04:35 GMT',
    'Fri, 02 Jan 2026 03:04:35 PST',
    'Fri, 02 Jan 2026 03:04:35',
    'Fri, 2 Jan 2026 03:04:35 GMT',
    'fri, 02 jan 2026 03:04:35 gmt',
  ];
  for (const header of [...malformed, ...noDates]) assert.equal(retryAfterMs(header, now), undefined, header);
});
