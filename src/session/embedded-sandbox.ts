import type { Context } from '../context.js';
import { sandboxFolder } from '../core/settings/folders.js';
import { LocalError, messageOf } from '../errors.js';
import type { Sandbox, SandboxOptions } from '../sandbox/server.js';

/** How long the sandbox takes to index an input, and to delete one, unless told otherwise. */
export const sandboxTimes = { indexMs: 1500, deleteMs: 300 } as const;

/** The default key of the embedded sandbox; it is not a secret. */
export const sandboxKey = 'sandbox';

/**
 * Starts the server; loads it first.
 *
 * @throws LocalError where the port or the folder can't be used
 */
export async function startServer(options: SandboxOptions): Promise<Sandbox> {
  const { SandboxError, startSandbox } = await import('../sandbox/server.js');
  try {
    return await startSandbox(options);
  } catch (error) {
    if (error instanceof SandboxError) throw new LocalError(error.message, { hint: error.hint, cause: error.cause });
    throw error;
  }
}

/** The server behind `--sandbox`: in this process, on a free port, with the state of the last time. */
export async function startEmbedded(context: Context): Promise<Sandbox> {
  const { noFaults } = await import('../sandbox/server.js');
  return await startServer({
    port: 0,
    key: sandboxKey,
    dataDir: sandboxFolder(context),
    ...sandboxTimes,
    fetchUrls: false,
    deleteAll: true,
    faults: noFaults,
    now: () => context.clock.now(),
  });
}

/** For a command whose sandbox failed, whatever it made of the answers: no other service could be asked instead. */
export function embeddedFailure(thrown: unknown, context: Context): LocalError {
  const folder = sandboxFolder(context);
  return new LocalError(`cannot use the sandbox's data directory ${folder}: ${messageOf(thrown)}`, {
    hint: 'move it away to begin anew',
    cause: thrown,
  });
}
