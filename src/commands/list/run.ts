import type { AppInput } from '../../api/answers.js';
import { listInputs } from '../../api/rest/inputs.js';
import { listPages } from '../../api/pages.js';
import { selected } from '../../core/read/select.js';
import { serviceStatusCode } from '../../core/read/selectors.js';
import type { ExitCode } from '../../errors.js';
import { parseFilter } from '../options/where.js';
import { printPages } from '../output/input-writer.js';
import type { ListRequest } from './command.js';
import type { Session } from '../../session/session.js';

/** Prints the service's own input objects. */
export async function runList(request: ListRequest, session: Session): Promise<ExitCode> {
  if (request.pages === 'one') return await printPages(onePage(request, session), session);
  const selectors = parseFilter(request.where, session);
  const client = await session.client();
  const pages = listPages(client, { perPage: request.perPage, statusCode: serviceStatusCode(selectors) });
  return await printPages(selected(pages, selectors, request.limit), session);
}

async function* onePage(
  request: ListRequest & { readonly pages: 'one' },
  session: Session,
): AsyncGenerator<readonly AppInput[]> {
  yield await listInputs(await session.client(), request);
}
