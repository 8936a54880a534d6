import { InvalidArgumentError, Option } from 'commander';
import { decimalProblem, wholeProblem, type Bounds } from '../../core/settings/number-bounds.js';
import { settingNames, settingProblem, type SettingName, type SettingValues } from '../../core/settings/names.js';
import { UsageError } from '../../errors.js';
import { outputForms, type OutputForm } from '../../render/output/output-forms.js';

/** Raw values as commander hands them over; each goes through a parser before anything else sees it. */
export type Flags = Readonly<Record<string, unknown>>;

/** What the options of every command come to. */
export interface GlobalOptions {
  readonly profile: string | undefined;
  /** Settings given as options. */
  readonly given: SettingValues;
  /** A file with the key, or `-` for stdin. */
  readonly keyFile: string | undefined;
  readonly sandbox: boolean;
  /** Undefined where no form was asked for. */
  readonly output: OutputForm | undefined;
  readonly fields: readonly string[] | undefined;
  /** True to begin CSV with a byte order mark. */
  readonly csvBom: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly colour: boolean;
  readonly progress: boolean;
  /** False: never prompt. */
  readonly input: boolean;
  readonly insecureHttp: boolean;
}

/** An option that every command has; the value of a setting is one that could be saved. */
export function globalOption(flags: string, description: string): Option {
  const option = new Option(flags, description);
  const settingName = settingNames.find((name) => name === option.name());
  if (settingName !== undefined) option.argParser(setting(settingName));
  if (option.name() === 'api-key-file') option.argParser(fileName);
  return option.name() === 'output' ? option.choices(outputForms) : option;
}

/** Reads the options that every command has. */
export function parseGlobals(flags: Flags): GlobalOptions {
  const sandbox = flags['sandbox'] === true;
  if (sandbox && flags['apiBase'] !== undefined) {
    throw new UsageError('--sandbox and --api-base name two services', { hint: 'give one of them' });
  }
  return {
    profile: text(flags, 'profile'),
    given: givenSettings(flags),
    keyFile: text(flags, 'apiKeyFile'),
    sandbox,
    output: outputForms.find((form) => form === flags['output']),
    fields: fieldsOf(text(flags, 'fields')),
    csvBom: csvBomOf(flags),
    quiet: flags['quiet'] === true,
    verbose: flags['verbose'] === true,
    colour: flags['color'] !== false,
    progress: flags['progress'] !== false,
    input: flags['input'] !== false,
    insecureHttp: flags['insecureHttp'] === true,
  };
}

/** Settings by the name that commander gives their option; a key is never taken from an argument. */
const settingFlags: Readonly<Record<string, SettingName>> = {
  apiBase: 'api-base',
  userId: 'user-id',
  appId: 'app-id',
  timeout: 'timeout',
  retries: 'retries',
  rps: 'rps',
  concurrency: 'concurrency',
  caCert: 'ca-cert',
};

function givenSettings(flags: Flags): SettingValues {
  const given = Object.entries(settingFlags).map(([flag, name]) => [name, text(flags, flag)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function csvBomOf(flags: Flags): boolean {
  const csvBom = flags['csvBom'] === true;
  if (csvBom && flags['output'] !== 'csv') throw new UsageError('`--csv-bom` is only supported with `-o csv`');
  return csvBom;
}

function fieldsOf(list: string | undefined): readonly string[] | undefined {
  if (list === undefined) return undefined;
  const fields = list.split(',').map((field) => field.trim());
  if (fields.some((field) => field === '' || field.split('.').includes(''))) {
    throw new UsageError(`--fields '${list}' has an empty path`, { hint: 'for example --fields id,status.code' });
  }
  return fields;
}

/** The value of an option that takes a text. */
export function text(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
}

/** The value of an option that takes a number. */
export function number(flags: Flags, name: string): number | undefined {
  const value = flags[name];
  return typeof value === 'number' ? value : undefined;
}

/** The values of an option that may be given again and again. */
export function texts(flags: Flags, name: string): readonly string[] {
  const value = flags[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** For commander: gathers the values of a repeatable option. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** For commander: the name of a file or folder; `''` is an unset variable of a script. */
export function fileName(value: string): string {
  mustHaveNo(value === '' ? 'it names a file or folder' : undefined);
  return value;
}

/** For commander: gathers names of files. */
export function collectFiles(value: string, before: readonly string[] | undefined): readonly string[] {
  return collect(fileName(value), before);
}

/** For commander: gathers ids. */
export function collectIds(value: string, before: readonly string[] | undefined): readonly string[] {
  mustHaveNo(value.trim() === '' ? 'it is an id' : undefined);
  return collect(value, before);
}

/** For commander: a whole number within bounds. */
export function whole(bounds: Bounds): (value: string) => number {
  return (value) => {
    mustHaveNo(wholeProblem(value, bounds));
    return Number(value);
  };
}

/** For commander: a number within bounds. */
export function decimal(bounds: Bounds): (value: string) => number {
  return (value) => {
    mustHaveNo(decimalProblem(value, bounds));
    return Number(value);
  };
}

/** For commander: what a saved setting of this name may be as well. */
function setting(name: SettingName): (value: string) => string {
  return (value) => {
    mustHaveNo(settingProblem(name, value));
    return value;
  };
}

function mustHaveNo(problem: string | undefined): void {
  if (problem === undefined) return;
  throw new InvalidArgumentError(`${problem.slice(0, 1).toUpperCase()}${problem.slice(1)}.`);
}
