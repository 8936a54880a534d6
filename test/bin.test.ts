import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, truncateSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fixture } from './harness.js';
import { TempFolder } from './temp-folder.js';
import { writeImages } from './tiny-images.js';

const bin = fileURLToPath(new URL('../bin/clarifai-inputs.js', import.meta.url));

interface Ended {
  /** The exit code, or the signal that ended it. */
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  kill(signal: NodeJS.Signals): void;
  /** Resolves, with all that was written so far, once that holds the text. */
  saw(part: string): Promise<string>;
  readonly ended: Promise<Ended>;
}

function start(t: TestContext, folder: TempFolder, words: readonly string[], shell?: string): Started {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder.path,
    XDG_DATA_HOME: folder.path,
    XDG_CONFIG_HOME: folder.path,
  };
  const options = { env, cwd: folder.path };
  const child = shell === undefined ? spawn(bin, words, options) : spawn('bash', ['-c', shell, bin], options);
  t.after(() => child.kill('SIGKILL'));
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  let all = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (all += String(chunk)));
  return {
    kill: (signal) => void child.kill(signal),
    async saw(part) {
      while (!all.includes(part)) await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]);
      return all;
    },
    ended: once(child, 'close').then(async ([code, signal]: (number | NodeJS.Signals | null)[]) => ({
      code: code ?? signal ?? null,
      stdout: await stdout,
      stderr: await stderr,
    })),
  };
}

test('the built program runs by its shebang, and a mistyped option is exit 2', async (t) => {
  const folder = new TempFolder(t);
  const version = await start(t, folder, ['--version']).ended;
  assert.equal(version.code, 0);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  const wrong = await start(t, folder, ['list', '--al']).ended;
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /Did you mean --all/);
});

/** What is loaded of node_modules and of our own, as `commander` and `commands/list`. */
async function loadedBy(t: TestContext, words: string): Promise<ReadonlySet<string>> {
  const folder = new TempFolder(t);
  await start(t, folder, [], `NODE_V8_COVERAGE=coverage node "$0" ${words}`).ended;
  const { stdout } = await start(t, folder, [], 'cat coverage/*').ended;
  const urls = stdout.matchAll(/"url":"file:[^"]*\/(?:node_modules\/([^/"]+)|dist\/([^"]+)\.js)/g);
  return new Set([...urls].map(([, module, own]) => module ?? own ?? ''));
}

test('--version and --help load no library, and a command that is named no other command', async (t) => {
  const ofAll = ['cli/run', 'errors', 'main'];
  assert.deepEqual([...(await loadedBy(t, '--version'))].sort(), ofAll);
  assert.deepEqual([...(await loadedBy(t, '--help'))].sort(), [
    'cli/command-table',
    'cli/help-text',
    ...ofAll.slice(0, 1),
    'core/settings/names',
    'core/settings/number-bounds',
    ...ofAll.slice(1),
    'render/output/output-forms',
    'session/global-options',
    'session/option-rules',
  ]);
  const ofList = await loadedBy(t, 'list --help');
  assert.ok(ofList.has('commander'));
  const commands = [...ofList].filter((name) => name.startsWith('commands/'));
  assert.deepEqual(commands.sort(), ['commands/list/command', 'commands/options/values']);
  for (const heavy of ['undici', '@inquirer', 'fast-glob', 'chalk', 'conf']) assert.ok(!ofList.has(heavy), heavy);
});

test('a command that sends loads only the parts of undici that it sends by', async (t) => {
  const folder = new TempFolder(t);
  const server = start(t, folder, ['sandbox', '--memory']);
  const url = /CLARIFAI_API_BASE=(\S+)/.exec(await server.saw('listening'))?.[1] ?? '';
  const shell = `NODE_V8_COVERAGE=coverage CLARIFAI_PAT=sandbox CLARIFAI_API_BASE=${url} "$0" list; cat coverage/*`;
  const { stdout } = await start(t, folder, [], shell).ended;
  assert.match(stdout, /undici\/lib\/dispatcher\/agent\.js/);
  assert.doesNotMatch(stdout, /undici\/index\.js/);
});

