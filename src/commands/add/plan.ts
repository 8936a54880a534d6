import { plannedSteps, type Adding, type Planned } from '../../core/add/pipeline.js';
import { Halt } from '../../core/model/run-control.js';
import { Progress } from '../../core/add/progress.js';
import { exitCodeOf, Summary } from '../../core/add/summary.js';
import type { ExitCode } from '../../errors.js';
import { curlPlanWriter, planWriter, type PlanWriter } from '../../render/output/plan-writer.js';
import { plain } from '../../render/text.js';
import { requestPath, serviceUrl } from '../../session/service-url.js';
import type { Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';

/** Shows what would be sent and sends nothing; with a key, the app is asked which ids it has. */
export async function runPlan(
  adding: Adding,
  { curl }: { readonly curl: boolean },
  session: Session,
): Promise<ExitCode> {
  const { context, messages, options, out } = session;
  const halt = new Halt(context.stopping);
  const client = session.settings()['api-key'] === undefined ? undefined : await session.client();
  const summary = new Summary();
  const plan = curl
    ? curlPlanWriter(out, `${serviceUrl(session).href}/inputs`)
    : planWriter(out, { form: options.output, path: requestPath(session, '/inputs') });
  const run = { client, clock: context.clock, halt, summary, progress: new Progress() };
  try {
    for await (const step of plannedSteps(adding, run)) {
      if (step.at === 'final') summary.add(step.record);
      await show(step, plan, session);
    }
  } finally {
    await plan.end();
  }
  if (halt.reason !== undefined) messages.fail(halt.reason);
  return exitCodeOf(summary, halt, false);
}

async function show(step: Planned, plan: PlanWriter, session: Session): Promise<void> {
  switch (step.at) {
    case 'batch':
      await plan.batch(step.candidates);
      return;
    case 'skipped':
      await plan.note(`skip ${plain(step.source)}: ${plain(step.reason)}`);
      return;
    case 'accepted':
      await plan.note(`${step.was} ${plain(step.source)}`);
      return;
    case 'final':
      if (step.record.outcome !== 'failed') await plan.note(`${step.record.outcome} ${plain(step.record.source)}`);
      else session.messages.echoFailure(step.record.source, step.record.status, stderrColours(session));
      return;
    case 'draft':
      return;
  }
}
