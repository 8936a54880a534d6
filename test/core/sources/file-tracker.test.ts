import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import type { Draft } from '../../../src/core/model/steps.js';
import { FileTracker, settleMs } from '../../../src/core/sources/file-tracker.js';
import { draftOf } from '../../drafts.js';
import { FakeClock } from '../../fake-clock.js';
import { TempFolder } from '../../temp-folder.js';

class Scene {
  readonly clock = new FakeClock();
  readonly folder: string;
  readonly tracker: FileTracker;

  constructor(t: TestContext, byPath = false) {
    this.folder = new TempFolder(t).path;
    this.tracker = new FileTracker({ clock: this.clock, byPath });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  draft(name: string): Draft {
    return draftOf(name, { at: 'file', path: this.path(name) });
  }

  async look(name: string): Promise<void> {
    await this.tracker.track(this.draft(name));
  }

  /** What is taken after so long, by name. */
  async takenAfter(ms: number): Promise<readonly string[]> {
    this.clock.advance(ms);
    const names: string[] = [];
    for await (const { source } of this.tracker.takeSettled()) names.push(source);
    return names;
  }
}

test('a file is taken once it has not changed for two seconds', async (t) => {
  const scene = new Scene(t);
  writeFileSync(scene.path('a'), 'ha');
  await scene.look('a');
  assert.deepEqual(await scene.takenAfter(settleMs - 1), []);
  appendFileSync(scene.path('a'), 'lf');
  assert.deepEqual(await scene.takenAfter(1), []);
  assert.deepEqual(await scene.takenAfter(settleMs - 1), []);
  assert.ok(scene.tracker.isAnyGrowing);
  assert.deepEqual(await scene.takenAfter(1), ['a']);
  assert.ok(!scene.tracker.isAnyGrowing);
});

test('a file that was taken is taken again only if it changed', async (t) => {
  const scene = new Scene(t);
  writeFileSync(scene.path('a'), 'one');
  await scene.look('a');
  assert.deepEqual(await scene.takenAfter(settleMs), ['a']);
  await scene.look('a');
  assert.deepEqual(await scene.takenAfter(settleMs), []);
  writeFileSync(scene.path('a'), 'other');
  await scene.look('a');
  assert.deepEqual(await scene.takenAfter(settleMs), ['a']);
});

test('a file that was moved is not taken again, unless its id comes from its path', async (t) => {
  for (const byPath of [false, true]) {
    const scene = new Scene(t, byPath);
    writeFileSync(scene.path('a'), 'one');
    await scene.look('a');
    await scene.takenAfter(settleMs);
    mkdirSync(scene.path('sub'));
    renameSync(scene.path('a'), scene.path('sub/b'));
    await scene.look('sub/b');
    assert.deepEqual(await scene.takenAfter(settleMs), byPath ? ['sub/b'] : []);
  }
});

test('a file that is renamed into place is taken under its last name', async (t) => {
  const scene = new Scene(t);
  writeFileSync(scene.path('a.tmp'), 'one');
  await scene.look('a.tmp');
  renameSync(scene.path('a.tmp'), scene.path('a'));
  await scene.look('a');
  assert.deepEqual(await scene.takenAfter(settleMs), ['a']);
});

test('a file that vanishes while it is written is forgotten', async (t) => {
  const scene = new Scene(t);
  writeFileSync(scene.path('a'), 'one');
  await scene.look('a');
  rmSync(scene.path('a'));
  assert.deepEqual(await scene.takenAfter(settleMs), []);
  assert.ok(!scene.tracker.isAnyGrowing);
});

test('the first walk takes at once what nobody has written to for a while', async (t) => {
  const scene = new Scene(t);
  const nowSeconds = scene.clock.now() / 1000;
  for (const [name, agoSeconds] of [
    ['old', 60],
    ['new', 1],
  ] as const) {
    writeFileSync(scene.path(name), name);
    utimesSync(scene.path(name), nowSeconds, nowSeconds - agoSeconds);
  }
  assert.equal((await scene.tracker.takeOld(scene.draft('old')))?.source, 'old');
  assert.equal(await scene.tracker.takeOld(scene.draft('new')), undefined);
  await scene.look('old');
  assert.deepEqual(await scene.takenAfter(settleMs), ['new']);
});

test('a file that was taken and moved before it was read is taken again where it is', async (t) => {
  const scene = new Scene(t);
  const seconds = scene.clock.now() / 1000 - 60;
  writeFileSync(scene.path('a'), 'one');
  utimesSync(scene.path('a'), seconds, seconds);
  const draft = await scene.tracker.takeOld(scene.draft('a'));
  assert.ok(draft !== undefined && !(await scene.tracker.isStale(draft)));
  renameSync(scene.path('a'), scene.path('b'));
  assert.ok(await scene.tracker.isStale(draft));
  await scene.look('b');
  assert.deepEqual(await scene.takenAfter(settleMs), ['b']);
  await scene.look('b');
  assert.deepEqual(await scene.takenAfter(settleMs), []);
});
