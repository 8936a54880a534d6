import type { Pages } from '../../core/read/select.js';
import { exitCodes, type ExitCode } from '../../errors.js';
import { inputColumns } from '../../render/output/input-columns.js';
import { RecordWriter } from '../../render/output/record-writer.js';
import { sanitizeForTerminal } from '../../render/text.js';
import { outputForm, type Session } from '../../session/session.js';

/** Where a reading command prints the service's input objects. */
export function inputWriter(session: Session): RecordWriter {
  const { out, options } = session;
  return new RecordWriter(out, { form: outputForm(session), fields: options.fields, columns: inputColumns });
}

/** Closes what was opened, and names the fields that were asked for and that no input had. */
export async function endInputs(writer: RecordWriter, { messages }: Session): Promise<void> {
  await writer.end();
  const leftOut = await writer.leftOut();
  if (leftOut.length > 0) messages.info(`no room for ${leftOut.join(', ')}; use a wider terminal, or -o csv`);
  if (writer.unseenFields.length === 0) return;
  const fields = writer.unseenFields.map((field) => `'${sanitizeForTerminal(field)}'`).join(', ');
  messages.info(`warning: no input has ${fields}; --fields takes the names of columns, or paths in the JSON`);
}

/** Prints pages of inputs as they come, until they end or nobody reads any more; on a terminal, that there are none. */
export async function printPages(pages: Pages, session: Session): Promise<ExitCode> {
  const writer = inputWriter(session);
  let isEmpty = true;
  try {
    for await (const page of pages) {
      isEmpty &&= page.length === 0;
      await writer.write(page.map(({ raw }) => raw));
      if (writer.closed) break;
    }
  } finally {
    await endInputs(writer, session);
  }
  if (isEmpty && session.out.isTTY) session.messages.info('no inputs');
  return exitCodes.ok;
}