test('two commands at once share the state of --sandbox, and the next one sees it', async (t) => {
  const folder = new TempFolder(t);
  writeImages(join(folder.path, 'a'), 20);
  writeImages(join(folder.path, 'b'), 20, 20);
  const both = ['a', 'b'].map((name) => start(t, folder, ['--sandbox', 'add', name, '-o', 'ids']).ended);
  for (const { code, stderr } of await Promise.all(both)) assert.equal(code, 0, stderr);
  const list = await start(t, folder, ['--sandbox', 'list', '--all', '-o', 'ids']).ended;
  assert.equal(new Set(list.stdout.trim().split('\n')).size, 40);
  const head = await start(
    t,
    folder,
    [],
    '"$0" --sandbox list --all --per-page 3 -o ndjson | head -1; exit ${PIPESTATUS[0]}',
  ).ended;
  assert.equal(head.code, 0);
  assert.equal(head.stderr, '');
  assert.equal(head.stdout.split('\n').length, 2);
  const log = await start(t, folder, [], '"$0" --sandbox add a 2>log >/dev/null; cat log').ended;
  assert.ok(!log.stdout.includes('\u001b'));
  assert.match(log.stdout, /20 exists/);
});

test('Ctrl-C drains with a summary and exit 130', async (t) => {
  const folder = new TempFolder(t);
  const server = start(t, folder, ['sandbox', '--memory', '--index-ms', '600000']);
  const url = /CLARIFAI_API_BASE=(\S+)/.exec(await server.saw('listening'))?.[1] ?? '';
  writeImages(join(folder.path, 'p'), 5);
  const shell = `CLARIFAI_PAT=sandbox CLARIFAI_API_BASE=${url} exec "$0" -v add p`;
  const once130 = start(t, folder, [], shell);
  await once130.saw('POST /inputs -> 200');
  once130.kill('SIGINT');
  const drained = await once130.ended;
  assert.equal(drained.code, 130);
  assert.match(drained.stderr, /5 sources: 5 pending/);
  server.kill('SIGTERM');
  assert.equal((await server.ended).code, 0);
});

test('many files go up where no thread can be had', async (t) => {
  const folder = new TempFolder(t);
  writeImages(join(folder.path, 'p'), 100);
  folder.write(
    'no-thread.cjs',
    `require('node:worker_threads').Worker = class { constructor() { throw new Error('ERR_WORKER_INIT_FAILED'); } };
    require('node:module').syncBuiltinESMExports();`,
  );
  const added = await start(t, folder, [], 'NODE_OPTIONS="--require ./no-thread.cjs" "$0" --sandbox add p --no-wait')
    .ended;
  assert.equal(added.code, 0, added.stderr);
  assert.match(added.stderr, /100 sources: 100 pending/);
});

test('Ctrl-C does not wait until large files are looked at', async (t) => {
  const folder = new TempFolder(t);
  const head = Buffer.from('000000186674797069736f6d0000020069736f6d6d703432', 'hex');
  for (let file = 0; file < 100; file += 1) truncateSync(folder.write(`${file}.mp4`, head), 100_000_000);
  const adding = start(t, folder, [], 'exec "$0" --sandbox -v add *.mp4');
  await adding.saw('GET /inputs?ids=');
  const startedMs = performance.now();
  adding.kill('SIGINT');
  const { code, stderr } = await adding.ended;
  assert.equal(code, 130, stderr);
  assert.ok(performance.now() - startedMs < 5000, stderr);
});

test('a path that is good holds back no more than some that are not', async (t) => {
  const folder = new TempFolder(t);
  const [good = ''] = writeImages(folder.path, 1);
  const stdin = `echo '${good}'; seq 3000; while [ -e ${folder.write('more', '')} ]; do sleep 0.1; done`;
  const adding = start(t, folder, [], `(${stdin}) | "$0" --sandbox add - --no-wait`);
  await adding.saw('stdin line 1000');
  rmSync(join(folder.path, 'more'));
  assert.match((await adding.ended).stderr, /3001 sources: 3000 failed, 1 pending/);
});

test('patch changes nothing where its undo file does not fit on the disk', async (t) => {
  const folder = new TempFolder(t);
  writeImages(join(folder.path, 'p'), 100);
  const server = start(t, folder, ['sandbox', '--memory', '--index-ms', '0']);
  const url = /CLARIFAI_API_BASE=(\S+)/.exec(await server.saw('listening'))?.[1] ?? '';
  const shell = (script: string): Promise<Ended> =>
    start(t, folder, [], `export CLARIFAI_PAT=sandbox CLARIFAI_API_BASE=${url}; ${script}`).ended;
  assert.equal((await shell('"$0" add p -q')).code, 0);
  // the limit of a file stands for a full disk: the first write stops short, and only the second one fails
  const patched = await shell('"$0" list --all -o ids | (ulimit -f 1; "$0" patch - -c dog --undo undo.ndjson)');
  assert.equal(patched.code, 1, patched.stderr);
  assert.match(patched.stderr, /undo\.ndjson: file too large/);
  assert.equal((await shell('"$0" list --where concept=dog -o ids')).stdout, '');
});

