import { getInputsById } from '../../core/read/by-id.js';
import { exitCodes, type ExitCode } from '../../errors.js';
import { mediaTasks } from './media.js';
import type { GetRequest } from './command.js';
import { idsFrom } from '../options/ids.js';
import { inputWriter } from '../output/input-writer.js';
import { MissingInputs } from '../output/missing-inputs.js';
import type { Session } from '../../session/session.js';

/** Prints the inputs that are there, draws or saves their media if asked, and names those that are not there. */
export async function runGet(request: GetRequest, session: Session): Promise<ExitCode> {
  const ids = await idsFrom(request.words, session);
  const missing = new MissingInputs(session);
  const writer = inputWriter(session);
  const tasks = await mediaTasks(request, session);
  let good = true;
  try {
    for await (const found of ids.length === 0 ? [] : getInputsById(await session.service(), ids)) {
      await writer.write(found.inputs.map(({ raw }) => raw));
      missing.name(found.missing);
      for (const task of tasks) good = (await task(found.inputs)) && good;
      if (writer.closed && tasks.length === 0) break;
    }
  } finally {
    await writer.end();
  }
  if (ids.length === 0) missing.nothingAsked();
  return missing.any || !good ? exitCodes.partial : exitCodes.ok;
}
