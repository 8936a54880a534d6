import { Option, type Command } from 'commander';
import { UsageError } from '../../errors.js';
import { rowActions } from '../../core/rows/row-fields.js';
import type { ColumnOptions, RowAction } from '../../core/rows/schema.js';
import type { Removals } from '../../core/changes/edits.js';
import { parseConcept } from '../../core/model/payload.js';
import { collect, fileName, text, texts, type Flags } from '../options/values.js';
import { addColumnOptions, assertNoColumnOptions, parseColumns } from '../options/columns.js';
import { addPayloadOptions, parsePayload, type PayloadFlags } from '../options/payload.js';
import type { Run, Start } from '../../session/session.js';

export interface PatchRequest {
  /** As given; `-` stands for stdin. */
  readonly words: readonly string[];
  /** As given: `KEY=VALUE`. */
  readonly where: readonly string[];
  /** A file of rows, or `-` for stdin. */
  readonly from: string | undefined;
  /** How the columns of its CSV are read whose names are not those of fields. */
  readonly columns: ColumnOptions;
  readonly payload: PayloadFlags;
  readonly removals: Removals;
  readonly action: RowAction | undefined;
  /** A file for the former state. */
  readonly undo: string | undefined;
  readonly confirmed: boolean;
  readonly dryRun: boolean;
  readonly curl: boolean;
  readonly interactive: boolean;
}

/** Declares `patch`. */
export function declarePatch(command: Command, start: Start): void {
  command
    .description('Change the concepts, metadata and geo of inputs: merge (default), overwrite or remove.')
    .argument('[id...]', 'ids; - reads them from stdin');
  addPayloadOptions(command);
  addColumnOptions(command)
    .option('--remove-concept <name>', 'take a concept off (repeatable)', collect)
    .option('--remove-meta <key>', 'take a top-level key of the metadata off (repeatable)', collect)
    .option('--remove-geo', 'take the point off')
    .addOption(new Option('--action <action>', 'of the whole request').choices(rowActions))
    .option('--where <key=value>', 'the inputs of which this holds (repeatable)', collect)
    .option('--from <file>', 'rows of NDJSON, JSON or CSV: id, concepts, metadata, geo, action; - for stdin', fileName)
    .option('--interactive', 'tag them one by one, by keys, with the picture in the terminal')
    .option('--undo <file>', 'save the former state first, as rows for --from', fileName)
    .option('-y, --yes', 'do not ask before anything is erased')
    .option('--dry-run', 'show what would be sent, send nothing')
    .option('--curl', 'print the equal curl commands, send nothing')
    .addHelpText('before', examples)
    .action((words: string[], flags: Flags) => start(loadRun(flags), parsePatch(words, flags)));
}

function loadRun({ interactive }: Flags): () => Promise<Run<PatchRequest>> {
  if (interactive === true) return async () => (await import('./tag.js')).runTagging;
  return async () => (await import('./run.js')).runPatch;
}

const examples = `Examples:
  clarifai-inputs patch train1 puppy1 -c dog -c cat=0 --meta camera=left
  clarifai-inputs list --where status=ok -o ids | clarifai-inputs patch - --remove-concept cat --undo undo.ndjson
  clarifai-inputs patch --interactive --where untagged=true
`;

/** Reads the words of `patch`. Throws UsageError. */
export function parsePatch(words: readonly string[], flags: Flags): PatchRequest {
  const where = texts(flags, 'where');
  const from = text(flags, 'from');
  const interactive = flags['interactive'] === true;
  if (interactive) mustAsk(flags);
  mustNameOnce(words, where, { from, orAll: interactive });
  const removals = {
    concepts: texts(flags, 'removeConcept').map((name) => parseConcept(name).id),
    metaKeys: texts(flags, 'removeMeta').map(metaKey),
    geo: flags['removeGeo'] === true,
  };
  const columns = parseColumns(flags);
  if (from !== undefined) mustStandAlone(flags, removals);
  else assertNoColumnOptions(columns, '--from');
  return {
    words,
    where,
    from,
    columns,
    payload: parsePayload(flags),
    removals,
    action: rowActions.find((action) => action === flags['action']),
    undo: text(flags, 'undo'),
    confirmed: flags['yes'] === true,
    dryRun: flags['dryRun'] === true,
    curl: flags['curl'] === true,
    interactive,
  };
}

function mustNameOnce(
  words: readonly string[],
  where: readonly string[],
  { from, orAll }: { readonly from: string | undefined; readonly orAll: boolean },
): void {
  const ways = [words.length > 0, where.length > 0, from !== undefined].filter((given) => given).length;
  if (ways > 1) throw new UsageError('ids, --where and --from exclude each other', { hint: 'give one of them' });
  if (ways === 0 && !orAll) {
    throw new UsageError('patch: no input named', {
      hint: 'clarifai-inputs patch ID -c dog, --where KEY=VALUE, or --from FILE',
    });
  }
}

function metaKey(key: string): string {
  if (key === '') throw new UsageError('--remove-meta names no key');
  return key;
}

/** What the tagger asks for can't be told beforehand. */
function mustAsk(flags: Flags): void {
  const others = Object.keys(flags).filter((name) => !['interactive', 'where'].includes(name));
  if (others.length === 0) return;
  const names = others.map((name) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  throw new UsageError(`--interactive asks what to change, and ${names.join(', ')} says it`, {
    hint: 'give --interactive with ids or --where alone',
  });
}

/** Rows say themselves what changes. */
function mustStandAlone(flags: Flags, removals: Removals): void {
  const given = ['concept', 'metadata', 'meta', 'geo'].some((name) => flags[name] !== undefined);
  if (given || removals.geo || removals.concepts.length + removals.metaKeys.length > 0) {
    throw new UsageError('--from names the changes in its rows, and further options name others', {
      hint: 'put them into the rows',
    });
  }
}
