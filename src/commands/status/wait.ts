import type { Final } from '../../core/model/steps.js';
import { RunControl } from '../../core/model/run-control.js';
import { waitForIds } from '../../core/wait/settle.js';
import { CliError, exitCodes, worstExitCode, type ExitCode } from '../../errors.js';
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
  if (ids.size === 0) {
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
      else session.messages.failInput(record.source, record.status, stderrColours(session));
    }
  } finally {
    await writer.end();
  }
  if (control.reason !== undefined) throw control.reason;
  const code = worstExitCode(codes);
  if (code === exitCodes.deadline) failPending(codes.filter((one) => one === exitCodes.deadline).length, session);
  return code;
}

/** Tells that the time ran out while inputs were pending, and how to go on; returns the exit code for that. */
export function failPending(count: number, { messages, commandLine }: Session): ExitCode {
  const error = new PendingError(`${count} are still pending`, { hint: `resume with: ${commandLine}` });
  messages.fail(error);
  return error.exitCode;
}

class PendingError extends CliError {
  readonly exitCode = exitCodes.deadline;
}

function exitCodeFor(outcome: Final['record']['outcome']): ExitCode {
  if (outcome === 'failed') return exitCodes.partial;
  return outcome === 'pending' ? exitCodes.deadline : exitCodes.ok;
}
