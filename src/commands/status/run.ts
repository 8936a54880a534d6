import type { Counts } from '../../api/answers.js';
import { pollCounts, pendingCount } from '../../core/wait/counts.js';
import { exitCodes, UsageError, type ExitCode } from '../../errors.js';
import { coloursFor } from '../../render/colour.js';
import { countBar } from '../../render/progress/count-bar.js';
import { countsText } from '../../render/output/counts.js';
import { liveCounts } from '../../render/progress/live-counts.js';
import { outputForm, type Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';
import { printInputsById } from '../output/inputs-by-id.js';
import { failPending, runWait } from './wait.js';
import type { StatusRequest } from './command.js';

/** Prints counts or inputs, once or until nothing is pending. */
export async function runStatus(request: StatusRequest, session: Session): Promise<ExitCode> {
  if (request.jobs !== undefined) return await (await import('./jobs.js')).runJobStatus(request, session);
  if (request.concepts) return await (await import('./concepts.js')).runConceptCounts(session);
  if (request.words.length === 0) return await runCounts(request, session);
  if (request.waitMs === undefined) return await printInputsById(request.words, session);
  return await runWait(request.words, request.waitMs, session);
}

async function runCounts(request: StatusRequest, session: Session): Promise<ExitCode> {
  if (outputForm(session) === 'ids') throw new UsageError('counts have no IDs', { hint: 'use -o json' });
  const service = await session.service();
  if (request.waitMs === undefined) {
    await printCounts(await service.countInputs(), session);
    return exitCodes.ok;
  }
  const { clock, stopping } = session.context;
  const live = liveCounts(session.context, { ...session.options, colours: stderrColours(session) });
  let counts: Counts | undefined;
  try {
    for await (counts of pollCounts({ service, clock, stopping, timeoutMs: request.waitMs })) live.show(counts);
  } finally {
    live.stop();
  }
  if (counts === undefined) return exitCodes.ok;
  await printCounts(counts, session);
  if (pendingCount(counts) === 0) return exitCodes.ok;
  return failPending(pendingCount(counts), session);
}

async function printCounts(counts: Counts, session: Session): Promise<void> {
  const { out, options, context } = session;
  const form = outputForm(session);
  if (form === 'table' && out.isTTY && options.fields === undefined) {
    const colours = coloursFor(context.stdout, { env: context.env, wanted: options.colour });
    await out.write(countBar(counts, out.columns ?? 80, colours));
    return;
  }
  await out.write(await countsText(counts, form, options.fields));
}
