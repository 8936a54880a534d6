import { Option, type Command } from '@commander-js/extra-typings';
import { mediaModes, type MediaMode } from '../../core/export/export-row.js';
import type { Start } from '../command.js';
import { collect, integer, notEmpty } from '../options/values.js';

export interface ExportRequest {
  /** The folder as given. */
  readonly folder: string;
  /** The raw options: `KEY=VALUE`. */
  readonly where: readonly string[];
  readonly limit: number | undefined;
  readonly media: MediaMode;
}

export function declareExport(command: Command, start: Start<ExportRequest>): void {
  addExportOptions(command).action((folder, { where = [], limit, media }) => start({ folder, where, limit, media }));
}

function addExportOptions(command: Command) {
  return command
    .description('Save inputs and their media in a folder, whose inputs.ndjson add --manifest reads back.')
    .argument('<dir>', 'new folder, or one of an interrupted export', notEmpty)
    .option('--where <key=value>', 'only inputs that match (repeatable)', collect)
    .option('--limit <n>', 'maximum number of inputs', integer({ min: 1 }))
    .addOption(
      new Option('--media <which>', "media to save: the service's own copies, all of them, or none")
        .choices(mediaModes)
        .default('own'),
    )
    .addHelpText('before', examples);
}

const examples = `Examples:
  clarifai-inputs export ./backup
  clarifai-inputs export ./dogs --where concept=dog --media all
  clarifai-inputs add --manifest ./backup/inputs.ndjson --app-id other
`;
