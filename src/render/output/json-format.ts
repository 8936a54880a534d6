import { recordJson, type RecordFormat } from './record-format.js';

/** An array, also of no record. */
export const jsonFormat: RecordFormat = {
  page: (records, layout, isFirst) =>
    (isFirst ? '[\n' : ',\n') + records.map((record) => recordJson(record, layout)).join(',\n'),
  end: (_, isEmpty) => (isEmpty ? '[]\n' : '\n]\n'),
  single: (record, layout) => `${recordJson(record, layout)}\n`,
};
