import type { JsonObject } from '../../wire/json.js';
import { sanitizeForTerminal } from '../text.js';
import type { RecordFormat } from './record-format.js';

/** An id per line; nothing for a record without one. */
export const idsFormat: RecordFormat = {
  page: (records, { isTTY }) => records.map((record) => idLine(record, isTTY)).join(''),
  end: () => '',
  single: (record, { isTTY }) => idLine(record, isTTY),
};

function idLine({ id }: JsonObject, isTTY: boolean): string {
  if (typeof id !== 'string') return '';
  return `${isTTY ? sanitizeForTerminal(id) : id}\n`;
}
