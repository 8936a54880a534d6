import { InvalidArgumentError, type Command } from 'commander';
import { decimalProblem, integerProblem, type Bounds } from '../../core/settings/number-bounds.js';
import { settingProblem, type SettingName } from '../../core/settings/names.js';
import { UsageError } from '../../errors.js';

/** Seconds to wait until the service is done with inputs, unless told otherwise. */
export const defaultWaitSeconds = 1800;

// Each of these is given to commander, which calls it with an option's value as it was typed.

/** Gathers the values of a repeatable option. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** Makes each option of a command that takes a value refuse `''`, which is an unset variable of a script. */
export function refuseEmptyValues(command: Command): void {
  for (const option of command.options) {
    const { parseArg } = option;
    if (!option.required && !option.optional) continue;
    option.argParser((value, previous: unknown) => {
      const given = notEmpty(value);
      return parseArg === undefined ? given : parseArg(given, previous);
    });
  }
  for (const subcommand of command.commands) refuseEmptyValues(subcommand);
}

/** What a value is read as, or the UsageError that says what is wrong with it, under the name of its option. */
export function readOption<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${option}: ${error.message}`, { hint: error.hint, cause: error.cause });
  }
}

/** For an argument: options are checked one and all. */
export function notEmpty(value: string): string {
  rejectInvalid(value === '' ? 'must not be empty' : undefined);
  return value;
}

/** A file to write. */
export function outputFile(value: string): string {
  rejectInvalid(value === '-' ? 'must be a file, not -' : undefined);
  return value;
}

/** Gathers ids. */
export function collectIds(value: string, before: readonly string[] | undefined): readonly string[] {
  rejectInvalid(value.trim() === '' ? 'must not be empty' : undefined);
  return collect(value, before);
}

/** A whole number within bounds. */
export function integer(bounds: Bounds): (value: string) => number {
  return (value) => {
    rejectInvalid(integerProblem(value, bounds));
    return Number(value);
  };
}

/** A number within bounds. */
export function decimal(bounds: Bounds): (value: string) => number {
  return (value) => {
    rejectInvalid(decimalProblem(value, bounds));
    return Number(value);
  };
}

/** Parses an option whose saved setting has the same rules. */
export function settingValue(name: SettingName): (value: string) => string {
  return (value) => {
    rejectInvalid(settingProblem(name, value));
    return value;
  };
}

function rejectInvalid(problem: string | undefined): void {
  if (problem === undefined) return;
  throw new InvalidArgumentError(`${problem.slice(0, 1).toUpperCase()}${problem.slice(1)}.`);
}
