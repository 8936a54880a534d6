import { transports, type SettingValues } from '../core/settings/names.js';
import { UsageError } from '../errors.js';
import { outputForms, type OutputForm } from '../render/output/output-forms.js';
import type { RowValues } from './option-rows.js';
import { assertOnlyOne, assertOnlyWith } from './option-rules.js';

/**
 * Options that every command has, before and after its name: flags and description. An option that is named as a
 * setting takes what that setting takes. A table, and no chain of calls: the help shows it without loading commander.
 */
export const globalOptions = [
  ['--profile <profile>', 'saved profile to use'],
  ['--api-base <url>', 'base URL of the API'],
  ['--transport <name>', `protocol to use: ${transports.join(', ')} (default: rest)`],
  ['--api-key-file <file>', 'file that contains the key; - for stdin'],
  ['--user-id <id>', 'owner of the app (default: me)'],
  ['--app-id <id>', 'ID of the app'],
  ['--sandbox', 'use the built-in local server: no account, no network'],
  ['-o, --output <form>', `output format: ${outputForms.join(', ')}`],
  ['--fields <names>', 'columns or JSON paths, such as id,url,status.code'],
  ['--csv-bom', 'begin CSV with a byte order mark, for Excel'],
  ['-q, --quiet', 'print only errors to stderr'],
  ['-v, --verbose', 'print each request to stderr'],
  ['--no-color', 'disable colors'],
  ['--no-progress', 'disable progress bars'],
  ['--no-input', 'never prompt'],
  ['--timeout <seconds>', 'timeout per response, and for a stalled upload'],
  ['--retries <n>', 'retries per request'],
  ['--rps <n>', 'maximum requests per second (0: no limit)'],
  ['--concurrency <n>', 'concurrent requests'],
  ['--ca-cert <file>', 'additional certificate authorities to trust (PEM)'],
  ['--insecure-http', 'allow plain http to other machines'],
] as const;

export type GlobalValues = RowValues<(typeof globalOptions)[number]>;

/** The parsed global options. */
export interface GlobalOptions extends MessageOptions {
  readonly profile: string | undefined;
  /** Settings given as options; a key is never taken from an argument. */
  readonly given: SettingValues;
  /** A file with the key, or `-` for stdin. */
  readonly keyFile: string | undefined;
  readonly sandbox: boolean;
  readonly fields: readonly string[] | undefined;
  /** True to begin CSV with a byte order mark. */
  readonly csvBom: boolean;
  readonly progress: boolean;
  /** False: never prompt. */
  readonly input: boolean;
  readonly insecureHttp: boolean;
}

/** How everything on stderr is told; it can be read even where the other options make no sense together. */
export interface MessageOptions {
  /** Undefined where no form was asked for. */
  readonly output: OutputForm | undefined;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly colour: boolean;
}

/** Reads how to tell things. Never throws, since an error in the other options is told this way. */
export function parseMessageOptions(values: GlobalValues): MessageOptions {
  return {
    output: outputForms.find((form) => form === values.output),
    quiet: values.quiet === true,
    verbose: values.verbose === true,
    colour: values.color,
  };
}

/** Reads the options that every command has. Throws UsageError. */
export function parseGlobals(values: GlobalValues): GlobalOptions {
  const sandbox = values.sandbox === true;
  assertOnlyOne({ '--sandbox': sandbox, '--api-base': values.apiBase !== undefined });
  const csvBom = values.csvBom === true;
  assertOnlyWith({ '--csv-bom': csvBom }, { '-o csv': values.output === 'csv' });
  return {
    ...parseMessageOptions(values),
    profile: values.profile,
    given: parseSettings(values),
    keyFile: values.apiKeyFile,
    sandbox,
    fields: parseFields(values.fields),
    csvBom,
    progress: values.progress,
    input: values.input,
    insecureHttp: values.insecureHttp === true,
  };
}

function parseSettings(values: GlobalValues): SettingValues {
  const given: { readonly [Name in keyof SettingValues]: string | undefined } = {
    'api-base': values.apiBase,
    'user-id': values.userId,
    'app-id': values.appId,
    transport: values.transport,
    timeout: values.timeout,
    retries: values.retries,
    rps: values.rps,
    concurrency: values.concurrency,
    'ca-cert': values.caCert,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function parseFields(list: string | undefined): readonly string[] | undefined {
  if (list === undefined) return undefined;
  const fields = list.split(',').map((field) => field.trim());
  if (fields.some((field) => field === '' || field.split('.').includes(''))) {
    throw new UsageError(`--fields '${list}' has an empty path`, { hint: 'for example --fields id,status.code' });
  }
  return fields;
}
