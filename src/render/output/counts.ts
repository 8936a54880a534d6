import type { Counts } from '../../api/answers.js';
import { countNames } from '../../wire/messages.js';
import { loadFormat, type OutputForm } from './output-forms.js';

/** The counts for a program: one object, or names and numbers. */
export async function countsText(
  counts: Counts,
  form: OutputForm,
  fields: readonly string[] | undefined,
): Promise<string> {
  const names = fields === undefined ? countNames : countNames.filter((name) => fields.includes(name));
  const record = Object.fromEntries(names.map((name) => [name, counts[name]]));
  const columns = names.map((name) => ({ name, value: () => counts[name] }));
  return (await loadFormat(form)).single(record, { columns, isPicked: false, isWhole: false, isTTY: false, width: 80 });
}
