import { fetched } from '../core/fetching.js';
import { exitCodes, type ExitCode } from '../errors.js';
import type { GetRequest } from './get.js';
import { idsFrom, mustReadStdinOnce } from './ids-argument.js';
import { inputWriter } from './input-output.js';
import { MissingInputs } from './missing-inputs.js';
import type { Session } from './session.js';

/** Prints the inputs that are there, and names those that are not. */
export async function runGet(request: GetRequest, session: Session): Promise<ExitCode> {
  mustReadStdinOnce(request.words, session);
  const ids = await idsFrom(request.words, session);
  const missing = new MissingInputs(session);
  const writer = inputWriter(session);
  try {
    for await (const found of ids.length === 0 ? [] : fetched(await session.client(), ids)) {
      await writer.write(found.inputs.map(({ raw }) => raw));
      missing.name(found.missing);
      if (writer.closed) break;
    }
  } finally {
    await writer.end();
  }
  if (ids.length === 0) missing.nothingAsked();
  return missing.any ? exitCodes.partial : exitCodes.ok;
}
