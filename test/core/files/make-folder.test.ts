import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../../../src/core/files/make-folder.js';
import { TempFolder } from '../../temp-folder.js';

test('folders are made down to the last one, and one that is there stays', (t) => {
  const { path } = new TempFolder(t);
  const folder = join(path, 'a', 'b', 'c');
  makeFolder(folder, 0o700);
  makeFolder(folder, 0o755);
  for (const made of [folder, join(path, 'a')]) assert.equal(statSync(made).mode & 0o777, 0o700, made);
});

test('where no folder can be made, it says so and does not try for ever', (t) => {
  const { path } = new TempFolder(t);
  const file = join(path, 'file');
  writeFileSync(file, '');
  assert.throws(() => {
    makeFolder(file);
  }, /EEXIST/);
  assert.throws(() => {
    makeFolder(join(file, 'below'));
  }, /ENOTDIR/);
});

test('a folder that refuses new ones as missing is an error', { skip: process.platform !== 'linux' }, () => {
  assert.throws(() => {
    makeFolder('/proc/no/folder');
  }, /ENOENT/);
});
