import type { AppInput } from '../../api/answers.js';
import { listPages } from '../../api/pages.js';
import { filterPages } from '../../core/read/select.js';
import { serviceStatusCode } from '../../core/read/selectors.js';
import type { ExitCode } from '../../errors.js';
import { openFilter } from '../options/where.js';
import { countText } from '../../render/plural.js';
import { printPages } from '../output/input-writer.js';
import type { ListRequest } from './command.js';
import type { Session } from '../../session/session.js';

/** Prints the service's own input objects. */
export async function runList(request: ListRequest, session: Session): Promise<ExitCode> {
  if (request.pages === 'one') return await printOnePage(request, session);
  const selectors = await openFilter(request.where, session);
  const service = await session.service();
  const pages = listPages(service, { perPage: request.perPage, statusCode: serviceStatusCode(selectors) });
  return await printPages(filterPages(pages, selectors, request.limit), session);
}

type OnePage = ListRequest & { readonly pages: 'one' };

/** On a terminal it says how many more there are: a page looks like the whole. */
async function printOnePage(request: OnePage, session: Session): Promise<ExitCode> {
  const service = await session.service();
  let inputs: readonly AppInput[] = [];
  const fetchPage = async function* (): AsyncGenerator<readonly AppInput[]> {
    inputs = await service.listInputs(request);
    yield inputs;
  };
  const code = await printPages(fetchPage(), session);
  const isFull = inputs.length === request.perPage;
  if (!session.out.isTTY || session.options.quiet || (!isFull && request.page === 1)) return code;
  const counts = await service.countInputs();
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (total <= inputs.length) return code;
  session.messages.info(`showing ${inputs.length} of ${countText(total, 'input')}; use --all to list all`);
  return code;
}
