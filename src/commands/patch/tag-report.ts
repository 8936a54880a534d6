import { resolve } from 'node:path';
import { RowFile } from '../../core/rows/row-writer.js';
import { changeRows } from '../../core/tag/saver.js';
import type { TagSession } from '../../core/tag/session.js';
import { countProgress, unsavedChanges, type TagChange } from '../../core/tag/state.js';
import { CliError, exitCodes, UsageError } from '../../errors.js';
import { formatTags } from '../../render/tagger/tags-text.js';
import { sanitizeForTerminal, shellWord } from '../../render/text.js';
import type { Session } from '../../session/session.js';
import { MissingInputs } from '../output/missing-inputs.js';
import { OutcomeReport } from '../output/outcome-report.js';

class UnsavedTagsError extends CliError {
  readonly exitCode = exitCodes.partial;
}

/** Tells what became of a tagging session, and keeps what could not be saved. */
export async function reportTagging(tagging: TagSession, session: Session): Promise<void> {
  const { inputs, list } = tagging.state;
  const report = new OutcomeReport(session, ['patched', 'unchanged']);
  for (const record of tagging.records) await report.add(record);
  await report.end();
  if (inputs.length === 0) session.messages.info('no inputs: nothing to tag');
  else session.messages.info(summarize(tagging));
  for (const [id, tags] of tagging.changedElsewhere) {
    session.messages.info(
      `changed by someone else meanwhile: ${sanitizeForTerminal(id)} has now: ${sanitizeForTerminal(formatTags(tags, list))}`,
    );
  }
  new MissingInputs(session).name(tagging.missing);
  await keepUnsaved(unsavedChanges(tagging.state), session);
}

function summarize({ state }: TagSession): string {
  const { left, unchanged, skipped } = countProgress(state);
  return `unchanged: ${unchanged}, skipped: ${skipped}, left: ${left}${state.total === undefined ? ' or more' : ''}`;
}

/** Writes what could not be saved into a file, and says how it can be sent again. */
async function keepUnsaved(changes: readonly TagChange[], session: Session): Promise<void> {
  if (changes.length === 0) return;
  const { name, file } = await createUnsavedFile(session.context.cwd);
  try {
    await file.write(changes.flatMap(changeRows));
  } finally {
    await file.close();
  }
  const count = changes.length === 1 ? '1 input was not saved' : `${changes.length} inputs were not saved`;
  session.messages.fail(
    new UnsavedTagsError(count, {
      hint: `send the changes again with: clarifai-inputs patch --from ${shellWord(name)}`,
    }),
  );
}

/** Opens the first file of its name that is not there yet. */
async function createUnsavedFile(cwd: string): Promise<{ readonly name: string; readonly file: RowFile }> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'unsaved-tags.ndjson' : `unsaved-tags-${number}.ndjson`;
    try {
      return { name, file: await RowFile.create(resolve(cwd, name), { option: name, replace: false }) };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }
}
