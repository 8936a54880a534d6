import type { Command } from '@commander-js/extra-typings';
import { rowActions } from '../../core/rows/row-fields.js';
import type { ColumnOptions, RowAction } from '../../core/rows/schema.js';
import type { Removals } from '../../core/changes/edits.js';
import type { Memberships } from '../../core/changes/memberships.js';
import { parseConcept } from '../../core/model/payload.js';
import { UsageError } from '../../errors.js';
import { assertNotTogether, assertOnlyOne, assertOnlyWith, type Given } from '../../session/option-rules.js';
import type { OptionsOf, Start } from '../command.js';
import { parsePayload, payloadOptions, type PayloadRequest } from '../options/payload.js';
import { mapOption, otherColumnsOption, parseColumns } from '../options/columns.js';
import { collect, collectIds, outputFile } from '../options/values.js';

export interface PatchRequest {
  /** Ids as given; `-` stands for stdin. */
  readonly words: readonly string[];
  /** The raw options: `KEY=VALUE`. */
  readonly where: readonly string[];
  /** A file of rows, or `-` for stdin. */
  readonly from: string | undefined;
  /** How the columns of its CSV are read whose names are not those of fields. */
  readonly columns: ColumnOptions;
  readonly payload: PayloadRequest;
  readonly removals: Removals;
  readonly memberships: Memberships;
  readonly action: RowAction | undefined;
  /** A file for the former state. */
  readonly undo: string | undefined;
  readonly confirmed: boolean;
  readonly dryRun: boolean;
  readonly curl: boolean;
  readonly interactive: boolean;
}

export function declarePatch(command: Command, start: Start<PatchRequest>): void {
  addPatchOptions(command).action((words, options) => start(parsePatch(words, options)));
}

function addPatchOptions(command: Command) {
  return command
    .description('Change the concepts, metadata and geo of inputs: merge (default), overwrite or remove.')
    .argument('[id...]', 'input IDs; - to read them from stdin')
    .optionsGroup('Inputs to change:')
    .option('--where <key=value>', 'change the inputs that match (repeatable)', collect)
    .option('--from <file>', 'file of NDJSON, JSON or CSV rows: id, concepts, metadata, geo, action; - for stdin')
    .option(...mapOption)
    .addOption(otherColumnsOption(command))
    .option('--interactive', 'tag inputs one by one in the terminal; -c NAME sets the order of the keys')
    .optionsGroup('Changes:')
    .option(...payloadOptions.concept)
    .option(...payloadOptions.metadata)
    .option(...payloadOptions.meta)
    .option(...payloadOptions.geo)
    .option('--remove-concept <name>', 'remove a concept (repeatable)', collect)
    .option('--remove-meta <key>', 'remove a top-level metadata key (repeatable)', collect)
    .option('--remove-geo', 'remove the geo point')
    .option('--dataset <id>', 'put the inputs into this dataset (repeatable)', collectIds)
    .option('--remove-dataset <id>', 'take the inputs out of this dataset (repeatable)', collectIds)
    .addOption(
      command
        .createOption('--action <action>', 'how to apply the changes to all inputs (default: merge)')
        .choices(rowActions),
    )
    .optionsGroup('Planning:')
    .option('--undo <file>', 'save the previous state first, as rows for --from', outputFile)
    .option('-y, --yes', 'skip the confirmation prompt')
    .option('--dry-run', 'show what would be sent without sending it')
    .option('--curl', 'print equivalent curl commands instead of sending')
    .addHelpText('before', examples);
}

type PatchOptions = OptionsOf<typeof addPatchOptions>;

const examples = `Examples:
  clarifai-inputs patch train1 puppy1 -c dog -c cat=0 --meta camera=left
  clarifai-inputs list --where status=ok -o ids | clarifai-inputs patch - --remove-concept cat --undo undo.ndjson
  clarifai-inputs patch --interactive --where untagged=true -c dog -c cat --undo undo.ndjson
`;

/** Throws UsageError for inputs or changes that are named in more than one way, or in none. */
export function parsePatch(words: readonly string[], options: PatchOptions): PatchRequest {
  const { where = [], from, action, undo } = options;
  const interactive = options.interactive === true;
  const changes = namesOfChanges(options);
  if (interactive) assertInteractiveOnly(options);
  assertOneSelection({ IDs: words.length > 0, '--where': where.length > 0, '--from': from !== undefined }, interactive);
  assertNotTogether({ '--from': from !== undefined }, changes, 'put the changes into the rows');
  assertOnlyWith({ '--action set': action === 'set' }, { '--from': from !== undefined });
  const removals = parseRemovals(options);
  assertNotTogether(
    namesOfRemovals(options),
    { '--action': action !== undefined },
    'removals are sent first, on their own',
  );
  return {
    words,
    where,
    from,
    columns: parseColumns(options, { '--from': from !== undefined }),
    payload: parsePayload(options),
    removals,
    memberships: { joined: options.dataset ?? [], left: options.removeDataset ?? [] },
    action,
    undo,
    confirmed: options.yes === true,
    dryRun: options.dryRun === true,
    curl: options.curl === true,
    interactive,
  };
}

function parseRemovals({ removeConcept = [], removeMeta = [], removeGeo }: PatchOptions): Removals {
  return {
    concepts: removeConcept.map((name) => parseConcept(name).id),
    metaKeys: removeMeta,
    geo: removeGeo === true,
  };
}

/** The options that say what changes. */
function namesOfChanges(options: PatchOptions): Given {
  return {
    '-c': options.concept !== undefined,
    '--metadata': options.metadata !== undefined,
    '--meta': options.meta !== undefined,
    '--geo': options.geo !== undefined,
    '--dataset': options.dataset !== undefined,
    '--remove-dataset': options.removeDataset !== undefined,
    ...namesOfRemovals(options),
  };
}

function namesOfRemovals({ removeConcept, removeMeta, removeGeo }: PatchOptions): Given {
  return {
    '--remove-concept': removeConcept !== undefined,
    '--remove-meta': removeMeta !== undefined,
    '--remove-geo': removeGeo === true,
  };
}

function assertOneSelection(selections: Given, mayBeAll: boolean): void {
  assertOnlyOne(selections);
  if (mayBeAll || Object.values(selections).includes(true)) return;
  throw new UsageError('patch: no inputs specified', {
    hint: 'clarifai-inputs patch ID -c dog, --where KEY=VALUE, or --from FILE',
  });
}

/** Options that the tagger takes; `-c NAME` says which concepts have the first keys. */
const interactiveOptions = new Set(['interactive', 'where', 'concept', 'undo']);

/** The tagger's changes can't be known beforehand. */
function assertInteractiveOnly(options: PatchOptions): void {
  const others = Object.keys(options).filter((name) => !interactiveOptions.has(name));
  assertNotTogether(
    { '--interactive': true },
    Object.fromEntries(others.map((name) => [longFlag(name), true])),
    'use --interactive with IDs or --where, -c NAME for the order of the keys, and --undo FILE',
  );
  const absent = options.concept?.find((concept) => parseConcept(concept).value === 0);
  if (absent !== undefined) {
    throw new UsageError(`-c ${absent} cannot be used with --interactive: -c names concepts for the keys alone`);
  }
}

/** `removeGeo` as it is typed: `--remove-geo`. */
function longFlag(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
