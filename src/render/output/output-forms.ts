import type { RecordFormat } from './record-format.js';

interface OutputFormEntry {
  /** True if a script that asks for it reads errors as JSON as well. */
  readonly isJson?: true;
  /** Loaded for the form that is asked for: the help names all of them and needs none. */
  readonly load: () => Promise<RecordFormat>;
}

/** Every form in which data is printed. */
const forms = {
  table: { load: async () => (await import('./table-format.js')).createTableFormat() },
  json: { isJson: true, load: async () => (await import('./json-format.js')).jsonFormat },
  ndjson: { isJson: true, load: async () => (await import('./ndjson-format.js')).ndjsonFormat },
  csv: { load: async () => (await import('./csv-format.js')).csvFormat },
  ids: { load: async () => (await import('./ids-format.js')).idsFormat },
} as const satisfies Readonly<Record<string, OutputFormEntry>>;

export type OutputForm = keyof typeof forms;

/** Their names, in the order of the help. */
export const outputForms: readonly OutputForm[] = Object.keys(forms).filter(isOutputForm);

function isOutputForm(name: string): name is OutputForm {
  return Object.hasOwn(forms, name);
}

/** True if the form is JSON, in which errors are told as well; false where none was asked for. */
export function isJsonForm(form: OutputForm | undefined): boolean {
  return form !== undefined && 'isJson' in forms[form];
}

export async function loadFormat(form: OutputForm): Promise<RecordFormat> {
  return await forms[form].load();
}
