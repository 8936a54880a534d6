import { Option, type Command } from 'commander';
import { UsageError } from '../../errors.js';
import { patchActions, type PatchAction } from '../../wire/messages.js';
import type { Removals } from '../../core/changes/edits.js';
import { parseConcept } from '../../core/model/payload.js';
import { collect, fileName, text, texts, type Flags } from '../options/values.js';
import { addPayloadOptions, parsePayload, type PayloadFlags } from '../options/payload.js';
import type { Run, Start } from '../../session/session.js';

export interface PatchRequest {
  /** As given; `-` stands for stdin. */
  readonly words: readonly string[];
  /** As given: `KEY=VALUE`. */
  readonly where: readonly string[];
  /** A file of rows, or `-` for stdin. */
  readonly from: string | undefined;
  readonly payload: PayloadFlags;
  readonly removals: Removals;
  readonly action: PatchAction | undefined;
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
  addPayloadOptions(command)
    .option('--remove-concept <name>', 'take a concept off (repeatable)', collect)
    .option('--remove-meta <key>', 'take a top-level key of the metadata off (repeatable)', collect)
    .option('--remove-geo', 'take the point off')
    .addOption(new Option('--action <action>', 'of the whole request').choices(patchActions))
    .option('--where <key=value>', 'the inputs of which this holds (repeatable)', collect)
    .option('--from <file>', 'rows of NDJSON or CSV: id, concepts, metadata, geo, action; - for stdin', fileName)
    .option('--interactive', 'tag them one by one with the picture in the terminal; -c NAME sets the order of the keys')
    .option('--undo <file>', 'save the former state first, as rows for --from', fileName)
    .option('-y, --yes', 'do not ask before an overwrite')
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
  clarifai-inputs patch --interactive --where untagged=true -c dog -c cat --undo undo.ndjson
`;

/** Reads the words of `patch`. Throws UsageError. */
export function parsePatch(words: readonly string[], flags: Flags): PatchRequest {
  const where = texts(flags, 'where');
  const from = text(flags, 'from');
  const interactive = flags['interactive'] === true;
  if (interactive) assertInteractiveOnly(flags);
  mustNameOnce(words, where, { from, orAll: interactive });
  const removals = {
    concepts: texts(flags, 'removeConcept').map((name) => parseConcept(name).id),
    metaKeys: texts(flags, 'removeMeta').map(metaKey),
    geo: flags['removeGeo'] === true,
  };
  if (from !== undefined) mustStandAlone(flags, removals);
  return {
    words,
    where,
    from,
    payload: parsePayload(flags),
    removals,
    action: patchActions.find((action) => action === flags['action']),
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

const interactiveOptions = new Set(['interactive', 'where', 'concept', 'undo']);

/** Changes can't be given beforehand: beside the tagger, `-c NAME` says which concepts have the first keys. */
function assertInteractiveOnly(flags: Flags): void {
  const others = Object.keys(flags).filter((name) => !interactiveOptions.has(name));
  if (others.length > 0) {
    const names = others.map((name) => `\`--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}\``);
    throw new UsageError(`\`--interactive\` cannot be used with ${names.join(', ')}`, {
      hint: 'it takes ids or --where, -c NAME for the order of the keys, and --undo',
    });
  }
  const absent = texts(flags, 'concept').find((concept) => parseConcept(concept).value === 0);
  if (absent !== undefined) {
    throw new UsageError(`\`-c ${absent}\` cannot be used with \`--interactive\`: -c only names concepts for the keys`);
  }
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
