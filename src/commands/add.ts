import { Option, type Command } from 'commander';
import type { MediaKind } from '../core/drafts.js';
import { idSources, isValidId, type IdSource } from '../core/id-rules.js';
import { conflictRules, type ConflictRule } from '../core/conflicts.js';
import { UsageError } from '../errors.js';
import { maxBodyBytes, maxInputsPerRequest } from '../wire/messages.js';
import { collect, decimal, number, text, texts, whole, type Flags } from './flags.js';
import { addPayloadOptions, parsePayload, type PayloadFlags } from './payload-flags.js';
import type { Start } from './session.js';

/** Seconds to wait after the last batch's answer, unless told otherwise. */
const defaultWaitSeconds = 1800;
const kinds = ['image', 'video', 'audio', 'text'] as const satisfies readonly MediaKind[];

export interface AddRequest {
  readonly sources: readonly string[];
  /** True if paths and URLs come on stdin, one a line. */
  readonly fromStdin: boolean;
  readonly payload: PayloadFlags;
  readonly datasetIds: readonly string[];
  readonly id: string | undefined;
  readonly idFrom: IdSource;
  readonly kind: MediaKind | undefined;
  readonly hidden: boolean;
  readonly allowDuplicateUrl: boolean;
  readonly batchSize: number;
  readonly batchBytes: number;
  readonly onConflict: ConflictRule;
  readonly waitMs: number | undefined;
  readonly dryRun: boolean;
  readonly curl: boolean;
}

/** Declares `add`. */
export function declareAdd(command: Command, start: Start): void {
  command
    .description('Upload files, folders, patterns and URLs in batches, and wait until each input is indexed.')
    .argument(
      '[source...]',
      "files, folders, quoted patterns, '!patterns' that exclude, URLs; - reads them from stdin",
    );
  addPayloadOptions(command)
    .option('--dataset <id>', 'a dataset to put them in (repeatable)', collect)
    .option('--id <id>', 'the id, for one source only')
    .addOption(new Option('--id-from <way>', 'how ids are made').choices(idSources).default('hash'))
    .addOption(new Option('--type <kind>', 'take all for this kind; of folders, only those').choices(kinds))
    .option('--hidden', 'take what begins with a dot as well')
    .option('--allow-duplicate-url', 'add a URL that the app has already')
    .addOption(new Option('--on-conflict <rule>', 'an id that the app has').choices(conflictRules).default('skip'))
    .addOption(new Option('--on-failed <rule>', 'an id that the app has as failed').choices(['keep']).default('keep'))
    .option('--batch-size <n>', 'inputs a request', whole({ min: 1, max: maxInputsPerRequest }), maxInputsPerRequest)
    .option('--batch-bytes <n>', 'bytes of a request', whole({ min: 1, max: maxBodyBytes }), maxBodyBytes)
    .option('--no-wait', 'do not wait until they are indexed')
    .option(
      '--wait-timeout <seconds>',
      'how long to wait after the last batch',
      decimal({ min: 0 }),
      defaultWaitSeconds,
    )
    .option('--dry-run', 'show what would be sent, send nothing')
    .option('--curl', 'print the equal curl commands, send nothing')
    .addHelpText('before', examples)
    .action((sources: string[], flags: Flags) =>
      start(async () => (await import('./add-run.js')).runAdd, parseAdd(sources, flags)),
    );
}

const examples = `Examples:
  clarifai-inputs add ./photos -c holiday
  clarifai-inputs add 'shots/**/*.jpg' '!shots/bad/**' --meta camera=left
  find . -name '*.png' | clarifai-inputs add - -o ndjson
`;

/** Reads the words of `add`. Throws UsageError. */
export function parseAdd(words: readonly string[], flags: Flags): AddRequest {
  const sources = words.filter((word) => word !== '-');
  const fromStdin = words.length > sources.length;
  const id = text(flags, 'id');
  mustHaveSources(sources, fromStdin);
  if (id !== undefined) mustBeOneSource(id, sources, fromStdin);
  return {
    sources,
    fromStdin,
    payload: parsePayload(flags),
    datasetIds: texts(flags, 'dataset'),
    id,
    idFrom: idSources.find((way) => way === flags['idFrom']) ?? 'hash',
    kind: kinds.find((kind) => kind === flags['type']),
    hidden: flags['hidden'] === true,
    allowDuplicateUrl: flags['allowDuplicateUrl'] === true,
    batchSize: number(flags, 'batchSize') ?? maxInputsPerRequest,
    batchBytes: number(flags, 'batchBytes') ?? maxBodyBytes,
    onConflict: conflictRules.find((rule) => rule === flags['onConflict']) ?? 'skip',
    waitMs: flags['wait'] === false ? undefined : (number(flags, 'waitTimeout') ?? defaultWaitSeconds) * 1000,
    dryRun: flags['dryRun'] === true,
    curl: flags['curl'] === true,
  };
}

function mustHaveSources(sources: readonly string[], fromStdin: boolean): void {
  if (sources.length === 0 && !fromStdin) {
    throw new UsageError('add: nothing to add', { hint: 'name files, folders or URLs: clarifai-inputs add ./photos' });
  }
  if (!fromStdin && sources.every((source) => source.startsWith('!'))) {
    throw new UsageError('add: every source is an exclusion', { hint: "name a folder beside the '!pattern'" });
  }
}

function mustBeOneSource(id: string, sources: readonly string[], fromStdin: boolean): void {
  if (!isValidId(id)) throw new UsageError(`--id '${id}' is not 1 to 48 of A-Z a-z 0-9 _ -`);
  if (sources.length !== 1 || fromStdin) throw new UsageError('--id goes with one source', { hint: 'use --id-from' });
}
