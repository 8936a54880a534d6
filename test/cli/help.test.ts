import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { exitCodes } from '../../src/errors.js';
import { openWorld, type World } from '../harness.js';

test('help and version go to stdout with exit 0, and need no key', async (t) => {
  const world = await openWorld(t, { env: { CLARIFAI_PAT: undefined } });
  for (const words of [['--help'], ['help'], [], ['add', '--help'], ['help', 'add'], ['--version'], ['-V']]) {
    const { code, stdout, stderr } = await world.cli(words);
    assert.equal(code, 0, words.join(' '));
    assert.equal(stderr, '');
    assert.match(stdout, words.join('').toLowerCase().includes('v') ? /^\d+\.\d+\.\d+\n$/ : /Usage: clarifai-inputs/);
  }
  const add = (await world.cli(['add', '--help'])).stdout;
  for (const part of ['Examples:', '--concept', '--geo', '--dry-run', '--wait-timeout']) assert.ok(add.includes(part));
});

test('the help of every command and subcommand opens with two or three examples', async (t) => {
  const world = await openWorld(t);
  const pending = [...(await commandsIn(world, []))];
  assert.ok(pending.length >= 8);
  for (const words of pending) {
    const { code, stdout, stderr } = await world.cli(['help', ...words]);
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal((await world.cli([...words, '--help'])).stdout, stdout);
    assert.match(stdout, /^Examples:\n( {2}\S.*\n){2,3}\nUsage: clarifai-inputs /, words.join(' '));
    pending.push(...(await commandsIn(world, words)));
  }
});

/** The commands that the help of these words lists. */
async function commandsIn(world: World, words: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { stdout } = await world.cli([...words, '--help']);
  const [, list = ''] = /^Commands:\n((?: .*\n)+)/m.exec(stdout) ?? [];
  return [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => [...words, name]);
}

test('options stand under headings where a command has many', async (t) => {
  const world = await openWorld(t);
  for (const [name, headings] of [
    ['add', ['Sources', 'Concepts and metadata', 'IDs and conflicts', 'Failures', 'Waiting', 'Planning', 'Batches']],
    ['patch', ['Inputs to change', 'Changes', 'Planning']],
    ['sandbox', ['Server', 'Behavior', 'Faults']],
  ] as const) {
    const { stdout } = await world.cli(['help', name]);
    const sections = stdout.split(/\n\n/).filter((section) => /^.*:\n {2}-/.test(section));
    const ungrouped = sections.find((section) => section.startsWith('Options:\n'));
    assert.deepEqual(ungrouped?.match(/^ {2}-\S+/gm), ['  -h,'], name);
    assert.deepEqual(
      sections.map((section) => section.slice(0, section.indexOf(':'))),
      [...headings, 'Options'],
    );
  }
});

test('the list of commands is what remains of the help on a screen of 24 rows', async (t) => {
  const world = await openWorld(t);
  const { stdout } = await world.cli(['help']);
  const screen = stdout.trimEnd().split('\n').slice(-23);
  assert.ok(screen.includes('Commands:'));
  assert.match(screen.at(-1) ?? '', /^ {2}help /);
});

test('the help of the program fits into 80 columns', async (t) => {
  const world = await openWorld(t);
  const { stdout } = await world.cli(['help']);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
  assert.equal((await world.cli(['--help'])).stdout, stdout);
  assert.equal((await world.cli([])).stdout, stdout);
});

test('help exit-codes lists each code that there is', async (t) => {
  const world = await openWorld(t);
  const { stdout } = await world.cli(['help', 'exit-codes']);
  const listed = [...stdout.matchAll(/^ {2}(\d+) +\S/gm)].map(([, code]) => Number(code));
  assert.deepEqual(listed, Object.values(exitCodes));
});

test('help environment lists each variable that is read', async (t) => {
  const world = await openWorld(t);
  const { stdout } = await world.cli(['help', 'environment']);
  const listed = new Set(stdout.match(/\b[A-Z][A-Z_]{1,}\b/g));
  const source = fileURLToPath(new URL('../../src', import.meta.url));
  const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(source, name), 'utf8'))
    .join('\n');
  const read = [...code.matchAll(/env\['([A-Z_]+)'\]|'(CLARIFAI_[A-Z_]+)'|variable\((?:\w+\.)?env, '(\w+)'\)/g)];
  const names = read.map(([, ...found]) => found.join('').toUpperCase());
  for (const name of ['CLARIFAI_PAT', 'CLARIFAI_INPUTS_PROFILE', 'NO_COLOR', 'HTTPS_PROXY']) {
    assert.ok(names.includes(name), `${name} is found`);
  }
  for (const name of names) assert.ok(listed.has(name) || name.endsWith('APPDATA'), name);
});
