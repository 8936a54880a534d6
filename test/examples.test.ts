import assert from 'node:assert/strict';
import { execFile, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openWorld, rows } from './harness.js';
import { TempFolder } from './temp-folder.js';
import { writeImages } from './tiny-images.js';

// What examples/ has for machines that run by themselves, run as it stands there

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

/** The commands have a clock of their own, and the sandbox's stands still. */
const indexedAtOnce = { sandbox: { indexMs: 0 } };

function example(name: string): string {
  return readFileSync(new URL(`examples/${name}`, import.meta.url), 'utf8');
}

function shell(script: string, env: NodeJS.ProcessEnv, cwd: string): SpawnSyncReturns<string> {
  return spawnSync('sh', ['-ec', script], { env, cwd, encoding: 'utf8' });
}

/** The value of the only line that begins so. */
function valueOf(text: string, start: string): string {
  const values = text.split('\n').flatMap((line) => (line.startsWith(start) ? [line.slice(start.length)] : []));
  assert.equal(values.length, 1, start);
  return values[0] ?? '';
}

/** A list of strings in JSON, as a Dockerfile writes commands. */
function wordsOf(text: string): readonly string[] {
  const value: unknown = JSON.parse(text);
  assert.ok(Array.isArray(value));
  return value.map(String);
}

/** True if a program is installed, by what it says of its version; else the test is skipped with a word. */
function has(t: TestContext, program: string, version: string): boolean {
  const { error, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  const isThere = error === undefined && stdout.includes(version);
  if (!isThere) t.skip(`${program} is not installed`);
  return isThere;
}

/** The packed tarball, unpacked where it finds its libraries. */
function unpack(folder: string): string {
  const packed = shell(
    'npm pack --ignore-scripts --silent --pack-destination "$TO"',
    { ...process.env, TO: folder },
    root,
  );
  assert.equal(packed.status, 0, packed.stderr);
  const unpacked = shell('tar xzf clarifai-inputs-*.tgz', process.env, folder);
  assert.equal(unpacked.status, 0, unpacked.stderr);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'package', 'bin', 'clarifai-inputs.js');
}

test('the packed tarball runs by itself', async (t) => {
  const world = await openWorld(t, indexedAtOnce);
  const bin = unpack(new TempFolder(t).path);
  writeImages(join(world.dir, 'photos'), 3);
  const { stdout } = await run(bin, ['add', 'photos', '-o', 'ids'], {
    cwd: world.dir,
    env: { PATH: process.env['PATH'], HOME: world.dir, ...world.env },
  });
  assert.equal(stdout.trim().split('\n').length, 3);
  assert.equal((await world.ids()).length, 3);
});

test('the steps of the Dockerfile install the packed tarball, and its command adds what is there', async (t) => {
  const dockerfile = example('Dockerfile');
  const folder = new TempFolder(t).path;
  const prefix = join(folder, 'prefix');
  mkdirSync(prefix);
  const env = { ...process.env, TO: folder, npm_config_prefix: prefix, npm_config_offline: 'true' };
  assert.equal(shell('npm pack --ignore-scripts --silent --pack-destination "$TO"', env, root).status, 0);
  const copied = valueOf(dockerfile, 'COPY ');
  const [tarball = '', target = ''] = copied.split(' ');
  assert.equal(readdirSync(folder).filter((name) => name.startsWith(tarball.split('*')[0] ?? '')).length, 1);
  const installed = shell(valueOf(dockerfile, 'RUN ').replaceAll(target, `${folder}/`), env, folder);
  if (/ENOTCACHED|ECONN|EAI_AGAIN/.test(installed.stderr)) {
    t.skip("npm's cache lacks a package");
    return;
  }
  assert.equal(installed.status, 0, installed.stderr);
  const world = await openWorld(t, indexedAtOnce);
  writeImages(world.dir, 2);
  const [program = ''] = wordsOf(valueOf(dockerfile, 'ENTRYPOINT '));
  const words = wordsOf(valueOf(dockerfile, 'CMD ')).filter((word) => word !== '--watch');
  const { stdout } = await run(join(prefix, 'bin', program), [...words, '-o', 'ids'], {
    cwd: world.dir,
    env: { PATH: process.env['PATH'], HOME: world.dir, ...world.env },
  });
  assert.equal(stdout.trim().split('\n').length, 2);
});

