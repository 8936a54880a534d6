import type { AppInput } from '../../api/answers.js';
import { listPages } from '../../api/pages.js';
import { filterPages } from '../../core/read/select.js';
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
  const service = await session.service();
  const pages = listPages(service, { perPage: request.perPage, statusCode: serviceStatusCode(selectors) });
  return await printPages(filterPages(pages, selectors, request.limit), session);
}

async function* onePage(
  request: ListRequest & { readonly pages: 'one' },
  session: Session,
): AsyncGenerator<readonly AppInput[]> {
  yield await (await session.service()).listInputs(request);
}
