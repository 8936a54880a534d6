import type { Command } from '@commander-js/extra-typings';
import { failedRules, type ConflictRule, type FailedRule } from '../../core/add/conflicts/rules.js';
import type { BucketAddress } from '../../core/buckets/address.js';
import { limitHeapGrowth } from '../../core/files/heap.js';
import { idSources, type IdSource } from '../../core/ids/id-rules.js';
import { assertNotTogether } from '../../session/option-rules.js';
import { maxBodyBytes, maxInputsPerRequest } from '../../wire/messages.js';
import type { OptionsOf, Start } from '../command.js';
import { conflictOption } from '../options/conflict.js';
import { parsePayload, payloadOptions, type PayloadRequest } from '../options/payload.js';
import { collectIds, decimal, defaultWaitSeconds, integer, outputFile } from '../options/values.js';
import { optionsGiven, parseBuckets } from './bucket-options.js';
import { addSourceOptions, idGroup, parseSources, readsStdin, type SourceRequest } from './source-options.js';

export interface AddRequest {
  readonly sources: SourceRequest;
  readonly payload: PayloadRequest;
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
  /** Ask for concepts and metadata first. */
  readonly interactive: boolean;
  /** Keep watching the folders and patterns. */
  readonly watch: boolean;
  /** Read by the service itself; there are no other sources then. */
  readonly buckets: readonly BucketAddress[];
  readonly sendCredentials: boolean;
}

export function declareAdd(command: Command, start: Start<AddRequest>): void {
  addAddOptions(command).action((sources, options) => {
    limitHeapGrowth();
    const given = optionsGiven(command.options, (name) => command.getOptionValueSource(name));
    return start(parseAdd(sources, options, given));
  });
}

function addAddOptions(command: Command) {
  return addSourceOptions(command)
    .description('Upload files, folders, patterns and URLs in batches, and wait until each input is indexed.')
    .option(...payloadOptions.concept)
    .option(...payloadOptions.metadata)
    .option(...payloadOptions.meta)
    .option(...payloadOptions.geo)
    .option('--dataset <id>', 'dataset to add the inputs to (repeatable)', collectIds)
    .optionsGroup(idGroup)
    .addOption(command.createOption('--id-from <way>', 'how IDs are made').choices(idSources).default('hash'))
    .option('--allow-duplicate-url', 'add URLs that the app already has')
    .addOption(conflictOption(command))
    .optionsGroup('Failures:')
    .option(
      '--skip-unsupported',
      'skip media in folders that cannot be added (HEIC, empty, too large), still naming it',
    )
    .option('--fail-empty', 'exit 3 if a folder or list contains nothing to add')
    .addOption(
      command
        .createOption('--on-failed <rule>', 'keep inputs that failed for a temporary reason, or delete and re-add them')
        .choices(failedRules)
        .default('keep'),
    )
    .option('--failures <file>', 'write each failed source as a row that --manifest reads', outputFile)
    .optionsGroup('Waiting:')
    .addOption(command.createOption('--no-wait', 'do not wait for indexing').conflicts('waitTimeout'))
    .option(
      '--wait-timeout <seconds>',
      'how long to wait after the last batch',
      decimal({ min: 0 }),
      defaultWaitSeconds,
    )
    .optionsGroup('Planning:')
    .option('--dry-run', 'show what would be sent without sending it')
    .option('--curl', 'print equivalent curl commands instead of sending')
    .option('--interactive', 'ask for concepts and metadata, and before sending')
    .optionsGroup('Batches:')
    .option(
      '--batch-size <n>',
      'inputs per request',
      integer({ min: 1, max: maxInputsPerRequest }),
      maxInputsPerRequest,
    )
    .option('--batch-bytes <n>', 'bytes per request', integer({ min: 1, max: maxBodyBytes }), maxBodyBytes)
    .addHelpText('before', examples);
}

const examples = `Examples:
  clarifai-inputs add ./photos -c holiday
  clarifai-inputs add 'shots/**/*.jpg' '!shots/bad/**' --meta camera=left
  find . -name '*.png' | clarifai-inputs add - -o ndjson
`;

/**
 * Reads what to add, and how.
 *
 * @param given - the options on the command line, by their long names
 * @throws UsageError for sources, values or options that make no sense together
 */
export function parseAdd(
  words: readonly string[],
  options: OptionsOf<typeof addAddOptions>,
  given: readonly string[],
): AddRequest {
  const buckets = parseBuckets(words, given);
  const sources = parseSources(words, options);
  const interactive = options.interactive === true;
  assertNotTogether(
    { '--interactive': interactive },
    { 'sources from stdin': readsStdin(sources) },
    'pass -c NAME for concepts, --meta KEY=VALUE for metadata',
  );
  // what failed for a passing reason is in the app as failed: it has to go before it can be added again
  const onFailed = sources.transientOnly ? 'retry' : options.onFailed;
  if (options.watch === true) assertWatchable(sources, { ...options, onFailed });
  return {
    sources,
    payload: parsePayload(options),
    datasetIds: options.dataset ?? [],
    idFrom: options.idFrom,
    allowDuplicateUrl: options.allowDuplicateUrl === true,
    batchSize: options.batchSize,
    batchBytes: options.batchBytes,
    skipUnsupported: options.skipUnsupported === true,
    failEmpty: options.failEmpty === true,
    onConflict: options.onConflict,
    onFailed,
    failures: options.failures,
    waitMs: options.wait ? options.waitTimeout * 1000 : undefined,
    dryRun: options.dryRun === true,
    curl: options.curl === true,
    interactive,
    watch: options.watch === true,
    buckets,
    sendCredentials: options.sendCredentials === true,
  };
}

/** A run that never ends has no plan, nobody to ask, and no second try at its end. */
function assertWatchable(sources: SourceRequest, options: OptionsOf<typeof addAddOptions>): void {
  const others = {
    '--manifest': sources.manifests.length > 0,
    '--id': sources.id !== undefined,
    '--dry-run': options.dryRun === true,
    '--curl': options.curl === true,
    '--interactive': options.interactive === true,
    '--fail-empty': options.failEmpty === true,
    '--on-failed retry': options.onFailed === 'retry',
  };
  assertNotTogether({ '--watch': true }, others, 'run a second command without --watch');
}
