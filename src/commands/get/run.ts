import type { ExitCode } from '../../errors.js';
import type { Session } from '../../session/session.js';
import { printInputsById } from '../output/inputs-by-id.js';
import type { GetRequest } from './command.js';
import { mediaTasks } from './media.js';

/** Prints the inputs that are there, draws or saves their media if asked, and names those that are not there. */
export async function runGet(request: GetRequest, session: Session): Promise<ExitCode> {
  return await printInputsById(request.words, session, () => mediaTasks(request, session));
}
