import type { Argument, Command, Option } from 'commander';

/**
 * What may stand where a value is due. A word that ends in `=` or `.` goes on; what goes on after `concept=` is the name
 * of a concept.
 */
export type Value =
  | { readonly kind: 'text' | 'files' | 'folders' | 'profiles' | 'concepts' }
  | { readonly kind: 'words'; readonly words: readonly string[] };

export interface OptionRow {
  /** The spellings that are typed: `-o` and `--output`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** The name of its value; undefined if it takes none. */
  readonly takes: { readonly name: string; readonly value: Value } | undefined;
}

export interface ArgumentRow {
  readonly name: string;
  readonly value: Value;
  readonly repeats: boolean;
}

export interface CommandRow {
  /** The words that name it; none for the program itself. */
  readonly path: readonly string[];
  readonly summary: string;
  /** Those of the program count for every command. */
  readonly options: readonly OptionRow[];
  readonly arguments: readonly ArgumentRow[];
  readonly subcommands: readonly CommandRow[];
}

/** Values that commander knows nothing of, by the name of the option or argument that takes them. */
export type KnownValues = Readonly<Record<string, Value>>;

/** Reads a program whose commands are all declared. */
export function tableOf(command: Command, known: KnownValues, path: readonly string[] = []): CommandRow {
  const help = command.createHelp();
  return {
    path,
    summary: command.summary(),
    options: help.visibleOptions(command).map((option) => optionRow(option, known)),
    arguments: command.registeredArguments.map((argument) => argumentRow(argument, known)),
    subcommands: help
      .visibleCommands(command)
      .map((subcommand) => tableOf(subcommand, known, [...path, subcommand.name()])),
  };
}

/** A command and all below it. */
export function rowsBelow(row: CommandRow): readonly CommandRow[] {
  return [row, ...row.subcommands.flatMap(rowsBelow)];
}

function optionRow(option: Option, known: KnownValues): OptionRow {
  const placeholder = /[<[](.*)[>\]]$/.exec(option.flags)?.[1];
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    description: option.description,
    takes: placeholder === undefined ? undefined : { name: placeholder, value: valueOf(option, placeholder, known) },
  };
}

function argumentRow(argument: Argument, known: KnownValues): ArgumentRow {
  return { name: argument.name(), value: valueOf(argument, argument.name(), known), repeats: argument.variadic };
}

function valueOf(taker: Option | Argument, placeholder: string, known: KnownValues): Value {
  if (taker.argChoices !== undefined) return { kind: 'words', words: taker.argChoices };
  const value = Object.hasOwn(known, taker.name()) ? known[taker.name()] : undefined;
  if (value !== undefined) return value;
  if (placeholder === 'file') return { kind: 'files' };
  return { kind: placeholder === 'dir' ? 'folders' : 'text' };
}
