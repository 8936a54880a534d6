import { patchBody } from '../../api/rest/requests.js';
import type { RowComparison } from '../../core/changes/compare.js';
import type { PatchBatch } from '../../core/changes/batches.js';
import { fieldChanges } from '../../render/output/field-changes.js';
import { batchChanges, type PatchStep } from '../../core/changes/send.js';
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
}

/** Shows the requests that a `patch` would send, and sends none. */
export async function runPatchPlan(
  steps: AsyncIterable<PatchStep>,
  { curl, comparison }: PlanOptions,
  session: Session,
): Promise<ExitCode> {
  if (curl) noteCurlTransport(session);
  const plan = curl ? curlPlan(session) : recordPlan(session);
  const count = { failed: 0, unchanged: 0, requests: 0 };
  for await (const step of batchChanges(
    steps,
    await requestSizes(curl ? 'rest' : session.settings().transport?.value),
  )) {
    if ('outcome' in step) {
      if (step.outcome === 'unchanged') count.unchanged += 1;
      else count.failed += 1;
      if (step.outcome === 'failed')
        session.messages.echoFailure(null, { ...step.status, code: null }, stderrColours(session));
      continue;
    }
    count.requests += 1;
    await plan.batch(step);
    settle(step, comparison);
  }
  await plan.end();
  session.messages.info(summaryLine(count));
  return count.failed > 0 ? exitCodes.partial : exitCodes.ok;
}

/** The shown rows have ended: later rows are compared with what the app has. */
function settle({ changes }: PatchBatch, comparison: RowComparison | undefined): void {
  for (const { id, last } of changes) if (last) comparison?.settle(id);
}

function summaryLine({ requests, unchanged }: { readonly requests: number; readonly unchanged: number }): string {
  const same = unchanged === 0 ? '' : `; unchanged: ${unchanged}`;
  return `would send ${requests} ${requests === 1 ? 'request' : 'requests'}${same}`;
}

interface Plan {
  batch(batch: PatchBatch): Promise<void>;
  end(): Promise<void>;
}

function curlPlan(session: Session): Plan {
  const url = `${serviceUrl(session).href}/inputs`;
  return {
    batch: ({ action, changes }) => session.out.write(curlCommand('PATCH', url, patchBody(action, changes))),
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
  const writer = new RecordWriter(session.out, { form, fields, columns });
  const asRequests = isJsonForm(form);
  return {
    batch: ({ action, changes }) =>
      writer.write(
        asRequests
          ? [{ method: 'PATCH', path, body: patchBody(action, changes) }]
          : changes.flatMap((change) => fieldChanges(change)),
      ),
    end: () => writer.end(),
  };
}