test('the images that the examples name are the one that the Dockerfile builds', () => {
  const [, version = ''] = /"version": "([^"]+)"/.exec(readFileSync(join(root, 'package.json'), 'utf8')) ?? [];
  const image = `clarifai-inputs:${version}`;
  assert.ok(example('Dockerfile').includes(`-t ${image} .`));
  assert.ok(example('job.yaml').includes(`image: ${image}\n`));
  for (const name of ['Dockerfile', 'job.yaml', 'clarifai-inputs.service', 'README.md']) {
    assert.doesNotMatch(example(name), /npx clarifai/);
  }
});

test('the pods of the Kubernetes job share a list without overlap, and leave none out', async (t) => {
  const world = await openWorld(t, indexedAtOnce);
  const job = example('job.yaml');
  const [, args = ''] = /args: \[(.*)\]/.exec(job) ?? [];
  const pods = Number(/completions: (\d+)/.exec(job)?.[1]);
  const lines = Array.from({ length: 40 }, (_, n) => JSON.stringify({ url: `https://samples.clarifai.com/${n}.jpg` }));
  const list = world.write('rows.ndjson', lines.join('\n'));
  const sources: unknown[] = [];
  for (let pod = 0; pod < pods; pod += 1) {
    const words = args
      .split(', ')
      .map((word) => word.replaceAll("'", '').replace('$(JOB_COMPLETION_INDEX)', String(pod)));
    const { code, stdout } = await world.cli(words.map((word) => (word === '/data/rows.ndjson' ? list : word)));
    assert.equal(code, 0);
    sources.push(...rows(stdout).map(({ source }) => source));
  }
  assert.equal(sources.length, 40);
  assert.equal(new Set(sources).size, 40);
});

test('--shard with GNU parallel, as printed', async (t) => {
  if (!has(t, 'parallel', 'GNU parallel')) return;
  const world = await openWorld(t, indexedAtOnce);
  const command = valueOf(example('README.md'), 'parallel ');
  const lines = Array.from({ length: 40 }, (_, n) => JSON.stringify({ url: `https://samples.clarifai.com/${n}.jpg` }));
  world.write('rows.ndjson', lines.join('\n'));
  mkdirSync(join(world.dir, 'path'));
  symlinkSync(join(root, 'bin', 'clarifai-inputs.js'), join(world.dir, 'path', 'clarifai-inputs'));
  const PATH = [join(world.dir, 'path'), process.env['PATH']].join(delimiter);
  const env = { PATH, HOME: world.dir, ...world.env };
  const { stdout } = await run('sh', ['-c', `parallel --will-cite ${command}`], { cwd: world.dir, env });
  const sources = rows(stdout).map(({ source }) => source);
  assert.equal(sources.length, 40);
  assert.equal(new Set(sources).size, 40);
});

test('the systemd unit is one, and takes the exit codes of Ctrl-C and SIGTERM for success', (t) => {
  const unit = example('clarifai-inputs.service');
  assert.equal(valueOf(unit, 'SuccessExitStatus='), '130 143');
  if (!has(t, 'systemd-analyze', 'systemd 25')) return;
  const folder = new TempFolder(t).path;
  const path = join(folder, 'clarifai-inputs.service');
  writeFileSync(path, unit.replace('/usr/local/bin/clarifai-inputs', join(root, 'bin', 'clarifai-inputs.js')));
  const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8' });
  // it tells of the units of this machine as well
  assert.deepEqual(
    stderr.split('\n').filter((line) => line.includes('clarifai-inputs')),
    [],
  );
});
