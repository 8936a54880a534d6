import { Option, type Command } from 'commander';
import { idSources, type IdSource } from '../../core/ids/id-rules.js';
import { conflictRules, failedRules, type ConflictRule, type FailedRule } from '../../core/add/conflict-rules.js';
import { growHeapSparingly } from '../../core/files/heap.js';
import { UsageError } from '../../errors.js';
import { maxBodyBytes, maxInputsPerRequest } from '../../wire/messages.js';
import { collectIds, decimal, fileName, number, text, texts, whole, type Flags } from '../options/values.js';
import { addPayloadOptions, parsePayload, type PayloadFlags } from '../options/payload.js';
import type { Run, Start } from '../../session/session.js';
import { addSourceOptions, parseSources, readsStdin, type SourceFlags } from './source-options.js';

/** Seconds to wait after the last batch's answer, unless told otherwise. */
const defaultWaitSeconds = 1800;

export interface AddRequest {
  readonly sources: SourceFlags;
  readonly payload: PayloadFlags;
  readonly datasetIds: readonly string[];
  readonly idFrom: IdSource;
  readonly allowDuplicateUrl: boolean;
  readonly batchSize: number;
  readonly batchBytes: number;
  readonly skipUnsupported: boolean;
  readonly failEmpty: boolean;
  readonly onConflict: ConflictRule;
  readonly onFailed: FailedRule;
  readonly waitMs: number | undefined;
  /** A file for what fails. */
  readonly failures: string | undefined;
  readonly dryRun: boolean;
  readonly curl: boolean;
}

/** Declares `add`. */
export function declareAdd(command: Command, start: Start): void {
  command.description('Upload files, folders, patterns and URLs in batches, and wait until each input is indexed.');
  addPayloadOptions(addSourceOptions(command))
    .option('--dataset <id>', 'a dataset to put them in (repeatable)', collectIds)
    .addOption(new Option('--id-from <way>', 'how ids are made').choices(idSources).default('hash'))
    .option(
      '--skip-unsupported',
      'skip media in folders that cannot be added (HEIC, empty, too large), still naming it',
    )
    .option('--fail-empty', 'exit 3 if a folder or list holds nothing to add')
    .option('--allow-duplicate-url', 'add a URL that the app has already')
    .addOption(new Option('--on-conflict <rule>', 'an id that the app has').choices(conflictRules).default('skip'))
    .addOption(
      new Option(
        '--on-failed <rule>',
        'what failed at the service and may pass: keep it, or delete and add it once more',
      )
        .choices(failedRules)
        .default('keep'),
    )
    .option('--batch-size <n>', 'inputs a request', whole({ min: 1, max: maxInputsPerRequest }), maxInputsPerRequest)
    .option('--batch-bytes <n>', 'bytes of a request', whole({ min: 1, max: maxBodyBytes }), maxBodyBytes)
    .addOption(new Option('--no-wait', 'do not wait until they are indexed').conflicts('waitTimeout'))
    .option(
      '--wait-timeout <seconds>',
      'how long to wait after the last batch',
      decimal({ min: 0 }),
      defaultWaitSeconds,
    )
    .option('--failures <file>', 'write each failed source as a row that --manifest reads', fileName)
    .option('--dry-run', 'show what would be sent, send nothing')
    .option('--curl', 'print the equal curl commands, send nothing')
    .option('--interactive', 'ask for concepts and metadata of the whole set first')
    .addHelpText('before', examples)
    .action((sources: string[], flags: Flags) => {
      growHeapSparingly();
      return start(loadRun(flags), parseAdd(sources, flags));
    });
}

function loadRun({ interactive }: Flags): () => Promise<Run<AddRequest>> {
  if (interactive === true) return async () => (await import('./ask.js')).runAsking;
  return async () => (await import('./run.js')).runAdd;
}

const examples = `Examples:
  clarifai-inputs add ./photos -c holiday
  clarifai-inputs add 'shots/**/*.jpg' '!shots/bad/**' --meta camera=left
  find . -name '*.png' | clarifai-inputs add - -o ndjson
`;

/** Reads the words of `add`. Throws UsageError. */
export function parseAdd(words: readonly string[], flags: Flags): AddRequest {
  const sources = parseSources(words, flags);
  if (flags['interactive'] === true) mustLeaveStdin(sources);
  return {
    sources,
    payload: parsePayload(flags),
    datasetIds: texts(flags, 'dataset'),
    idFrom: idSources.find((way) => way === flags['idFrom']) ?? 'hash',
    allowDuplicateUrl: flags['allowDuplicateUrl'] === true,
    batchSize: number(flags, 'batchSize') ?? maxInputsPerRequest,
    batchBytes: number(flags, 'batchBytes') ?? maxBodyBytes,
    skipUnsupported: flags['skipUnsupported'] === true,
    failEmpty: flags['failEmpty'] === true,
    onConflict: conflictRules.find((rule) => rule === flags['onConflict']) ?? 'skip',
    // what failed for a passing reason is in the app as failed: it has to go before it can be added again
    onFailed:
      flags['only'] === 'transient' ? 'retry' : (failedRules.find((rule) => rule === flags['onFailed']) ?? 'keep'),
    failures: text(flags, 'failures'),
    waitMs: flags['wait'] === false ? undefined : (number(flags, 'waitTimeout') ?? defaultWaitSeconds) * 1000,
    dryRun: flags['dryRun'] === true,
    curl: flags['curl'] === true,
  };
}

function mustLeaveStdin(sources: SourceFlags): void {
  if (!readsStdin(sources)) return;
  throw new UsageError('--interactive reads the answers from stdin, and - the sources', {
    hint: 'say it: -c NAME for a concept, --meta KEY=VALUE for metadata',
  });
}
