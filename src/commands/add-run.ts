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
  const { context, settings } = session;
  const { sources, hidden, kind, id } = request.sources;
  const payload = { ...(await completePayload(request.payload, context.cwd)), datasetIds: request.datasetIds };
  const lists = await openLists(request.sources, session);
  return {
    sources: { sources, lists, cwd: context.cwd, hidden, kind, id, payload },
    identification: { idFrom: request.idFrom, cwd: context.cwd, allowDuplicateUrl: request.allowDuplicateUrl },
    limits: { maxInputs: request.batchSize, maxBytes: request.batchBytes },
    width: Number(settings.concurrency?.value),
    onConflict: request.onConflict,
    waitMs: request.waitMs,
  };
}
