import { inputColumns } from '../render/input-columns.js';
import { RecordWriter } from '../render/records.js';
import { outputForm, type Session } from './session.js';

/** Where a reading command prints the service's input objects. */
export function inputWriter(session: Session): RecordWriter {
  const { out, options } = session;
  return new RecordWriter(out, { form: outputForm(session), fields: options.fields, columns: inputColumns });
}
