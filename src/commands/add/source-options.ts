import type { Command } from '@commander-js/extra-typings';
import { isValidId } from '../../core/ids/id-rules.js';
import type { PayloadSources } from '../../core/sources/payload-layers.js';
import type { ColumnOptions } from '../../core/rows/schema.js';
import type { Shard } from '../../core/sources/shard.js';
import { UsageError } from '../../errors.js';
import { assertOnlyWith } from '../../session/option-rules.js';
import { mediaKinds, type MediaKind } from '../../wire/messages.js';
import type { OptionsOf } from '../command.js';
import { mapOption, otherColumnsOption, parseColumns } from '../options/columns.js';
import { collect } from '../options/values.js';

/** The sources named on the command line. Lists come after the arguments, in the order of these fields. */
export interface SourceRequest {
  /** Paths, folders, patterns, `!patterns` and URLs. */
  readonly sources: readonly string[];
  /** Files, or `-` for stdin; the same for the next two. */
  readonly urlLists: readonly string[];
  readonly pathLists: readonly string[];
  readonly manifests: readonly string[];
  /** True if paths and URLs come on stdin, one a line. */
  readonly fromStdin: boolean;
  /** True if NUL stands between the paths of lists. */
  readonly nul: boolean;
  /** How the columns of manifests are read whose names are not those of fields. */
  readonly columns: ColumnOptions;
  /** Only rows that are worth another try. */
  readonly transientOnly: boolean;
  /** True to take rows of inputs that had failed as well. */
  readonly includeFailed: boolean;
  readonly id: string | undefined;
  readonly kind: MediaKind | undefined;
  readonly hidden: boolean;
  readonly shard: Shard | undefined;
  readonly layers: Omit<PayloadSources, 'cwd' | 'onInexactNumbers'>;
}

/** The heading in the help of all that decides about IDs. */
export const idGroup = 'IDs and conflicts:';

/** Declares what names sources and picks among them. */
export function addSourceOptions(command: Command): SourceCommand {
  return declareSources(command);
}

/** With the types of its options, which only their declaration can give. */
type SourceCommand = ReturnType<typeof declareSources>;

function declareSources(command: Command) {
  return command
    .argument(
      '[source...]',
      "files, folders, quoted patterns, '!patterns' to exclude, URLs; - to read them from stdin; or buckets: s3://, gs://, azure://",
    )
    .optionsGroup('Sources:')
    .option('--url-list <file>', 'file of URLs, one per line, # begins a comment; - for stdin (repeatable)', collect)
    .option('--files-from <file>', 'file of literal paths, one per line; - for stdin (repeatable)', collect)
    .option('--null', 'paths in --files-from are separated by NUL characters')
    .option(
      '--manifest <file>',
      'file of NDJSON, JSON or CSV rows: path, url or text, and id, type, concepts, metadata, geo, dataset_ids; - for stdin (repeatable)',
      collect,
    )
    .option(...mapOption)
    .addOption(otherColumnsOption(command))
    .addOption(
      command
        .createOption('--only <rows>', 'from a manifest written by --failures, take only the rows worth retrying')
        .choices(['transient']),
    )
    .option('--include-failed', 'take rows of exported inputs that had failed, too')
    .addOption(
      command
        .createOption('--type <kind>', 'treat named files and URLs as this type; take only this type from folders')
        .choices(mediaKinds),
    )
    .option('--hidden', 'include hidden files')
    .option('--watch', 'keep watching the folders and patterns, and add what is new or changed, until Ctrl-C')
    .option('--shard <k/n>', 'take only part K of N of the sources, K from 0, so that N machines share the work')
    .option('--send-credentials', 'send the AWS credentials of the environment, for a private s3:// bucket')
    .optionsGroup('Concepts and metadata:')
    .option('--concept-from-dir', 'use the name of the folder that contains a file as a concept')
    .option('--sidecars', 'read concepts, metadata, geo and dataset_ids of x.jpg from x.jpg.json')
    .option('--record-path', 'put the path relative to the working folder in metadata.path')
    .addOption(
      command.createOption('--id <id>', 'ID of the input, for a single source').conflicts('idFrom').helpGroup(idGroup),
    );
}

/** Reads what names sources. Throws UsageError. */
export function parseSources(words: readonly string[], options: OptionsOf<typeof addSourceOptions>): SourceRequest {
  const { urlList = [], filesFrom = [], manifest = [] } = options;
  const sources = words.filter((word) => word !== '-');
  const request = {
    sources,
    urlLists: urlList,
    pathLists: filesFrom,
    manifests: manifest,
    fromStdin: words.length > sources.length,
    nul: options.null === true,
    columns: parseColumns(options, { '--manifest': manifest.length > 0 }),
    transientOnly: options.only === 'transient',
    includeFailed: options.includeFailed === true,
    id: options.id,
    kind: options.type,
    hidden: options.hidden === true,
    shard: parseShard(options.shard),
    layers: {
      conceptFromDir: options.conceptFromDir === true,
      sidecars: options.sidecars === true,
      recordPath: options.recordPath === true,
    },
  };
  assertCompatible(request);
  return request;
}

/** True if a list names sources as well. */
export function hasLists({ fromStdin, urlLists, pathLists, manifests }: SourceRequest): boolean {
  return fromStdin || urlLists.length + pathLists.length + manifests.length > 0;
}

/** True if one of the lists is to come on stdin. */
export function readsStdin({ fromStdin, urlLists, pathLists, manifests }: SourceRequest): boolean {
  return fromStdin || [...urlLists, ...pathLists, ...manifests].includes('-');
}

function parseShard(given: string | undefined): Shard | undefined {
  if (given === undefined) return undefined;
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(given) ?? [];
  if (index === undefined || Number(index) >= Number(count)) {
    throw new UsageError(`--shard '${given}' is not K/N with K from 0 to N-1`, { hint: 'for example --shard 0/4' });
  }
  return { index: Number(index), count: Number(count) };
}

function assertCompatible(request: SourceRequest): void {
  const { sources, urlLists, pathLists, manifests, id } = request;
  const lists = urlLists.length + pathLists.length + manifests.length + (request.fromStdin ? 1 : 0);
  if (lists === 0) assertHasSources(sources);
  // an unset variable of a script, which would name the working folder
  if (sources.includes('')) throw new UsageError('a source is empty');
  const fromPaths = { '--files-from': pathLists.length > 0 };
  assertOnlyWith({ '--null': request.nul }, fromPaths, 'find . -print0 | clarifai-inputs add --files-from - --null');
  const fromManifest = { '--manifest': manifests.length > 0 };
  assertOnlyWith({ '--only': request.transientOnly }, fromManifest, 'pass the file that --failures wrote');
  assertOnlyWith({ '--include-failed': request.includeFailed }, fromManifest);
  if (id === undefined) return;
  if (!isValidId(id)) throw new UsageError(`--id '${id}' is not 1 to 48 of A-Z a-z 0-9 _ -`);
  assertOnlyWith({ '--id': true }, { 'a single source': sources.length === 1 && lists === 0 }, 'use --id-from');
}

function assertHasSources(sources: readonly string[]): void {
  if (sources.length === 0) {
    throw new UsageError('add: nothing to add', {
      hint: 'specify files, folders or URLs: clarifai-inputs add ./photos',
    });
  }
}
