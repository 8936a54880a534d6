import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MediaKind } from '../../../src/wire/messages.js';
import { openWorld, rows, type CliResult, type World } from '../../harness.js';
import { makeRealFolder, type RealFile } from '../../real-folder.js';

const count = 2000;

interface Asked {
  readonly type?: MediaKind;
  readonly skipUnsupported?: true;
  readonly hidden?: true;
  /** Exclusions, and what they leave. */
  readonly excluded?: readonly string[];
  readonly leaves?: (path: string) => boolean;
}

type Counts = ReadonlyMap<string, number>;

/** What becomes of a file by what it is; undefined for what is not looked at. */
function fateOf({ is }: RealFile, { type, skipUnsupported, hidden }: Asked): string | undefined {
  if (is === 'hidden') return hidden === true ? 'system file' : undefined;
  if ('passedOver' in is) return is.passedOver;
  const isWanted = type === undefined ? is.media !== 'text' : is.media === type;
  if (!isWanted) return is.media === 'audio' || is.media === 'text' ? `${is.media} file` : is.media;
  if (is.bad !== undefined) return skipUnsupported === true ? 'file that cannot be added' : 'failed';
  return is.copy === true ? 'duplicate' : 'sent';
}

function countBy(names: readonly (string | undefined)[]): Counts {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map([...counts].toSorted());
}

/** What a plan tells: inputs, duplicates, failures, and the line on skipped files. */
function countsOf({ stdout, stderr }: CliResult): Counts {
  const lines = stdout.split('\n');
  const skipped = /^skipped: (\d.*)$/m.exec(stderr)?.[1] ?? '';
  const counts = new Map([
    ['sent', lines.filter((line) => line.startsWith('  ')).length],
    ['duplicate', lines.filter((line) => line.startsWith('duplicate ')).length],
    ['failed', stderr.match(/^failed: real\//gm)?.length ?? 0],
    ...[...skipped.matchAll(/(\d+) (.+?)(?=, \d|$)/g)].map(([, number, noun = '']): [string, number] => [
      singularOf(noun),
      Number(number),
    ]),
  ]);
  return new Map([...counts].filter(([, number]) => number > 0).toSorted());
}

function singularOf(noun: string): string {
  return noun
    .replace(/^(FIFO|file)s/, '$1')
    .replace('sockets or devices', 'socket or device')
    .replace(/s$/, '');
}

async function planned(world: World, { type, skipUnsupported, hidden, excluded = [] }: Asked): Promise<CliResult> {
  const flags = [
    ...(type === undefined ? [] : ['--type', type]),
    ...(skipUnsupported === true ? ['--skip-unsupported'] : []),
    ...(hidden === true ? ['--hidden'] : []),
  ];
  const words = ['add', 'real', ...excluded, '--dry-run', ...flags];
  return await world.cli(words, { env: { CLARIFAI_PAT: undefined } });
}

const variants: Readonly<Record<string, Asked>> = {
  'as it is': {},
  '--hidden': { hidden: true },
  '--skip-unsupported': { skipUnsupported: true },
  '--type image': { type: 'image' },
  '--type video': { type: 'video' },
  '--type text': { type: 'text' },
  '--type audio --skip-unsupported': { type: 'audio', skipUnsupported: true },
  'a folder, a name and a pattern excluded': {
    excluded: ['!real/Trash (old)', '!./real/names/!important/', '!**/*.HEIC'],
    leaves: (path) =>
      !path.startsWith('Trash (old)/') && !path.startsWith('names/!important/') && !path.endsWith('.HEIC'),
  },
};

test('a folder as real life leaves it: each of 2,000 files is counted as what it is', async (t) => {
  const world = await openWorld(t);
  const files = makeRealFolder(join(world.dir, 'real'), count);
  assert.equal(files.length, count);
  for (const [name, asked] of Object.entries(variants)) {
    const kept = files.filter(({ path }) => asked.leaves?.(path) ?? true);
    const expected = countBy(kept.map((file) => fateOf(file, asked)));
    const result = await planned(world, asked);
    assert.deepEqual(countsOf(result), expected, name);
    assert.equal(result.code, expected.has('failed') ? 3 : 0, name);
    assert.doesNotMatch(result.stderr, /excluded nothing/);
  }
});

test('of such a folder each failed file is named with what to do, and the figures add up', async (t) => {
  const world = await openWorld(t);
  const files = makeRealFolder(join(world.dir, 'real'), 400);
  const expected = countBy(files.map((file) => fateOf(file, {})));
  const result = await world.cli(['add', 'real', '--failures', 'f', '--rps', '0']);
  assert.equal(result.code, 3);
  const records = rows(result.stdout);
  const named = new Map(records.map(({ source, status }) => [source, JSON.stringify(status)]));
  for (const { path, is } of files) {
    const bad = typeof is === 'object' && 'bad' in is && is.media !== 'text' ? is.bad : undefined;
    if (bad !== undefined) assert.match(named.get(`real/${path}`) ?? '', bad, path);
  }
  const outcomes = countBy(records.map(({ outcome }) => String(outcome)));
  assert.equal(outcomes.get('failed'), expected.get('failed'));
  assert.equal(outcomes.get('duplicate'), expected.get('duplicate'));
  const total = records.length;
  assert.match(result.stderr, new RegExp(`^${total} sources: ${outcomes.get('added') ?? 0} added, `, 'm'));
  const skipped = [...expected].filter(([fate]) => !['sent', 'duplicate', 'failed'].includes(fate));
  const looked = files.filter(({ is }) => is !== 'hidden').length;
  assert.equal(total + skipped.reduce((sum, [, number]) => sum + number, 0), looked);
});
