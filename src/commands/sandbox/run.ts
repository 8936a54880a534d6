import { once } from 'node:events';
import { resolve } from 'node:path';
import { sandboxFolder } from '../../core/settings/folders.js';
import { exitCodes, type ExitCode } from '../../errors.js';
import { plain, shellWord } from '../../render/text.js';
import { startServer } from '../../session/embedded-sandbox.js';
import type { SandboxRequest } from './command.js';
import type { Session } from '../../session/session.js';

/** Serves until a signal ends it, which is what it is there for: exit 0. */
export async function runSandbox(request: SandboxRequest, session: Session): Promise<ExitCode> {
  const { context, messages, out } = session;
  const folder = request.dataDir === undefined ? sandboxFolder(context) : resolve(context.cwd, request.dataDir);
  const { memory, ...rest } = request;
  // it may run for days, and other processes read its times: the machine's clock, as it is set by then
  const sandbox = await startServer({ ...rest, dataDir: memory ? undefined : folder, now: Date.now });
  try {
    await out.write(`export CLARIFAI_API_BASE=${sandbox.url}\nexport CLARIFAI_PAT=${shellWord(request.key)}\n`);
    await out.written();
    const where = memory ? 'in memory' : `in ${plain(folder)}`;
    messages.info(`sandbox: listening on ${sandbox.url}, state ${where}`);
    messages.info(`sandbox: open ${sandbox.url}/ to watch the inputs; Ctrl-C ends it`);
    if (!context.stopping.aborted) await once(context.stopping, 'abort');
  } finally {
    await sandbox.close();
  }
  return exitCodes.ok;
}
