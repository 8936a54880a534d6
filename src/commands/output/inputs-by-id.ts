import type { AppInput } from '../../api/answers.js';
import type { IdList } from '../../core/ids/id-list.js';
import { getInputsById, type FoundInputs } from '../../core/read/by-id.js';
import { exitCodes, type ExitCode } from '../../errors.js';
import type { RecordWriter } from '../../render/output/record-writer.js';
import type { Session } from '../../session/session.js';
import { idsFrom } from '../options/ids.js';
import { endInputs, inputWriter } from './input-writer.js';
import type { JsonObject } from '../../wire/json.js';
import { MissingInputs } from './missing-inputs.js';

/** What is to be done with inputs that were found, beside printing them. */
export interface InputTasks {
  /** Saves the media of an input before its record is printed; undefined if it failed, which it has told. */
  readonly save?: (input: AppInput) => Promise<SavedMedia | undefined>;
  /** Shows inputs whose records are printed. */
  readonly show?: (inputs: readonly AppInput[]) => Promise<void>;
}

/** Joins the record of its input, so that the records are a manifest. */
export interface SavedMedia {
  /** Absolute. */
  readonly path: string;
}

/**
 * Prints the inputs of the ids given that the app has, and names those that it does not have.
 *
 * @param words - ids as given; `-` stands for stdin
 * @param openTasks - what else is to be done with them; called once the ids are read
 */
export async function printInputsById(
  words: readonly string[],
  session: Session,
  openTasks: () => Promise<InputTasks> = () => Promise.resolve({}),
): Promise<ExitCode> {
  const ids = await idsFrom(words, session);
  const missing = new MissingInputs(session);
  const writer = inputWriter(session);
  const tasks = await openTasks();
  let allDone = true;
  try {
    for await (const found of foundPages(ids, session)) {
      allDone = (await printSaved(found.inputs, tasks.save, writer)) && allDone;
      missing.name(found.missing);
      await tasks.show?.(found.inputs);
      if (writer.closed && Object.keys(tasks).length === 0) break;
    }
  } finally {
    await endInputs(writer, session);
  }
  if (ids.size === 0) missing.nothingAsked();
  return missing.count > 0 || !allDone ? exitCodes.partial : exitCodes.ok;
}

/** Saves inputs, if they are to be, and prints what was done even if the rest is interrupted. False if one failed. */
async function printSaved(
  inputs: readonly AppInput[],
  save: InputTasks['save'],
  writer: RecordWriter,
): Promise<boolean> {
  const records: JsonObject[] = [];
  let allSaved = true;
  try {
    for (const input of inputs) {
      const saved = save === undefined ? {} : await save(input);
      allSaved &&= saved !== undefined;
      records.push({ ...input.raw, ...saved });
    }
  } finally {
    await writer.write(records);
  }
  return allSaved;
}

/** Nothing is asked for no ids, not even for a key. */
async function* foundPages(ids: IdList, session: Session): AsyncGenerator<FoundInputs> {
  if (ids.size > 0) yield* getInputsById(await session.service(), ids);
}
