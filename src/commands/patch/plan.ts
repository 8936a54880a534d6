import { patchBody } from '../../api/rest/requests.js';
import type { PatchBatch } from '../../core/changes/batches.js';
import { batchChanges, type PatchStep } from '../../core/changes/send.js';
import { exitCodes, type ExitCode } from '../../errors.js';
import { curlCommand } from '../../render/output/curl.js';
import { isJsonForm } from '../../render/output/output-forms.js';
import { RecordWriter } from '../../render/output/record-writer.js';
import type { JsonObject } from '../../wire/json.js';
import { requestSizes } from '../../session/open-client.js';
import { requestPath, serviceUrl } from '../../session/service-url.js';
import type { Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';

/** Shows the requests that a `patch` would send, and sends none. */
export async function runPatchPlan(
  steps: AsyncIterable<PatchStep>,
  { curl }: { readonly curl: boolean },
  session: Session,
): Promise<ExitCode> {
  const plan = curl ? curlPlan(session) : recordPlan(session);
  let failed = 0;
  let requests = 0;
  for await (const step of batchChanges(steps, await requestSizes())) {
    if ('outcome' in step) {
      failed += 1;
      session.messages.echoFailure(null, { ...step.status, code: null }, stderrColours(session));
    } else {
      requests += 1;
      await plan.batch(step);
    }
  }
  await plan.end();
  session.messages.info(`would send ${requests} ${requests === 1 ? 'request' : 'requests'}`);
  return failed > 0 ? exitCodes.partial : exitCodes.ok;
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

/** As JSON the exact requests, else what would be done to which input. */
function recordPlan(session: Session): Plan {
  const { output: form = 'table', fields } = session.options;
  const path = requestPath(session, '/inputs');
  const columns = ['action', 'id'].map((name) => ({ name, value: (record: JsonObject) => record[name] }));
  const writer = new RecordWriter(session.out, { form, fields, columns });
  const asRequests = isJsonForm(form);
  return {
    batch: ({ action, changes }) =>
      writer.write(
        asRequests
          ? [{ method: 'PATCH', path, body: patchBody(action, changes) }]
          : changes.map(({ id }) => ({ id, action })),
      ),
    end: () => writer.end(),
  };
}
