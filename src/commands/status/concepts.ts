import { countConcepts } from '../../core/read/concept-counts.js';
import { selectInputs } from '../../core/read/select.js';
import { exitCodes, type ExitCode } from '../../errors.js';
import type { Column } from '../../render/output/record-format.js';
import { RecordWriter } from '../../render/output/record-writer.js';
import { outputForm, type Session } from '../../session/session.js';

/** Tables name a concept, CSV has its id. */
const columns: readonly Column[] = [
  { name: 'concept', value: (record) => record['name'], csv: (record) => record['id'], json: (record) => record['id'] },
  { name: 'present', value: (record) => record['present'] },
  { name: 'absent', value: (record) => record['absent'] },
];

/** Prints in how many inputs of the app each concept is present and absent. */
export async function runConceptCounts(session: Session): Promise<ExitCode> {
  const { out, options } = session;
  const writer = new RecordWriter(out, { form: outputForm(session), fields: options.fields, columns });
  const counts = await countConcepts(selectInputs(await session.service(), []));
  try {
    await writer.write(counts.map((count) => ({ ...count })));
  } finally {
    await writer.end();
  }
  return exitCodes.ok;
}
