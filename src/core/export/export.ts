import type { AppInput } from '../../api/answers.js';
import type { JsonObject } from '../../wire/json.js';
import { isOfThisMedia } from '../model/run-control.js';
import { mapOrdered } from '../model/map-ordered.js';
import { phaseOf, recordStatus } from '../model/status-catalog.js';
import type { RecordStatus } from '../model/steps.js';
import type { DownloadFolder } from '../read/download-folder.js';
import { readTextBeside } from '../read/text-beside.js';
import { inputsIn, type Pages } from '../read/select.js';
import type { ExportFolder } from './export-folder.js';
import { messageOf } from '../../errors.js';
import type { InputsService } from '../../api/service.js';
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
  readonly service: InputsService;
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
  options.stopping.throwIfAborted();
  const { id, status } = input;
  const { media, isSaved, problem } = await saveMedia(input, options);
  const record: ExportRecord =
    problem !== undefined && phaseOf(status.code) === 'ok'
      ? { id, status: recordStatus('UNREADABLE', problem), outcome: 'failed' }
      : { id, status: recordStatus(status.code), outcome: 'exported' };
  return {
    row: exportRow(input, media, options.datasetsOf(id)),
    step: { record, isSaved, notExported: partsNotExported(input) },
  };
}

interface SavedMedia {
  /** The fields of a row that tell of the media. */
  readonly media: JsonObject;
  readonly isSaved: boolean;
  readonly problem: string | undefined;
}

async function saveMedia(input: AppInput, options: ExportOptions): Promise<SavedMedia> {
  const { folder, downloads, mode, apiOrigin } = options;
  const { text, problem } = await saveText(input, options);
  const inRow = { ...mediaInRow(input, apiOrigin), ...text };
  if (!isFileNeeded(input, mode, apiOrigin)) return { media: inRow, isSaved: false, problem };
  const download = await downloads.save(input);
  if (download.outcome === 'failed') {
    return { media: inRow, isSaved: false, problem: `its media can't be saved: ${download.reason}` };
  }
  const media = { path: folder.nameOf(download.path), ...text };
  return { media, isSaved: download.outcome === 'saved', problem };
}

/** The text beside an image goes into its row. */
async function saveText(
  input: AppInput,
  { mode, service }: ExportOptions,
): Promise<{ readonly text: JsonObject; readonly problem: string | undefined }> {
  if (mode === 'none') return { text: {}, problem: undefined };
  try {
    const text = await readTextBeside(input, service);
    return { text: text === undefined ? {} : { text }, problem: undefined };
  } catch (error) {
    if (!isOfThisMedia(error)) throw error;
    return { text: {}, problem: `its text can't be saved: ${messageOf(error)}` };
  }
}
