import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { kill, pid as ownPid } from 'node:process';
import { isObject } from '../../wire/json.js';
import { errorCode, UsageError } from '../../errors.js';

/** Keeps other processes out of a folder by a file that names this one. */
export class FolderLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Takes the lock; that of a process that was killed is taken over.
   *
   * @throws UsageError while another process has it
   */
  static take(path: string): FolderLock {
    const owner = JSON.stringify({ host: hostname(), pid: ownPid });
    try {
      writeFileSync(path, owner, { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      const running = runningOwner(path);
      if (running !== undefined) {
        throw new UsageError(`process ${running} is writing into this folder`, {
          hint: `wait until it has ended; if no export is running there, delete ${path}`,
        });
      }
      writeFileSync(path, owner, { mode: 0o600 });
    }
    return new FolderLock(path);
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }
}

/** The process that has the lock, as far as it is known to be there: on another host nobody can tell. */
function runningOwner(path: string): string | undefined {
  const owner = parse(readFileSync(path, 'utf8'));
  if (!isObject(owner)) return undefined;
  const { pid, host } = owner;
  if (typeof pid !== 'number' || typeof host !== 'string') return undefined;
  if (host !== hostname()) return `${pid} on ${host}`;
  return pid !== ownPid && isRunning(pid) ? String(pid) : undefined;
}

/** Cut off by a full disk or a crash, it names nobody. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
