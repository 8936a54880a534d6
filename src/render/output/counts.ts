import type { Counts } from '../../api/answers.js';
import { countNames } from '../../wire/messages.js';
import type { OutputForm } from './output-forms.js';
import { csvLine } from './record-writer.js';

/** The counts for a program: one object, or a line of names and one of numbers. */
export function countsText(counts: Counts, form: OutputForm, fields: readonly string[] | undefined): string {
  const names = fields === undefined ? countNames : countNames.filter((name) => fields.includes(name));
  if (form === 'csv') return csvLine(names) + csvLine(names.map((name) => String(counts[name])));
  if (form === 'table') return names.map((name) => `${name}\t${counts[name]}\n`).join('');
  return `${JSON.stringify(Object.fromEntries(names.map((name) => [name, counts[name]])))}\n`;
}
