import type { Context } from '../context.js';
import { sandboxFolder } from '../core/settings.js';
import { LocalError } from '../errors.js';
import type { Sandbox, SandboxOptions } from '../sandbox/server.js';

/** How long the sandbox takes to index an input, and to delete one, unless told otherwise. */
export const sandboxTimes = { indexMs: 1500, deleteMs: 300 } as const;

/** The key of a sandbox that nobody gave another one; it is no secret. */
export const sandboxKey = 'sandbox';

/**
 * Starts the server; loads it first.
 *
 * @throws LocalError where the port or the folder can't be used
 */
export async function startServer(options: Omit<SandboxOptions, 'now'>, context: Context): Promise<Sandbox> {
  const { SandboxError, startSandbox } = await import('../sandbox/server.js');
  try {
    return await startSandbox({ ...options, now: () => context.clock.now() });
  } catch (error) {
    if (error instanceof SandboxError) throw new LocalError(error.message, { hint: error.hint, cause: error.cause });
    throw error;
  }
}

/** The server behind `--sandbox`: in this process, on a free port, with the state of the last time. */
export async function startEmbedded(context: Context): Promise<Sandbox> {
  const { noFaults } = await import('../sandbox/server.js');
  const folder = { port: 0, key: sandboxKey, dataDir: sandboxFolder(context) };
  return await startServer(
    { ...folder, ...sandboxTimes, fetchUrls: false, deleteAll: true, faults: noFaults },
    context,
  );
}
