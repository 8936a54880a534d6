import type { Final } from '../../core/model/steps.js';
import { RunControl } from '../../core/model/run-control.js';
import { waitForIds } from '../../core/wait/settle.js';
import { exitCodes, worstExitCode, type ExitCode } from '../../errors.js';
import { failureLine } from '../../render/progress/add-summary.js';
import { idsFrom } from '../options/ids.js';
import { inputWriter } from '../output/input-writer.js';
import { MissingInputs } from '../output/missing-inputs.js';
import type { Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';

/** Waits for the ids given; prints each input as it becomes final. */
export async function runWait(words: readonly string[], timeoutMs: number, session: Session): Promise<ExitCode> {
  const { context } = session;
  const ids = await idsFrom(words, session);
  const missing = new MissingInputs(session);
  if (ids.length === 0) {
    missing.nothingAsked();
    return exitCodes.ok;
  }
  const control = new RunControl(context.stopping);
  const writer = inputWriter(session);
  const codes: ExitCode[] = [];
  try {
    const options = { service: await session.service(), control, clock: context.clock, timeoutMs };
    for await (const { record, input } of waitForIds(ids, options)) {
      if (input !== undefined) await writer.write([input.raw]);
      codes.push(exitCodeFor(record.outcome));
      if (record.outcome !== 'failed') continue;
      if (input === undefined) missing.name([record.source]);
      else context.stderr.write(`${failureLine(record, stderrColours(session))}\n`);
    }
  } finally {
    await writer.end();
  }
  if (control.reason !== undefined) throw control.reason;
  const code = worstExitCode(codes);
  if (code === exitCodes.deadline) context.stderr.write(`hint: go on with: ${session.commandLine}\n`);
  return code;
}

function exitCodeFor(outcome: Final['record']['outcome']): ExitCode {
  if (outcome === 'failed') return exitCodes.partial;
  return outcome === 'pending' ? exitCodes.deadline : exitCodes.ok;
}
