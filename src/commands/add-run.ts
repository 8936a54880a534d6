import type { Adding } from '../core/adding.js';
import type { ExitCode } from '../errors.js';
import { runPlan } from './add-plan.js';
import { runUpload } from './add-upload.js';
import type { AddRequest } from './add.js';
import { completePayload } from './payload-file.js';
import type { Session } from './session.js';
import { openLists } from './source-lists.js';

/** Does what was asked, in the session's world. */
export async function runAdd(request: AddRequest, session: Session): Promise<ExitCode> {
  const adding = await addingOf(request, session);
  const { dryRun, curl } = request;
  return await (dryRun || curl ? runPlan(adding, { curl }, session) : runUpload(adding, session));
}

async function addingOf(request: AddRequest, session: Session): Promise<Adding> {
  const { settings } = session;
  const { cwd } = session.context;
  const { layers, ...sources } = request.sources;
  const payload = { ...(await completePayload(request.payload, cwd)), datasetIds: request.datasetIds };
  const lists = await openLists(request.sources, session);
  return {
    sources: { ...sources, sidecars: layers.sidecars, lists, cwd, payload },
    identification: { ...layers, cwd, idFrom: request.idFrom, allowDuplicateUrl: request.allowDuplicateUrl },
    limits: { maxInputs: request.batchSize, maxBytes: request.batchBytes },
    width: Number(settings.concurrency?.value),
    rules: { onConflict: request.onConflict, onFailed: request.onFailed },
    waitMs: request.waitMs,
  };
}
