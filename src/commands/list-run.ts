import { listInputs } from '../api/inputs.js';
import { listPages } from '../api/pages.js';
import { exitCodes, type ExitCode } from '../errors.js';
import { inputWriter } from './input-output.js';
import type { ListRequest } from './list.js';
import type { Session } from './session.js';

/** Prints the service's own input objects. */
export async function runList(request: ListRequest, session: Session): Promise<ExitCode> {
  const client = await session.client();
  const writer = inputWriter(session);
  try {
    const pages = request.pages === 'one' ? [await listInputs(client, request)] : listPages(client, request);
    for await (const page of pages) {
      await writer.write(page.map(({ raw }) => raw));
      if (writer.closed) break;
    }
  } finally {
    await writer.end();
  }
  return exitCodes.ok;
}
