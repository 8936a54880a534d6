import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of the project, in which a file may be spoilt. */
export interface Tree {
  readonly root: string;
}

export interface TestRun {
  readonly passed: boolean;
  readonly ms: number;
}

/** The project's own files, by their paths in it: what git knows, and what it would be told of. */
export function projectFiles(): readonly string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const paths = execFileSync('git', args, { cwd: projectRoot, encoding: 'utf8' }).split('\0');
  return paths.filter((path) => path !== '' && existsSync(join(projectRoot, path)));
}

/** Copies the project into a folder, which is made anew; what it depends on stays where it is. */
export function copyTree(root: string): Tree {
  rmSync(root, { recursive: true, force: true });
  for (const path of projectFiles()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(join(projectRoot, path), join(root, path));
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
  return { root };
}

/** Runs one test file; it and all that it started are ended when the time is over, which counts as a failure. */
export async function runTest(
  { root }: Tree,
  test: string,
  env: Readonly<Record<string, string>> = {},
  limitMs = 120_000,
): Promise<TestRun> {
  const startedMs = performance.now();
  // a group of its own, so that its children end with it
  const child = spawn(process.execPath, ['--import', 'tsx', test], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'ignore',
    detached: true,
  });
  const end = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // all of them have ended
    }
  };
  const timer = setTimeout(end, limitMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('exit', resolve);
  });
  clearTimeout(timer);
  end();
  return { passed: code === 0, ms: performance.now() - startedMs };
}

/** True if the compiler takes the tree as it is: what it refuses never reaches a test. */
export async function compiles({ root }: Tree): Promise<boolean> {
  const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc');
  const child = spawn(process.execPath, [tsc, '-p', root, '--noEmit'], { stdio: 'ignore' });
  return await new Promise((resolve, reject) => {
    child.once('error', reject).once('exit', (code) => {
      resolve(code === 0);
    });
  });
}
