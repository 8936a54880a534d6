import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { FaultProxy, passOn } from './fault-proxy.js';
import { doing, type LocalFault, type Stage } from './local-matrix.js';
import { deeds, type Deed } from './matrix.js';
import { bin, type Scene } from './scene.js';

// A full disk, and rights that are missing or lost.

const noSpace = { times: Infinity, code: 1, says: /: no space left on device/ } as const;
const noRight = { times: Infinity, code: 1, says: /: permission denied/ } as const;

/** A disk with no byte left, `disk`; undefined where none can be mounted. Tells how to free up disk space on it. */
function fullDisk(scene: Scene): (() => void) | undefined {
  const disk = join(scene.folder, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  scene.after(() => execFileSync('umount', [disk]));
  const fill = join(disk, 'fill');
  try {
    for (;;) appendFileSync(fill, Buffer.alloc(4096));
  } catch {
    return () => {
      unlinkSync(fill);
    };
  }
}

/** A command that writes to a full disk, where profiles and the sandbox's state are as well; no half of a file stays. */
function onFullDisk(what: string, command: string, deed: Deed): LocalFault {
  return {
    fault: `full disk, ${what}`,
    command,
    ...noSpace,
    stage: (scene) => {
      const repair = fullDisk(scene);
      const disk = join(scene.folder, 'disk');
      const env = { XDG_CONFIG_HOME: disk, XDG_DATA_HOME: disk };
      const files = (): readonly string[] =>
        readdirSync(disk, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && entry.name !== 'fill')
          .map(({ name }) => name);
      const check = (): void => {
        // a file of failures was there before, or could have been
        if (what !== '--failures') assert.deepEqual(files(), []);
      };
      return repair && { deed, options: { env }, repair, check };
    },
  };
}

const ofSandbox = { words: ['--sandbox', 'add', 'photos', '-o', 'ids'] };

const fullDisks: readonly LocalFault[] = [
  ...Object.keys(deeds).map((command): LocalFault => ({
    fault: 'full disk, stdout',
    command,
    ...noSpace,
    stage: () => ({ deed: doing(command), options: { stdoutFile: '/dev/full' } }),
  })),
  ...[['--help'], ['--version'], ['help', 'add'], ['completion', 'bash'], ['config', 'list']].map(
    (words): LocalFault => ({
      fault: 'full disk, stdout',
      command: words.join(' '),
      ...noSpace,
      stage: () => ({ deed: { words }, options: { stdoutFile: '/dev/full' }, againWords: ['status'] }),
    }),
  ),
  {
    fault: '/dev/full, --failures',
    command: 'add',
    ...noSpace,
    stage: () => ({
      deed: doing('add', ['gone.jpg', '--failures', '/dev/full']),
      againWords: doing('add').words,
    }),
  },
  onFullDisk('--undo', 'patch', doing('patch', ['--undo', 'disk/undo.ndjson'])),
  onFullDisk('--download', 'get', doing('get', ['--download', 'disk'])),
  onFullDisk('the profile', 'config set', { words: ['config', 'set', 'app-id', 'my-app'] }),
  onFullDisk("the sandbox's state", 'add', ofSandbox),
];

/** Nobody, where the tests are run by root, whom no right is missing. */
const uid = process.getuid?.() === 0 ? 65_534 : undefined;

/** Whether that user can run the tool at all, which may lie in a folder of root's own. */
function canRun(): boolean {
  try {
    execFileSync(process.execPath, [bin, '--version'], { stdio: 'ignore', ...(uid !== undefined && { uid }) });
    return true;
  } catch {
    return false;
  }
}

/** A command that may not write into the folder `closed`. */
function intoClosed(what: string, command: string, deed: Deed): LocalFault {
  return {
    fault: `no right to write, ${what}`,
    command,
    ...noRight,
    stage: (scene) => {
      const folder = closed(scene, 'closed', 0o555);
      return folder && { ...folder, deed };
    },
  };
}

/** A folder that is closed to who runs the tool; for profiles as well. */
function closed(scene: Scene, name: string, mode: number): Pick<Stage, 'options' | 'repair'> | undefined {
  if (!canRun()) return undefined;
  const folder = join(scene.folder, name);
  mkdirSync(folder, { recursive: true });
  chmodSync(scene.folder, 0o755);
  chmodSync(folder, mode);
  return {
    options: { uid, env: { XDG_CONFIG_HOME: folder } },
    repair: () => {
      chmodSync(folder, 0o777);
    },
  };
}

const noRights: readonly LocalFault[] = [
  intoClosed('--failures', 'add', doing('add', ['--failures', 'closed/f.ndjson'])),
  intoClosed('--undo', 'patch', doing('patch', ['--undo', 'closed/undo.ndjson'])),
  intoClosed('--download', 'get', doing('get', ['--download', 'closed'])),
  intoClosed('the profile', 'config set', { words: ['config', 'set', 'app-id', 'my-app'] }),
  {
    fault: 'no right to read, a folder',
    command: 'add',
    times: 1,
    code: 3,
    says: /^failed: locked\/\.: permission denied$/m,
    stage: (scene) => {
      const folder = closed(scene, 'locked', 0);
      return folder && { ...folder, options: { uid }, deed: doing('add', ['locked']) };
    },
  },
  {
    fault: 'right to read lost before the sending',
    command: 'add',
    times: Infinity,
    code: 3,
    says: /^failed: photos\/0000\.png: /m,
    stage: async (scene) => {
      const folder = closed(scene, 'photos', 0o755);
      if (folder === undefined) return undefined;
      // the look-up comes between the look at the files and the sending
      const lose = async (victim: Parameters<typeof passOn>[0]): Promise<void> => {
        chmodSync(join(scene.folder, 'photos'), 0);
        await passOn(victim);
      };
      const proxy = new FaultProxy(scene.sandbox.url, lose, 1);
      await proxy.start();
      scene.after(() => proxy.stop());
      return { ...folder, options: { uid, base: proxy.url }, deed: doing('add') };
    },
  },
];

export const diskFaults: readonly LocalFault[] = [...fullDisks, ...noRights];
