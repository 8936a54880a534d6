import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Installs the vendor's packages into the benchmark's own folder, if they are not there. They are none of the project's. */
export function installPeers(): Promise<string> {
  const folder = fileURLToPath(new URL('peers', import.meta.url));
  if (!existsSync(join(folder, 'node_modules'))) {
    const args = ['install', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund'];
    execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return Promise.resolve(folder);
}
