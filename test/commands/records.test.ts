import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isObject, type JsonObject } from '../../src/wire/json.js';
import { onlyRest, openWorld, rows, type World } from '../harness.js';
import { TempFolder } from '../temp-folder.js';
import { writeImages } from '../tiny-images.js';

/** What `help records` says of each kind of record: the fields by the title, and the outcomes that it names. */
async function documented(world: World): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const { stdout } = await world.cli(['help', 'records']);
  const [, ...sections] = stdout.trimEnd().split('\n\n');
  return new Map(
    sections.map((section) => {
      const [title = '', ...lines] = section.split('\n');
      const fields = new Map<string, string>();
      let last = '';
      for (const line of lines) {
        const [, name = '', meaning = ''] = /^ {2}(\S*) +(.*)$/.exec(line) ?? [];
        last = name === '' ? last : name;
        fields.set(last, `${fields.get(last) ?? ''} ${meaning}`);
      }
      return [title, fields];
    }),
  );
}

interface Case {
  /** How the title begins. */
  readonly title: string;
  readonly words: readonly string[];
  readonly stdin?: string;
  /** Fields that these records need not have. */
  readonly without?: readonly string[];
  /** The file that has the records, where they are not printed. */
  readonly file?: string;
}

const cases: readonly Case[] = [
  { title: 'add, copy', words: ['add', 'photos', 'gone.png', '--id-from', 'name'] },
  { title: 'list, stream', words: ['list'], without: ['path'] },
  { title: 'list, stream', words: ['stream'], without: ['path'] },
  { title: 'list, stream', words: ['get', '0000', '--download', 'saved-media'] },
  { title: 'list, stream', words: ['status', '0000'], without: ['path'] },
  { title: 'status: ', words: ['status'] },
  { title: 'status --concepts', words: ['status', '--concepts'] },
  { title: 'add s3://', words: ['add', 's3://public/photos/'] },
  { title: 'add s3://', words: ['status', '--jobs'] },
  { title: 'add --dry-run', words: ['add', 'photos', '--dry-run'] },
  { title: 'add --dry-run', words: ['patch', '0000', '-c', 'cat', '--dry-run'] },
  { title: 'add --failures', words: ['add', 'none.png', '--failures', 'failed'], file: 'failed' },
  { title: 'patch --undo', words: ['patch', '0000', '-c', 'bird', '--undo', 'undo'], file: 'undo' },
  { title: 'patch, rm, export', words: ['patch', '0000', 'none', '-c', 'cat'] },
  { title: 'patch, rm, export', words: ['export', 'saved'] },
  { title: 'rm --dry-run', words: ['rm', '0000', '--dry-run'] },
  { title: 'patch, rm, export', words: ['rm', '0000', 'none', '--yes'] },
  { title: 'config list', words: ['config', 'list'] },
];

test('help records names the fields of every record, and no others', async (t) => {
  const folder = new TempFolder(t);
  writeImages(join(folder.path, 'photos'), 3);
  const world = await openWorld(t, { sandbox: { buckets: [{ name: 'public', folder: folder.path }] } });
  const shapes = await documented(world);
  const tried = new Set<string>();
  for (const { title, words, without = [], file } of cases) {
    const [found] = [...shapes].filter(([name]) => name.startsWith(title));
    assert.ok(found !== undefined, title);
    const [name, fields] = found;
    tried.add(name);
    const result = await world.cli([...words, '-o', 'ndjson'], { cwd: folder.path });
    const records = rows(file === undefined ? result.stdout : readFileSync(join(folder.path, file), 'utf8'));
    const hasMore = fields.has('...');
    assert.ok(records.length > 0, `${words.join(' ')}: ${result.stderr}`);
    for (const record of records) {
      const expected = [...fields.keys()].filter((field) => field !== '...' && !without.includes(field));
      const found = Object.keys(record).filter((field) => !hasMore || expected.includes(field));
      assert.deepEqual(found.toSorted(), expected.toSorted(), words.join(' '));
      assertOutcome(record, fields.get('outcome'));
    }
  }
  const untried = [...shapes.keys()].filter((name) => !tried.has(name));
  assert.deepEqual(untried, ['errors, on stderr: one object each, with the key "error"']);
});

test('help records names the fields of every error', onlyRest, async (t) => {
  const world = await openWorld(t);
  const errors = [...(await documented(world))].find(([name]) => name.startsWith('errors'))?.[1];
  const usage = await errorOf(world, ['list', '--per-page', '0']);
  const refused = await errorOf(world, ['list'], { CLARIFAI_PAT: 'wrong' });
  const printed = new Set([...Object.keys(usage), ...Object.keys(refused)]);
  assert.deepEqual([...printed].toSorted(), [...(errors?.keys() ?? [])].toSorted());
});

async function errorOf(world: World, words: readonly string[], env = {}): Promise<JsonObject> {
  const { stderr } = await world.cli([...words, '-o', 'json'], { env });
  const [line] = rows(stderr);
  const error = line?.['error'];
  assert.ok(isObject(error), stderr);
  return error;
}

function assertOutcome({ outcome }: Readonly<Record<string, unknown>>, meaning: string | undefined): void {
  if (meaning === undefined) return;
  assert.ok(typeof outcome === 'string');
  assert.match(meaning, new RegExp(`\\b${outcome}\\b`));
}
