import type { Command } from '@commander-js/extra-typings';
import type { ConflictRule } from '../../core/add/conflicts/rules.js';
import type { OptionsOf, Start } from '../command.js';
import { conflictOption } from '../options/conflict.js';
import { collect, decimal, defaultWaitSeconds, outputFile } from '../options/values.js';

export interface CopyRequest {
  /** As typed: `[USER/]APP` or `profile:NAME`; the same for `to`. */
  readonly from: string;
  readonly to: string;
  /** The raw options: `KEY=VALUE`. */
  readonly where: readonly string[];
  readonly includeFailed: boolean;
  readonly skipDatasets: boolean;
  readonly onConflict: ConflictRule;
  /** How long to wait after the last batch; undefined not to wait at all. */
  readonly waitMs: number | undefined;
  /** A file for the ids that fail. */
  readonly failures: string | undefined;
  readonly dryRun: boolean;
}

export function declareCopy(command: Command, start: Start<CopyRequest>): void {
  addCopyOptions(command).action((from, to, options) => start(parseCopy(from, to, options)));
}

function addCopyOptions(command: Command) {
  return command
    .description('Copy the inputs of one app to another, under the same IDs; run it again to resume.')
    .argument('<from>', '[USER/]APP, or profile:NAME for another key or service')
    .argument('<to>', 'the same')
    .option('--where <key=value>', 'only inputs that match (repeatable)', collect)
    .option('--include-failed', 'copy inputs that had failed, too')
    .option('--skip-datasets', 'do not copy which datasets inputs are in')
    .addOption(conflictOption(command))
    .addOption(command.createOption('--no-wait', 'do not wait for indexing').conflicts('waitTimeout'))
    .option(
      '--wait-timeout <seconds>',
      'how long to wait after the last batch',
      decimal({ min: 0 }),
      defaultWaitSeconds,
    )
    .option(
      '--failures <file>',
      'write the ID of each input that failed, with the reason, as a row of NDJSON',
      outputFile,
    )
    .option('--dry-run', 'show what would be sent without sending it')
    .addHelpText('before', examples);
}

const examples = `Examples:
  clarifai-inputs copy cats cats-backup
  clarifai-inputs copy alice/cats bob/cats --where concept=tabby
  clarifai-inputs copy cats profile:elsewhere --dry-run
`;

function parseCopy(from: string, to: string, options: OptionsOf<typeof addCopyOptions>): CopyRequest {
  return {
    from,
    to,
    where: options.where ?? [],
    includeFailed: options.includeFailed === true,
    skipDatasets: options.skipDatasets === true,
    onConflict: options.onConflict,
    waitMs: options.wait ? options.waitTimeout * 1000 : undefined,
    failures: options.failures,
    dryRun: options.dryRun === true,
  };
}
