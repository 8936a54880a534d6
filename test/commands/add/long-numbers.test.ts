import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plan, planningWorld } from '../../planning.js';
import { openWorld } from '../../harness.js';
import { pngOf } from '../../tiny-images.js';

const long = '{"n":9007199254740993,"m":1234567890123456,"t":"9007199254740993"}';
const told = '9007199254740993 is stored as 9007199254740992; quote it to keep it as text';

test('an integer that the service would round is warned about, wherever it is given, once', async (t) => {
  const world = await planningWorld(t);
  world.write('a.png', pngOf(1));
  world.write('a.png.json', `{"metadata":${long}}`);
  world.write('meta.json', long);
  world.write(
    'keys.csv',
    `url,n:json,id-like\nhttps://x.test/1234567890123456789,[9007199254740993],9007199254740993\n`,
  );
  world.write('m.csv', `url,metadata\nhttps://x.test/a,"${long.replaceAll('"', '""')}"\n`);
  for (const [place, args, stdin] of [
    ['--metadata', ['a.png', '--metadata', long], ''],
    ['meta.json', ['a.png', '--metadata', '@meta.json'], ''],
    ['stdin line 1', ['--manifest', '-'], `{"url":"https://x.test/a","metadata":${long}}\n`],
    ['m.csv line 2', ['--manifest', 'm.csv'], ''],
    [
      'keys.csv line 2',
      ['--manifest', 'keys.csv', '--map', 'n:json=metadata.n:json', '--other-columns', 'metadata'],
      '',
    ],
    ['a.png.json', ['a.png', '--sidecars'], ''],
  ] as const) {
    const { code, stderr } = await plan(world, args, { stdin });
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      stderr.split('\n').filter((line) => line.startsWith('warning:')),
      [`warning: ${place}: ${told}`],
    );
    assert.doesNotMatch((await plan(world, [...args, '-q'], { stdin })).stderr, /warning/);
  }
});

test('patch warns of such a number in an option and in rows, ten times at most', async (t) => {
  const world = await openWorld(t);
  const words = ['patch', '--dry-run'];
  const env = { CLARIFAI_PAT: undefined };
  assert.match((await world.cli([...words, 'a', '--metadata', long], { env })).stderr, /^warning: --metadata: 9007/m);
  const stdin = `{"id":"a","metadata":${long}}\n`.repeat(30);
  const { stderr } = await world.cli([...words, '--from', '-'], { stdin, env });
  const warnings = stderr.split('\n').filter((line) => line.startsWith('warning:'));
  assert.deepEqual([warnings.length, warnings[0]], [11, `warning: stdin line 1: ${told}`]);
});
