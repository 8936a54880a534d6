import { InvalidArgumentError, type Command } from 'commander';
import type { SettingName } from '../core/settings.js';
import { UsageError } from '../errors.js';
import { outputForms, type OutputForm } from '../render/output-forms.js';

/** Raw values as commander hands them over; each goes through a parser before anything else sees it. */
export type Flags = Readonly<Record<string, unknown>>;

/** What the options of every command come to. */
export interface GlobalOptions {
  readonly profile: string | undefined;
  readonly given: Readonly<Partial<Record<SettingName, string>>>;
  /** A file with the key, or `-` for stdin. */
  readonly keyFile: string | undefined;
  readonly sandbox: boolean;
  /** Undefined where no form was asked for. */
  readonly output: OutputForm | undefined;
  readonly fields: readonly string[] | undefined;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly colour: boolean;
  readonly progress: boolean;
  /** False: never prompt. */
  readonly input: boolean;
  readonly insecureHttp: boolean;
}

/** Declares the options that every command has, before and after its name. */
export function addGlobalOptions(program: Command): void {
  program
    .option('--profile <name>', 'saved profile to use')
    .option('--api-base <url>', 'where the service is')
    .option('--api-key-file <file>', 'file that holds the key, - for stdin')
    .option('--user-id <id>', 'owner of the app (default: me)')
    .option('--app-id <id>', 'the app')
    .option('--sandbox', 'run against the built-in local server: no account, no network')
    .option('-o, --output <form>', outputForms.join(', '), choice('output', outputForms))
    .option('--fields <paths>', 'paths in the JSON to print, such as id,status.code')
    .option('-q, --quiet', 'stderr holds errors alone')
    .option('-v, --verbose', 'a line on stderr for each request')
    .option('--no-color', 'no colours')
    .option('--no-progress', 'no bars')
    .option('--no-input', 'never prompt')
    .option('--timeout <seconds>', 'for one answer, and for a pause while sending', decimal({ min: 0.001 }))
    .option('--retries <n>', 'further tries of a request', whole({ min: 0, max: 100 }))
    .option('--rps <n>', 'requests a second, 0 = no limit', decimal({ min: 0 }))
    .option('--concurrency <n>', 'batches in flight', whole({ min: 1, max: 64 }))
    .option('--ca-cert <file>', 'further certificate authorities to trust, PEM')
    .option('--insecure-http', 'allow plain http to other machines');
}

/** Reads the options that every command has. */
export function parseGlobals(flags: Flags): GlobalOptions {
  const sandbox = flags['sandbox'] === true;
  if (sandbox && flags['apiBase'] !== undefined) {
    throw new UsageError('--sandbox and --api-base name two services', { hint: 'give one of them' });
  }
  const given: Partial<Record<SettingName, string>> = {};
  const setting = (name: SettingName, flag: string): void => {
    const value = text(flags, flag) ?? number(flags, flag)?.toString();
    if (value !== undefined) given[name] = value;
  };
  setting('api-base', 'apiBase');
  setting('user-id', 'userId');
  setting('app-id', 'appId');
  setting('timeout', 'timeout');
  setting('retries', 'retries');
  setting('rps', 'rps');
  setting('concurrency', 'concurrency');
  setting('ca-cert', 'caCert');
  return {
    profile: text(flags, 'profile'),
    given,
    keyFile: text(flags, 'apiKeyFile'),
    sandbox,
    output: outputForms.find((form) => form === flags['output']),
    fields: fieldsOf(text(flags, 'fields')),
    quiet: flags['quiet'] === true,
    verbose: flags['verbose'] === true,
    colour: flags['color'] !== false,
    progress: flags['progress'] !== false,
    input: flags['input'] !== false,
    insecureHttp: flags['insecureHttp'] === true,
  };
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

/** For commander: a whole number within bounds. */
export function whole(bounds: { readonly min: number; readonly max?: number }): (value: string) => number {
  return (value) => {
    if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError('It takes a whole number.');
    return within(Number(value), bounds);
  };
}

/** For commander: a number within bounds. */
export function decimal(bounds: { readonly min: number; readonly max?: number }): (value: string) => number {
  return (value) => {
    if (!/^\d{1,15}(\.\d+)?$|^\.\d+$/.test(value)) throw new InvalidArgumentError('It takes a number.');
    return within(Number(value), bounds);
  };
}

function within(value: number, { min, max = Infinity }: { readonly min: number; readonly max?: number }): number {
  if (value < min) throw new InvalidArgumentError(`It is at least ${min}.`);
  if (value > max) throw new InvalidArgumentError(`It is at most ${max}.`);
  return value;
}

/** For commander: one of some words. */
export function choice(name: string, words: readonly string[]): (value: string) => string {
  return (value) => {
    if (words.includes(value)) return value;
    throw new InvalidArgumentError(`--${name} is one of ${words.join(', ')}.`);
  };
}
