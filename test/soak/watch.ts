import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { pngOf } from '../tiny-images.js';
import { SandboxProcess, sandboxKey } from './sandbox-process.js';
import { bin, WatchedCommand } from './watched-command.js';

// npm run soak:watch [-- --minutes N --files N]: `add --watch` while files are written, appended to, renamed into place,
// moved, deleted, and whole folders moved, and the sandbox is killed twice. Prints which files the app lacks, which
// ids nobody wrote as a whole, and what the process held after a minute and at the end.

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '6' }, files: { type: 'string', default: '2000' } },
});
const fileCount = Number(values.files);
const folderCount = 50;
const stepMs = (Number(values.minutes) * 60_000) / fileCount;
const awayMs = 15_000;
const graceMs = 120_000;

const root = mkdtempSync(join(tmpdir(), 'clarifai-inputs-watch-'));
const env = { PATH: process.env['PATH'], HOME: root, XDG_DATA_HOME: root, XDG_CONFIG_HOME: root };
const sandbox = new SandboxProcess(join(root, 'state'), env);
const expected = new Set<string>();
const writing: Promise<void>[] = [];
let restarting = Promise.resolve();

try {
  mkdirSync(join(root, 'aside'));
  mkdirSync(join(root, 'in'));
  await sandbox.start();
  const clientEnv = { ...env, CLARIFAI_API_BASE: sandbox.url, CLARIFAI_PAT: sandboxKey };
  const words = ['add', 'in', '--watch', '-o', 'ndjson'];
  const watching = new WatchedCommand({ name: 'add --watch', words }, root, clientEnv);
  const startedMs = Date.now();
  let early: unknown;
  for (let n = 0; n < fileCount; n += 1) {
    writing.push(writeFile(n));
    if (n % 40 === 39) moveFolder(n);
    if (n % 7 === 6) moveOrDelete(n - 6, watching);
    if (n === Math.floor(fileCount / 3) || n === Math.floor((2 * fileCount) / 3)) restarting = restarting.then(restart);
    if (early === undefined && Date.now() - startedMs > 60_000) early = watching.facts();
    await sleep(Math.max(0, startedMs + (n + 1) * stepMs - Date.now()));
  }
  await Promise.all(writing);
  await restarting;
  const deadlineMs = Date.now() + graceMs;
  while ([...expected].some((id) => !watching.timesById.has(id)) && Date.now() < deadlineMs) await sleep(1000);
  await sleep(5000);
  const late = watching.facts();
  watching.interrupt();
  const code = await watching.ended;
  const inApp = execFileSync(process.execPath, [bin, 'list', '--all', '-o', 'ids'], {
    env: clientEnv,
    encoding: 'utf8',
  });
  const ids = new Set(inApp.split('\n').filter((id) => id !== ''));
  const report = {
    written: expected.size,
    inApp: ids.size,
    lost: [...expected].filter((id) => !ids.has(id)).length,
    half: [...ids].filter((id) => !expected.has(id)).length,
    toldTwice: [...watching.timesById.values()].filter((times) => times > 1).length,
    code,
    afterAMinute: early,
    atTheEnd: late,
  };
  process.stdout.write(`${watching.stderr}\n${JSON.stringify(report, undefined, 2)}\n`);
} finally {
  await sandbox.end('SIGTERM');
  rmSync(root, { recursive: true, force: true });
}

function folderOf(n: number): string {
  const folder = join(root, 'in', `f${n % folderCount}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** One file, in one of the ways in which programs write files. */
async function writeFile(n: number): Promise<void> {
  const bytes = pngOf(n, 2000 + ((n * 7919) % 60_000));
  expected.add(createHash('sha256').update(bytes).digest('hex').slice(0, 32));
  const path = join(folderOf(n), `${n}.png`);
  switch (n % 5) {
    case 0:
      writeFileSync(path, bytes);
      return;
    case 1:
      await writeSlowly(path, bytes);
      return;
    case 2:
      await writeSlowly(`${path}.part`, bytes);
      moveIfThere(`${path}.part`, path, n);
      return;
    case 3:
      await writeSlowly(join(folderOf(n), `.${n}.png.tmp`), bytes);
      moveIfThere(join(folderOf(n), `.${n}.png.tmp`), path, n);
      return;
    default:
      writeFileSync(join(root, 'aside', `${n}.png`), bytes);
      renameSync(join(root, 'aside', `${n}.png`), path);
  }
}

/** Its folder may have been moved meanwhile. */
function moveIfThere(from: string, to: string, n: number): void {
  if (existsSync(from)) renameSync(from, to);
  else renameSync(from.replace('/in/', '/in/moved/'), join(folderOf(n), `${n}.png`));
}

/** In four parts, with pauses shorter than those after which a file counts as whole. */
async function writeSlowly(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'w');
  const part = Math.ceil(bytes.length / 4);
  for (let from = 0; from < bytes.length; from += part) {
    await file.write(bytes.subarray(from, from + part));
    await sleep(600);
  }
  await file.close();
}

/** Moves a folder with all that is in it and being written to it, and back again. */
function moveFolder(n: number): void {
  const [from, to] = [folderOf(n), join(root, 'in', 'moved', `f${n % folderCount}`)];
  mkdirSync(join(root, 'in', 'moved'), { recursive: true });
  if (existsSync(to)) return;
  renameSync(from, to);
  writing.push(
    sleep(3000).then(() => {
      if (existsSync(to) && !existsSync(from)) renameSync(to, from);
    }),
  );
}

/** Of a file that arrived in the app, moves or deletes what lies in the folder. */
function moveOrDelete(n: number, watching: WatchedCommand): void {
  const old = n - 300;
  const path = join(root, 'in', `f${Math.abs(old) % folderCount}`, `${old}.png`);
  const id = createHash('sha256')
    .update(pngOf(old, 2000 + ((old * 7919) % 60_000)))
    .digest('hex')
    .slice(0, 32);
  if (old < 0 || !existsSync(path) || !watching.timesById.has(id)) return;
  if (n % 2 === 0) rmSync(path);
  else renameSync(path, join(folderOf(n), `renamed-${old}.png`));
}

async function restart(): Promise<void> {
  await sandbox.end('SIGKILL');
  await sleep(awayMs);
  await sandbox.start();
}
