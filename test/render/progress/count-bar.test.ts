import assert from 'node:assert/strict';
import test from 'node:test';
import { Chalk } from 'chalk';
import { countsOf } from '../../../src/api/answers.js';
import { countBar } from '../../../src/render/progress/count-bar.js';
import { countsText } from '../../../src/render/output/counts.js';

const none = new Chalk({ level: 0 });

function counts(some: Record<string, number>) {
  const all = countsOf({ counts: some });
  assert.ok(all !== undefined);
  return all;
}

test('the bar has a part for each count that is not 0, however small', () => {
  const [bar = '', numbers = ''] = countBar(counts({ processed: 99_997, errors: 1, to_process: 2 }), 80, none).split(
    '\n',
  );
  assert.match(bar, /^█+░×$/);
  assert.ok(bar.length <= 60);
  for (const part of ['processed 99997', 'to_process 2', 'errors 1', 'processing 0']) assert.ok(numbers.includes(part));
  assert.ok(!numbers.includes('reindex'), 'nobody asked for what is not going on');
});

test('parts are as long as their shares', () => {
  const [bar = ''] = countBar(counts({ processed: 300, processing: 100 }), 42, none).split('\n');
  const done = bar.replaceAll(/[^█]/g, '').length;
  assert.ok(Math.abs(done / bar.length - 0.75) < 0.05, bar);
});

test('an empty app has an empty bar', () => {
  assert.match(countBar(counts({}), 80, none), /^·+\nprocessed|^·+\n█ processed 0/);
});

test('without colour there is no escape byte, with colour there is', () => {
  const some = counts({ processed: 1, errors: 1 });
  assert.ok(!countBar(some, 80, none).includes('\u001b'));
  assert.ok(countBar(some, 80, new Chalk({ level: 1 })).includes('\u001b[32m'));
});

test('counts for a program are one object, or a line of names and one of numbers', async () => {
  const some = counts({ processed: 3, errors: 1 });
  const object = JSON.stringify(some);
  assert.equal(await countsText(some, 'json', undefined), `${object}\n`);
  assert.equal(await countsText(some, 'ndjson', undefined), `${object}\n`);
  assert.equal(await countsText(some, 'ndjson', ['errors']), '{"errors":1}\n');
  assert.equal(await countsText(some, 'csv', ['processed', 'errors']), 'processed,errors\n3,1\n');
  assert.match(await countsText(some, 'table', undefined), /^processed\t3\nto_process\t0\nerrors\t1\n/);
});
