import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src/', import.meta.url));
const map = readFileSync(`${source}README.md`, 'utf8');

/** Paths in backticks; `render/`, which stands inside another folder's row, is told by its slash as well. */
const named = [...map.matchAll(/`((?:\w[\w-]*\/)+(?:[\w-]+\.ts)?|(?:main|context|errors)\.ts)`/g)]
  .map(([, path = '']) => path)
  .filter((path) => !path.includes('NAME'));

test('the map of the source names only what exists', () => {
  assert.ok(named.length > 40);
  for (const path of named) assert.ok(existsSync(source + path), path);
});

test('the map of the source names every folder', () => {
  const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) assert.ok(map.includes(`\`${name}/`), name);
});
