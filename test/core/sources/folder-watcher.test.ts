import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import type { Clock } from '../../../src/context.js';
import { FolderWatcher } from '../../../src/core/sources/folder-watcher.js';
import { FakeClock } from '../../fake-clock.js';
import { TempFolder } from '../../temp-folder.js';

/** A clock that only an event or a signal wakes from. */
const stopped: Clock = {
  now: () => 0,
  async sleep(_, signal) {
    if (signal !== undefined && !signal.aborted) await once(signal, 'abort');
  },
};

const never = new AbortController().signal;

/** A watcher, closed with the test; skips the test where the system watches nothing. */
function open(t: TestContext): { readonly watcher: FolderWatcher; readonly folder: string } | undefined {
  const folder = new TempFolder(t).path;
  try {
    watch(folder).close();
  } catch {
    t.skip('the system has no watches left');
    return undefined;
  }
  const watcher = new FolderWatcher();
  // its watches alone keep no process alive
  const alive = setInterval(() => undefined, 1000);
  t.after(() => {
    clearInterval(alive);
    watcher.close();
  });
  watcher.beginWalk();
  return { watcher, folder };
}

test('what happens in a watched folder wakes whoever waits', async (t) => {
  const scene = open(t);
  if (scene === undefined) return;
  scene.watcher.add(scene.folder);
  const waiting = scene.watcher.wait(stopped, 60_000, never);
  writeFileSync(join(scene.folder, 'a'), 'a');
  await waiting;
  assert.ok(scene.watcher.hasChanged);
  scene.watcher.beginWalk();
  assert.ok(!scene.watcher.hasChanged);
});

test('a folder that vanished is awaited in the nearest one above it', async (t) => {
  const scene = open(t);
  if (scene === undefined) return;
  scene.watcher.addAbove(join(scene.folder, 'gone', 'photos'));
  const waiting = scene.watcher.wait(stopped, 60_000, never);
  mkdirSync(join(scene.folder, 'gone'));
  await waiting;
  assert.ok(scene.watcher.hasChanged);
});

test('a folder that was made again is watched again', async (t) => {
  const scene = open(t);
  if (scene === undefined) return;
  const sub = join(scene.folder, 'sub');
  mkdirSync(sub);
  scene.watcher.add(sub);
  rmSync(sub, { recursive: true });
  mkdirSync(sub);
  await scene.watcher.wait(stopped, 60_000, never);
  scene.watcher.beginWalk();
  scene.watcher.add(sub);
  const waiting = scene.watcher.wait(stopped, 60_000, never);
  writeFileSync(join(sub, 'a'), 'a');
  await waiting;
  assert.ok(scene.watcher.hasChanged);
});

test('waiting ends with its time, and with its signal', async (t) => {
  const watcher = new FolderWatcher();
  const clock = new FakeClock();
  await watcher.wait(clock, 5000, never);
  assert.deepEqual(clock.sleeps, [5000]);
  const controller = new AbortController();
  const waiting = watcher.wait(stopped, 5000, controller.signal);
  controller.abort();
  await waiting;
  assert.ok(!watcher.hasChanged, t.name);
});
