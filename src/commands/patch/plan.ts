import { datasetPath, membershipBody, patchBody } from '../../api/rest/requests.js';
import { hasMemberships, type Memberships } from '../../core/changes/memberships.js';
import { maxInputsPerRequest } from '../../wire/messages.js';
import type { RequestSizes } from '../../api/service.js';
import type { RowComparison } from '../../core/changes/compare.js';
import type { PatchBatch } from '../../core/changes/patch-batches.js';
import { fieldChanges } from '../../render/output/field-changes.js';
import { batchChanges, type PatchRecord, type PatchStep } from '../../core/changes/send.js';
import { exitCodes, type ExitCode } from '../../errors.js';
import { noteCurlTransport } from '../output/curl-transport.js';
import { curlCommand } from '../../render/output/curl.js';
import { RecordWriter } from '../../render/output/record-writer.js';
import { isJsonForm } from '../../render/output/output-forms.js';
import type { JsonObject } from '../../wire/json.js';
import { requestSizes } from '../../session/open-client.js';
import { requestPath, serviceUrl } from '../../session/service-url.js';
import type { Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';

interface PlanOptions {
  readonly curl: boolean;
  /** The comparison of the rows, if the app could be asked. */
  readonly comparison: RowComparison | undefined;
  readonly memberships: Memberships;
}

/** Shows the requests that a `patch` would send, and sends none. */
export async function runPatchPlan(
  steps: AsyncIterable<PatchStep>,
  { curl, comparison, memberships }: PlanOptions,
  session: Session,
): Promise<ExitCode> {
  const { plan, sizes } = await openPlan(curl, session);
  const count = { failed: 0, unchanged: 0, requests: 0 };
  const members = new PlannedMembers(memberships, plan);
  for await (const step of batchChanges(steps, sizes)) {
    if ('outcome' in step) {
      if (members.takes(step)) count.requests += await members.add([step.id ?? '']);
      else countRecord(step, count, session);
      continue;
    }
    await plan.batch(step);
    count.requests += 1 + (await members.add(endedIds(step)));
    for (const id of endedIds(step)) comparison?.settle(id);
  }
  count.requests += await members.end();
  await plan.end();
  session.messages.info(summaryLine(count));
  return count.failed > 0 ? exitCodes.partial : exitCodes.ok;
}

async function openPlan(
  curl: boolean,
  session: Session,
): Promise<{ readonly plan: Plan; readonly sizes: RequestSizes }> {
  if (!curl) return { plan: recordPlan(session), sizes: await requestSizes(session.settings().transport?.value) };
  noteCurlTransport(session);
  return { plan: curlPlan(session), sizes: await requestSizes('rest') };
}

/** Inputs whose last change is shown: later rows are compared with what the app has. */
function endedIds({ changes }: PatchBatch): readonly string[] {
  return changes.flatMap(({ id, last }) => (last ? [id] : []));
}

function countRecord(
  { id, outcome, status }: PatchRecord,
  count: { failed: number; unchanged: number },
  session: Session,
): void {
  if (outcome === 'failed') count.failed += 1;
  else count.unchanged += 1;
  if (outcome === 'failed') session.messages.echoFailure(id, status, stderrColours(session));
}

function summaryLine({ requests, unchanged }: { readonly requests: number; readonly unchanged: number }): string {
  const same = unchanged === 0 ? '' : `; unchanged: ${unchanged}`;
  return `would send ${requests} ${requests === 1 ? 'request' : 'requests'}${same}`;
}

interface MembershipRequest {
  readonly method: 'POST' | 'DELETE';
  readonly dataset: string;
  readonly ids: readonly string[];
}

/** Gathers the inputs whose datasets would change, 128 a request. */
class PlannedMembers {
  readonly #memberships: Memberships;
  readonly #plan: Plan;
  #ids: string[] = [];

  constructor(memberships: Memberships, plan: Plan) {
    this.#memberships = memberships;
    this.#plan = plan;
  }

  /** True for an input that is there for its datasets alone. */
  takes({ outcome }: PatchRecord): boolean {
    return outcome === 'unchanged' && hasMemberships(this.#memberships);
  }

  /** Resolves to the number of requests that are full. */
  async add(ids: readonly string[]): Promise<number> {
    if (!hasMemberships(this.#memberships)) return 0;
    this.#ids.push(...ids);
    return this.#ids.length < maxInputsPerRequest ? 0 : await this.#show(this.#ids.splice(0, maxInputsPerRequest));
  }

  async end(): Promise<number> {
    return this.#ids.length === 0 ? 0 : await this.#show(this.#ids.splice(0));
  }

  async #show(ids: readonly string[]): Promise<number> {
    const { joined, left } = this.#memberships;
    for (const dataset of left) await this.#plan.membership({ method: 'DELETE', dataset, ids });
    for (const dataset of joined) await this.#plan.membership({ method: 'POST', dataset, ids });
    return joined.length + left.length;
  }
}

interface Plan {
  batch(batch: PatchBatch): Promise<void>;
  membership(request: MembershipRequest): Promise<void>;
  end(): Promise<void>;
}

function curlPlan(session: Session): Plan {
  const url = `${serviceUrl(session).href}/inputs`;
  return {
    batch: ({ action, changes }) => session.out.write(curlCommand('PATCH', url, patchBody(action, changes))),
    membership: ({ method, dataset, ids }) =>
      session.out.write(
        curlCommand(method, serviceUrl(session).href + datasetPath(dataset), membershipBody(method, ids)),
      ),
    end: () => Promise.resolve(),
  };
}

/** With JSON the exact requests, else the changes to each input. */
function recordPlan(session: Session): Plan {
  const { output: form = 'table', fields } = session.options;
  const path = requestPath(session, '/inputs');
  const columns = ['action', 'id', 'field', 'before', 'after'].map((name) => ({
    name,
    value: (record: JsonObject) => record[name],
  }));
  const writer = new RecordWriter(session.out, { form, fields, columns, isWhole: true });
  const asRequests = isJsonForm(form);
  return {
    batch: ({ action, changes }) =>
      writer.write(
        asRequests
          ? [{ method: 'PATCH', path, body: patchBody(action, changes) }]
          : changes.flatMap((change) => fieldChanges(change)),
      ),
    membership: ({ method, dataset, ids }) =>
      writer.write(
        asRequests
          ? [{ method, path: requestPath(session, datasetPath(dataset)), body: membershipBody(method, ids) }]
          : ids.map((id) => ({
              action: method === 'POST' ? 'merge' : 'remove',
              id,
              field: 'dataset',
              before: method === 'POST' ? '' : dataset,
              after: method === 'POST' ? dataset : '',
            })),
      ),
    end: () => writer.end(),
  };
}
