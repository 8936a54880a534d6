import { InvalidArgumentError } from 'commander';
import { decimalProblem, integerProblem, type Bounds } from '../../core/settings/number-bounds.js';
import { settingProblem, type SettingName } from '../../core/settings/names.js';

/** Seconds to wait until the service is done with inputs, unless told otherwise. */
export const defaultWaitSeconds = 1800;

// Each of these is given to commander, which calls it with an option's value as it was typed.

/** Gathers the values of a repeatable option. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** The name of a file or folder; `''` is an unset variable of a script. */
export function fileName(value: string): string {
  rejectInvalid(value === '' ? 'must name a file or folder' : undefined);
  return value;
}

/** Gathers names of files. */
export function collectFiles(value: string, before: readonly string[] | undefined): readonly string[] {
  return collect(fileName(value), before);
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
