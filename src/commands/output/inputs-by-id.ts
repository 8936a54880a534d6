import type { AppInput } from '../../api/answers.js';
import { getInputsById, type FoundInputs } from '../../core/read/by-id.js';
import { exitCodes, type ExitCode } from '../../errors.js';
import type { Session } from '../../session/session.js';
import { idsFrom } from '../options/ids.js';
import { endInputs, inputWriter } from './input-writer.js';
import { MissingInputs } from './missing-inputs.js';

/** Does something with inputs that were found, such as saving their media; resolves to false if it failed for one. */
export type InputTask = (inputs: readonly AppInput[]) => Promise<boolean>;

/**
 * Prints the inputs of the ids given that the app has, and names those that it does not have.
 *
 * @param words - ids as given; `-` stands for stdin
 * @param openTasks - what else is to be done with each page of them; called once the ids are read
 */
export async function printInputsById(
  words: readonly string[],
  session: Session,
  openTasks: () => Promise<readonly InputTask[]> = () => Promise.resolve([]),
): Promise<ExitCode> {
  const ids = await idsFrom(words, session);
  const missing = new MissingInputs(session);
  const writer = inputWriter(session);
  const tasks = await openTasks();
  let allDone = true;
  try {
    for await (const found of foundPages(ids, session)) {
      await writer.write(found.inputs.map(({ raw }) => raw));
      missing.name(found.missing);
      for (const task of tasks) allDone = (await task(found.inputs)) && allDone;
      if (writer.closed && tasks.length === 0) break;
    }
  } finally {
    await endInputs(writer, session);
  }
  if (ids.length === 0) missing.nothingAsked();
  return missing.any || !allDone ? exitCodes.partial : exitCodes.ok;
}

/** Nothing is asked for no ids, not even for a key. */
async function* foundPages(ids: readonly string[], session: Session): AsyncGenerator<FoundInputs> {
  if (ids.length > 0) yield* getInputsById(await session.service(), ids);
}
