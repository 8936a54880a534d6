import { fstatSync, openSync } from 'node:fs';
import { homedir } from 'node:os';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReadStream } from 'node:tty';
import { run } from './cli/run.js';
import type { Clock, Context, TerminalInput } from './context.js';
import { exitCodes, InterruptedError, LocalError, messageOf, UsageError, type ExitCode } from './errors.js';

/** How long requests in flight may go on after the first Ctrl-C. */
const graceMs = 10_000;

/** The time at the start and what has passed since: what is waited for must not last longer since the clock was set back. */
const clock: Clock = {
  now: () => Math.floor(performance.timeOrigin + performance.now()),
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

/** Debian's name for the home of users without one: a path that does not exist. */
const nowhere = '/nonexistent';

/** The working folder; nowhere, if it was deleted under the shell: what needs it finds nothing there. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return nowhere;
  }
}

/** The user's folder. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return nowhere;
  }
}

/** Runs the tool in this process and tells its exit code; never calls `process.exit`, which would cut piped output short. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const stopping = new AbortController();
  const leaving = new AbortController();
  const interrupt = (name: 'SIGINT' | 'SIGTERM'): void => {
    if (stopping.signal.aborted) leaveAtOnce(name);
    const reason = new InterruptedError(name);
    stopping.abort(reason);
    setTimeout(() => {
      leaving.abort(reason);
    }, graceMs).unref();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const context: Context = {
    stdin: isFolder(0) ? unreadable : process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    openTerminal,
    env: process.env,
    cwd: workingFolder(),
    homeDir: homeFolder(),
    platform: process.platform,
    clock,
    stopping: stopping.signal,
    leaving: leaving.signal,
  };
  // a closed stderr must not end the work; a closed stdout is handled where data is written
  process.stderr.on('error', () => undefined);
  let unwritten: Error | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') unwritten ??= error;
  });
  try {
    const code = await run(argv, context);
    return code === exitCodes.ok ? await codeOnceWritten(() => unwritten) : code;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    if (process.stdin.isTTY) process.stdin.unref();
  }
}

/**
 * Text that no command writes, such as help, reports a full disk only after it was written, so the exit waits for it.
 */
async function codeOnceWritten(failure: () => Error | undefined): Promise<ExitCode> {
  await new Promise(setImmediate);
  const cause = failure();
  if (cause === undefined) return exitCodes.ok;
  const { failureText } = await import('./render/failure.js');
  const error = new LocalError(`standard output can't be written: ${messageOf(cause)}`, { cause });
  process.stderr.write(failureText(error, { json: false, verbose: false }));
  return error.exitCode;
}

/** Node gives an empty stream for a directory (`add - < photos`), which must not pass for an empty list. */
const unreadable = new Readable({
  read() {
    this.destroy(new UsageError('stdin is a directory', { hint: 'pass it as an argument, or pipe a list of files' }));
  },
});

/** The terminal of this process by its own name, whatever its streams are connected with. */
function openTerminal(): TerminalInput | undefined {
  try {
    return new ReadStream(openSync(process.platform === 'win32' ? '\\\\.\\CONIN$' : '/dev/tty', 'r+'));
  } catch {
    return undefined;
  }
}

function isFolder(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isDirectory();
  } catch {
    return false;
  }
}

/** Dies by the signal itself, so that the shell sees what happened; the cursor may be hidden by a bar. */
function leaveAtOnce(name: 'SIGINT' | 'SIGTERM'): void {
  if (process.stderr.isTTY) process.stderr.write('\u001b[?25h\n');
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}
