import { recordJson, type RecordFormat } from './record-format.js';

/** An object per line. */
export const ndjsonFormat: RecordFormat = {
  page: (records, layout) => records.map((record) => `${recordJson(record, layout)}\n`).join(''),
  end: () => '',
  single: (record, layout) => `${recordJson(record, layout)}\n`,
};
