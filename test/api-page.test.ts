import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fixture, openWorld, type World } from './harness.js';

// The table of examples/api-page.md is the list of cases: each command is run as printed, and what leaves is what the page sends

const page = readFileSync(new URL('examples/api-page.md', import.meta.url), 'utf8');

/** The page's cURL snippets, in its order; the table begins with them, in the same order. */
const snippets = readFileSync(new URL('sandbox/snippets.md', import.meta.url), 'utf8')
  .split(/^```\n?$/m)
  .filter((text) => text.includes('curl'));

interface Operation {
  readonly name: string;
  readonly method: string;
  /** With its query. */
  readonly target: string;
  /** Undefined for a call without one. */
  readonly body: unknown;
  readonly words: readonly string[];
}

const picture = readFileSync(fixture('photos', 'fruit', 'tiny cherry.png'));

const rowForm = /^\| ([^|]+) \| `(\w+) (\/v2\/inputs[^`]*)` +\| `clarifai-inputs ([^`]+)` +\|$/gm;

const operations = [...page.matchAll(rowForm)].map(
  ([, name = '', method = '', target = '', command = ''], at): Operation => ({
    name: name.trim(),
    method,
    target: withIds(target),
    body: bodyOf(snippets[at] ?? ''),
    words: wordsOf(command),
  }),
);

function withIds(text: string): string {
  return text.replaceAll('{YOUR_INPUT_ID_2}', 'puppy1').replaceAll(/\{YOUR_INPUT_ID(?:_1)?\}/g, 'train1');
}

/** What the page sends, its file being our picture. */
function bodyOf(snippet: string): unknown {
  const [, text] = /-d '\n([\s\S]*)'\\/.exec(snippet) ?? [];
  if (text === undefined) return undefined;
  // its shell leaves out the first quote; what it means is plain
  const json = withIds(text).replace(/"?'"`base64 [^`]*`"'"/, `"${picture.toString('base64')}"`);
  const body: unknown = JSON.parse(json);
  return body;
}

/** As a shell would take them apart. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

/** Writes the files that the table uses. */
function writeFiles(world: World): void {
  for (const [, name = '', content = ''] of page.matchAll(/^\$ cat (\w+\.ndjson)\n((?:\{.*\n)+)/gm))
    world.write(name, content);
  world.write('image.jpeg', picture);
}

test('the table has every cURL form of the page, and the streams that it shows in other languages', () => {
  assert.equal(snippets.length, 15);
  assert.equal(operations.length, 17);
  for (const [at, snippet] of snippets.entries()) {
    const [, method] = /-X (\w+)/.exec(snippet) ?? [];
    const [, target] = /api\.clarifai\.com(\S+)/.exec(snippet) ?? [];
    assert.deepEqual(
      [operations[at]?.method, operations[at]?.target],
      [method, withIds(target ?? '')],
      operations[at]?.name,
    );
  }
});

/** What is not there can't be removed, and need not be asked for. */
function conceptsBefore(operation: string): readonly { readonly id: string }[] {
  return operation.startsWith('remove') ? ['tree', 'water', 'animal', 'fruit'].map((id) => ({ id })) : [];
}

for (const { name, method, target, body, words } of operations) {
  test(`the page's operation '${name}' leaves as the page sends it`, async (t) => {
    const world = await openWorld(t);
    writeFiles(world);
    const isAdd = words[0] === 'add';
    if (!isAdd) {
      const inputs = ['train1', 'puppy1'].map((id) => ({
        id,
        data: { image: { url: `https://example.com/${id}.jpg` }, concepts: conceptsBefore(name) },
      }));
      await world.raw('POST', '/v2/inputs', { inputs });
      world.clock.advance(2000);
    }
    const result = await world.cli(words);
    assert.equal(result.code, 0, result.stderr);
    const url = new URL(target, 'http://page');
    // the page writes a slash at the end once; the path is the same
    const path = url.pathname.replace(/\/$/, '');
    const sent = result.requests.find((request) => request.method === method && request.path === path);
    assert.ok(
      sent,
      `${method} ${path} is among ${result.requests.map((one) => `${one.method} ${one.path}`).join(', ')}`,
    );
    assert.deepEqual(Object.fromEntries(sent.query), Object.fromEntries(url.searchParams));
    if (method !== 'GET') assert.deepEqual(sent.json, body);
  });
}
