import assert from 'node:assert/strict';
import test from 'node:test';
import { Progress } from '../../../src/core/add/progress.js';
import { Summary } from '../../../src/core/add/summary.js';
import { addView } from '../../../src/render/progress/add-view.js';
import { openReporter } from '../../../src/render/progress/reporter.js';
import { openWorld } from '../../harness.js';
import { MemoryOutput } from '../../memory-streams.js';

/** The bar of what is sent, as it is drawn last. */
async function drawSent(progress: Progress, summary: Summary): Promise<string> {
  return (await drawLast(progress, summary)).split('indexed')[0] ?? '';
}

/** The bar of what is indexed. */
async function drawIndexed(progress: Progress, summary: Summary): Promise<string> {
  return (await drawLast(progress, summary)).split('indexed')[1] ?? '';
}

/** Both bars, from behind the first label. */
async function drawLast(progress: Progress, summary: Summary): Promise<string> {
  const stderr = new MemoryOutput({ isTTY: true, columns: 120 });
  const options = { quiet: false, progress: true, verbose: false };
  const reporter = await openReporter({ stderr, env: {} }, options, addView({ progress, summary, awaited: true }));
  reporter.stop();
  return stderr.text.split('sent   ').at(-1) ?? '';
}

test('the bar is not full while one input is not accepted, whatever was sent', async () => {
  const [progress, summary] = [new Progress(), new Summary()];
  summary.read = 2;
  progress.totalBytes = 1000;
  progress.sourcesKnown = true;
  progress.answered([{ sizeBytes: 999 }]);
  progress.start().bytes = 1;
  assert.match(await drawSent(progress, summary), /█░ {2}1\/2/);
  progress.answered([{ sizeBytes: 1 }]);
  assert.match(await drawSent(progress, summary), /█{40} {2}2\/2/);
});

test('what a request takes back does not make the figure fall', () => {
  const progress = new Progress();
  const sending = progress.start();
  sending.bytes = 500;
  assert.equal(progress.movedBytes, 500);
  sending.bytes = 0;
  assert.equal(progress.movedBytes, 500);
});

test('where the app has everything, the bar says that there is nothing to send', async () => {
  const [progress, summary] = [new Progress(), new Summary()];
  summary.read = 1;
  progress.totalBytes = 10;
  progress.present([{ sizeBytes: 10 }]);
  progress.sourcesKnown = true;
  assert.match(await drawSent(progress, summary), /█{40} {2}nothing to send/);
});

test('a failure keeps the bar of what is indexed short, and a duplicate is not in its total', async () => {
  const [progress, summary] = [new Progress(), new Summary()];
  summary.read = 4;
  summary.outcomes.added = 2;
  summary.outcomes.duplicate = 1;
  summary.outcomes.failed = 1;
  progress.sourcesKnown = true;
  assert.match(await drawIndexed(progress, summary), /█░+ {2}2\/3 {2}1 failed/);
  summary.outcomes.added = 3;
  summary.outcomes.failed = 0;
  assert.match(await drawIndexed(progress, summary), /[^░] {2}3\/3/);
});

test('with CI set there are no bars, also where the log says that it is a terminal', async (t) => {
  const world = await openWorld(t);
  world.write('a.txt', 'text');
  const bars = await world.cli(['add', 'a.txt'], { tty: true });
  assert.match(bars.stderr, /█/);
  const lines = await world.cli(['add', 'a.txt'], { tty: true, env: { CI: 'true' } });
  assert.doesNotMatch(lines.stderr, /█|\[\?25l/);
});
