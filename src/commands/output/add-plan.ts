import type { BatchStep } from '../../core/add/batches.js';
import { planAdd, type AddJob } from '../../core/add/pipeline.js';
import { RunControl } from '../../core/model/run-control.js';
import { Progress } from '../../core/add/progress.js';
import { exitCodeOf, Summary } from '../../core/add/summary.js';
import type { Final } from '../../core/model/steps.js';
import type { ExitCode } from '../../errors.js';
import { curlPlanWriter, planWriter, type PlanWriter } from '../../render/output/plan-writer.js';
import { noticeLine, skippedLine, skipText } from '../../render/progress/source-notices.js';
import { sanitizeForTerminal } from '../../render/text.js';
import { noteCurlTransport } from './curl-transport.js';
import { requestSizes } from '../../session/open-client.js';
import { requestPath, serviceUrl } from '../../session/service-url.js';
import type { Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';

/** Shows what would be sent and sends nothing; with a key, the app is asked which ids it has. */
export async function runPlan(job: AddJob, { curl }: { readonly curl: boolean }, session: Session): Promise<ExitCode> {
  const { context, messages, options, out } = session;
  const control = new RunControl(context.stopping);
  const service = session.settings()['api-key'] === undefined ? undefined : await session.service();
  const summary = new Summary();
  const plan = curl
    ? curlPlanWriter(out, `${serviceUrl(session).href}/inputs`)
    : planWriter(out, { form: options.output, path: requestPath(session, '/inputs') });
  if (curl) noteCurlTransport(session);
  const sizes = await requestSizes(curl ? 'rest' : session.settings().transport?.value);
  const run = { service, sizes, control, summary, progress: new Progress() };
  try {
    for await (const step of planAdd(job, run)) {
      if (step.at === 'final') summary.add(step.record);
      await show(step, plan, session);
    }
  } finally {
    await plan.end();
  }
  if (summary.skipped.size > 0) messages.info(skippedLine(summary.skipped));
  if (control.reason !== undefined) messages.fail(control.reason);
  return exitCodeOf(summary, control, { awaited: false, failEmpty: job.failEmpty });
}

async function show(step: BatchStep, plan: PlanWriter, session: Session): Promise<void> {
  switch (step.at) {
    case 'batch':
      await plan.batch(step.candidates);
      return;
    case 'skipped':
      await plan.note(`skip ${sanitizeForTerminal(step.source)}: ${sanitizeForTerminal(skipText(step))}`);
      return;
    case 'notice':
      session.messages.info(noticeLine(step));
      return;
    case 'accepted':
      await plan.note(`${step.was} ${sanitizeForTerminal(step.source)}`);
      return;
    case 'final':
      await showFinal(step, plan, session);
      return;
    default:
      return;
  }
}

async function showFinal({ record }: Final, plan: PlanWriter, session: Session): Promise<void> {
  const { outcome, source, status } = record;
  const original = outcome === 'duplicate' ? `: ${sanitizeForTerminal(status.description)}` : '';
  if (outcome !== 'failed') await plan.note(`${outcome} ${sanitizeForTerminal(source)}${original}`);
  else session.messages.echoFailure(record.source, record.status, stderrColours(session));
}
