import { addInputs, type AddJob, type AddRun } from '../../core/add/pipeline.js';
import type { Final } from '../../core/model/steps.js';
import { RunControl } from '../../core/model/run-control.js';
import { pinYoungGeneration } from '../../core/files/heap.js';
import { Progress } from '../../core/add/progress.js';
import { exitCodeOf, Summary } from '../../core/add/summary.js';
import type { ExitCode } from '../../errors.js';
import { addView } from '../../render/progress/add-view.js';
import { openReporter } from '../../render/progress/reporter.js';
import { noticeLine } from '../../render/progress/source-notices.js';
import { sanitizeForTerminal, sanitizedExcerpt } from '../../render/text.js';
import type { Session } from '../../session/session.js';
import { AddReport } from './add-report.js';

/** What only some uploads have. */
export interface UploadExtras extends Pick<AddRun, 'failures' | 'spool'> {
  /** Is told what became of each source. */
  readonly onFinal?: (step: Final) => Promise<void>;
}

/** Uploads, waits, and reports what became of every source. */
export async function runUpload(job: AddJob, extras: UploadExtras, session: Session): Promise<ExitCode> {
  const { failures, spool, onFinal } = extras;
  pinYoungGeneration();
  const { context } = session;
  const startedMs = context.clock.now();
  const control = new RunControl(context.stopping);
  const service = await session.service({ patient: job.isEndless });
  const figures = { summary: new Summary(), progress: new Progress() };
  const run: AddRun = { service, clock: context.clock, control, failures, spool, ...figures };
  const watched = { ...figures, awaited: job.waitMs !== undefined, isEndless: job.isEndless };
  const reporter = await openReporter(context, session.options, addView(watched));
  session.messages.drawing = reporter;
  const report = new AddReport(job, run, session);
  try {
    for await (const step of addInputs(job, run)) {
      if (step.at === 'final') {
        await onFinal?.(step);
        await report.add(step);
      } else if (step.at === 'withdrawn') run.summary.read -= 1;
      else if (step.at === 'notice') session.messages.info(noticeLine(step));
      else if (step.at === 'skipped' && step.detail !== undefined) {
        session.messages.info(`skipped: ${sanitizedExcerpt(step.source)}: ${sanitizeForTerminal(step.detail)}`);
      }
    }
  } finally {
    reporter.stop();
    session.messages.drawing = undefined;
    await report.end();
  }
  report.sumUp(context.clock.now() - startedMs);
  return exitCodeOf(run.summary, control, { awaited: job.waitMs !== undefined, failEmpty: job.failEmpty });
}
