import type { Pages } from '../../core/read/select.js';
import { exitCodes, type ExitCode } from '../../errors.js';
import { inputColumns } from '../../render/output/input-columns.js';
import { RecordWriter } from '../../render/output/record-writer.js';
import { outputForm, type Session } from '../../session/session.js';

/** Where a reading command prints the service's input objects. */
export function inputWriter(session: Session): RecordWriter {
  const { out, options } = session;
  return new RecordWriter(out, { form: outputForm(session), fields: options.fields, columns: inputColumns });
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
    await writer.end();
  }
  if (isEmpty && session.out.isTTY) session.messages.info('no inputs');
  return exitCodes.ok;
}
