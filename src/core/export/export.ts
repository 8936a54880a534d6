import type { AppInput } from '../../api/answers.js';
import type { JsonObject } from '../../wire/json.js';
import { mapOrdered } from '../model/map-ordered.js';
import { phaseOf, recordStatus } from '../model/status-catalog.js';
import type { RecordStatus } from '../model/steps.js';
import type { DownloadFolder } from '../read/download-folder.js';
import { inputsIn, type Pages } from '../read/select.js';
import type { ExportFolder } from './export-folder.js';
import { exportRow, isFileNeeded, mediaInRow, partsNotExported, type MediaMode } from './export-row.js';

/** The outcome of one input; printed as it stands. */
export interface ExportRecord {
  readonly id: string;
  readonly status: RecordStatus;
  readonly outcome: 'exported' | 'failed';
}

export interface ExportStep {
  readonly record: ExportRecord;
  /** True if this run saved the media, false if it was there or needs no file. */
  readonly isSaved: boolean;
  /** What of the input is not in its row, by the API's names. */
  readonly notExported: readonly string[];
}

export interface ExportOptions {
  readonly folder: ExportFolder;
  readonly downloads: DownloadFolder;
  readonly mode: MediaMode;
  /** Of the API that told of the inputs. */
  readonly apiOrigin: string;
  /** Media that are fetched at once. */
  readonly width: number;
  readonly stopping: AbortSignal;
  /** The data sets that an input is in. */
  readonly datasetsOf: (id: string) => readonly string[];
}

/** So many rows are written at once: each write waits for the disk. */
const rowsPerWrite = 500;

/** Saves inputs, rows in their order, with their media; a row is written once its media is on the disk. */
export async function* exportInputs(pages: Pages, options: ExportOptions): AsyncGenerator<ExportStep> {
  const { folder, width } = options;
  let rows: JsonObject[] = [];
  for await (const { row, step } of mapOrdered(inputsIn(pages), width, (input) => exportInput(input, options))) {
    rows.push(row);
    if (rows.length >= rowsPerWrite) {
      await folder.write(rows);
      rows = [];
    }
    yield step;
  }
  await folder.write(rows);
}

interface Exported {
  readonly row: JsonObject;
  readonly step: ExportStep;
}

/** Only an input that is good has to have its media: what failed may never have had any. */
async function exportInput(input: AppInput, options: ExportOptions): Promise<Exported> {
  const { folder, downloads, mode, apiOrigin, stopping, datasetsOf } = options;
  stopping.throwIfAborted();
  const { id } = input;
  const row = (media: JsonObject): JsonObject => exportRow(input, media, datasetsOf(id));
  const step = { notExported: partsNotExported(input), isSaved: false };
  const status = recordStatus(input.status.code);
  if (!isFileNeeded(input, mode, apiOrigin)) {
    return { row: row(mediaInRow(input, apiOrigin)), step: { ...step, record: { id, status, outcome: 'exported' } } };
  }
  const download = await downloads.save(input);
  if (download.outcome !== 'failed') {
    const isSaved = download.outcome === 'saved';
    const media = { path: folder.nameOf(download.path) };
    return { row: row(media), step: { ...step, isSaved, record: { id, status, outcome: 'exported' } } };
  }
  const record: ExportRecord =
    phaseOf(input.status.code) === 'ok'
      ? { id, status: recordStatus('UNREADABLE', `its media can't be saved: ${download.reason}`), outcome: 'failed' }
      : { id, status, outcome: 'exported' };
  return { row: row(mediaInRow(input, apiOrigin)), step: { ...step, record } };
}