test('a folder as stdin is not an empty list', async (t) => {
  const folder = new TempFolder(t);
  for (const words of ['add -', 'get -', 'rm - --yes', 'list --api-key-file -']) {
    const shell = `CLARIFAI_PAT=k CLARIFAI_API_BASE=http://127.0.0.1:9 "$0" ${words} < .`;
    const { code, stderr } = await start(t, folder, [], shell).ended;
    assert.ok(code === 2 || code === 3, `${words}: ${String(code)}`);
    assert.match(stderr, /stdin is a directory/);
  }
});

test('sandbox says how each client of the vendor is pointed at it, over TLS too', async (t) => {
  const folder = new TempFolder(t);
  const plain = await start(t, folder, ['sandbox', '--memory']).saw('to watch the inputs');
  const [, address = ''] = /http:\/\/(127\.0\.0\.1:\d+)/.exec(plain) ?? [];
  for (const call of [
    `new V2Client('${address}'`,
    `get_insecure_grpc_channel('127.0.0.1', `,
    `forTarget("${address}")`,
  ]) {
    assert.ok(plain.includes(call), plain);
  }
  const tls = ['--tls-cert', fixture('tls', 'cert.pem'), '--tls-key', fixture('tls', 'key.pem')];
  const secure = await start(t, folder, ['sandbox', '--memory', ...tls]).saw('to watch the inputs');
  const [url = ''] = /https:\/\/127\.0\.0\.1:\d+/.exec(secure) ?? [];
  assert.match(secure, /ClarifaiStub\.grpc\(/);
  const ca = readFileSync(fixture('tls', 'cert.pem'));
  const status = await new Promise((resolve, reject) => {
    get(url, { ca, agent: false }, (response) => {
      resolve(response.resume().statusCode);
    }).on('error', reject);
  });
  assert.equal(status, 200);
});

test('sandbox --bucket serves a folder as a bucket, which may want credentials', async (t) => {
  const folder = new TempFolder(t);
  writeImages(join(folder.path, 'p'), 2);
  const buckets = '--bucket open=p --bucket shut=./p --bucket-credentials shut=me:open:sesame'.split(' ');
  const server = start(t, folder, ['sandbox', '--memory', '--index-ms', '0', ...buckets]);
  const said = await server.saw('to watch the inputs');
  const url = /CLARIFAI_API_BASE=(\S+)/.exec(said)?.[1] ?? '';
  assert.match(said, /sandbox: bucket open: clarifai-inputs add s3:\/\/open\/$/m);
  const add = (words: string): Promise<Ended> => {
    const keys = 'AWS_ACCESS_KEY_ID=me AWS_SECRET_ACCESS_KEY=open:sesame';
    const env = `CLARIFAI_PAT=sandbox CLARIFAI_API_BASE=${url} ${keys}`;
    return start(t, folder, [], `${env} "$0" add ${words} --no-progress -o csv --fields outcome,succeeded`).ended;
  };
  const read = await add('s3://open/0000');
  assert.deepEqual([read.code, read.stdout.split(/\r?\n/)[1]], [0, 'done,1'], read.stderr);
  assert.equal((await add('s3://shut/0001')).code, 3);
  const opened = await add('s3://shut/0001 --send-credentials');
  assert.deepEqual([opened.code, opened.stdout.split(/\r?\n/)[1]], [0, 'done,1'], opened.stderr);
});

test('add - sends each line that comes slowly before the next one', async (t) => {
  const folder = new TempFolder(t);
  writeImages(folder.path, 2);
  const pipe =
    'mkfifo list; "$0" --sandbox add - -o ids < list & exec 9> list; echo 0000.png >&9; cat go >&9; exec 9>&-; wait';
  const running = start(t, folder, [], `mkfifo go; ${pipe}`);
  const first = await running.saw('\n');
  assert.match(first, /^[0-9a-f]{32}\n$/);
  await writeFile(join(folder.path, 'go'), '0001.png\n');
  assert.match((await running.ended).stdout, /^[0-9a-f]{32}\n[0-9a-f]{32}\n$/);
});

test('add --watch ends at SIGTERM with the summary and exit 143', async (t) => {
  const folder = new TempFolder(t);
  writeImages(join(folder.path, 'in'), 1);
  const running = start(t, folder, ['--sandbox', 'add', 'in', '--watch', '-o', 'ndjson']);
  await running.saw('in/0000.png');
  writeImages(join(folder.path, 'in'), 1, 1);
  await running.saw('in/0001.png');
  running.kill('SIGTERM');
  const { code, stderr } = await running.ended;
  assert.equal(code, 143);
  assert.match(stderr, /^2 sources: 2 added$/m);
});
