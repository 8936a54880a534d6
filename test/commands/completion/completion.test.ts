import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openWorld, testKey, type World } from '../../harness.js';
import { TempFolder } from '../../temp-folder.js';

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

const files = {
  bash: 'clarifai-inputs.bash',
  zsh: '_clarifai-inputs',
  fish: 'clarifai-inputs.fish',
  powershell: 'clarifai-inputs.ps1',
} as const;

for (const [shell, file] of Object.entries(files)) {
  test(`completion ${shell} prints completions/${file}: run 'npm run completions' where it does not`, async (t) => {
    const world = await openWorld(t);
    const { code, stdout } = await world.cli(['completion', shell]);
    assert.deepEqual([code, stdout], [0, readFileSync(path(`completions/${file}`), 'utf8')]);
    for (const part of ['patch', 'on-conflict', 'replace', 'where']) assert.ok(stdout.includes(part), part);
  });
}

test('completion of a shell that is none is exit 2, and tells those that are', async (t) => {
  const world = await openWorld(t);
  const { code, stderr } = await world.cli(['completion', 'tcsh']);
  assert.equal(code, 2);
  assert.match(stderr, /bash, zsh, fish, powershell/);
});

/** What bash offers at the end of a line, the words given as bash takes them apart; the tool itself is the built one. */
async function offered(t: TestContext, words: readonly string[], world?: World): Promise<readonly string[]> {
  const folder = new TempFolder(t);
  const env = {
    PATH: `${folder.path}:${process.env['PATH'] ?? ''}`,
    XDG_CONFIG_HOME: world?.env['XDG_CONFIG_HOME'] ?? folder.path,
    XDG_CACHE_HOME: folder.path,
    CLARIFAI_PAT: testKey,
    CLARIFAI_API_BASE: world?.proxy.url ?? 'http://127.0.0.1:9',
  };
  const script = `
    clarifai-inputs() { "$NODE" "$BIN" "$@"; }
    source "$SCRIPT"
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=\${#COMP_LINE}
    last=\${!#}
    case "$last" in [=:]*) last='' ;; esac
    _clarifai_inputs clarifai-inputs "$last" ''
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const places = {
    NODE: process.execPath,
    BIN: path('bin/clarifai-inputs.js'),
    SCRIPT: path('completions/clarifai-inputs.bash'),
  };
  const args = ['--norc', '-c', script, 'bash', 'clarifai-inputs', ...words];
  const { stdout } = await promisify(execFile)('bash', args, { env: { ...env, ...places }, cwd: path('.') });
  return stdout.split('\n').filter((line) => line !== '');
}

for (const [words, offers] of [
  [['pat'], ['patch']],
  [
    ['config', ''],
    ['init', 'set', 'get', 'unset', 'list', 'check', 'use', 'path'],
  ],
  [
    ['add', '--on-'],
    ['--on-conflict', '--on-failed'],
  ],
  [['add', '--on-conflict', 're'], ['replace']],
  [['add', '--on-conflict', '=', 're'], ['replace']],
  [['--profile', 'x', 'list', '-o', 'n'], ['ndjson']],
  [['config', 'set', 'user'], ['user-id']],
  [['rm', '--where', 'status', '=', 'p'], ['pending']],
  [
    ['rm', '--where', 'unta'],
    ['untagged=true', 'untagged=false'],
  ],
  [['add', 'README'], ['README.md']],
  [['get', 'x', '--download', 'compl'], ['completions']],
  [['completion', 'f'], ['fish']],
  [['list', '--limit', ''], []],
] as const) {
  test(`bash offers ${offers.join(' ') || 'nothing'} after '${words.join(' ')}'`, async (t) => {
    assert.deepEqual(await offered(t, words), offers);
  });
}

test('bash offers profiles, and concepts of the service, safe to be typed', async (t) => {
  const world = await openWorld(t);
  await world.cli(['config', 'set', 'app-id', 'demo', '--profile', 'work']);
  const concepts = ['dog', 'dog house', "it's", 'a:b', '$HOME', '-x', 'bell\u0007'].map((id) => ({ id, value: 1 }));
  await world.raw('POST', '/v2/inputs', {
    inputs: [{ id: 'a', data: { image: { url: 'https://example.com/a.jpg' }, concepts } }],
  });
  assert.deepEqual(await offered(t, ['--profile', 'wo'], world), ['work']);
  assert.deepEqual((await offered(t, ['patch', 'a', '-c', ''], world)).toSorted(), [
    '\\$HOME',
    'a:b',
    'dog',
    'dog\\ house',
    "it\\'s",
  ]);
  assert.deepEqual(await offered(t, ['list', '--where', 'concept', '=', 'dog'], world), ['dog', 'dog\\ house']);
  assert.ok(world.requests.every(({ path: asked }) => asked === '/v2/concepts'));
});

test('on trouble, TAB prints no error and waits no longer than its limit', async (t) => {
  const begun = performance.now();
  assert.deepEqual(await offered(t, ['patch', 'a', '-c', '']), []);
  assert.ok(performance.now() - begun < 10_000);
});
