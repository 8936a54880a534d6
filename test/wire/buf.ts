import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const repository = fileURLToPath(new URL('../..', import.meta.url));

interface BufOptions {
  readonly args: readonly string[];
  /** Where buf may keep what it would keep in the home folder. */
  readonly cacheFolder: string;
}

/** Runs buf in the repository, as `npm run proto` does. It needs no network: no schema here depends on another module. */
export async function runBuf({ args, cacheFolder }: BufOptions): Promise<void> {
  await promisify(execFile)(process.execPath, ['node_modules/@bufbuild/buf/bin/buf', ...args], {
    cwd: repository,
    env: { ...process.env, BUF_CACHE_DIR: cacheFolder },
  });
}
