import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from '../api/decode.js';
import type { Context } from '../context.js';
import { LocalError, UsageError } from '../errors.js';

/** Settings that a profile can hold, named as the options are. */
export const settingNames = [
  'api-key',
  'user-id',
  'app-id',
  'api-base',
  'timeout',
  'retries',
  'rps',
  'concurrency',
  'ca-cert',
] as const;
export type SettingName = (typeof settingNames)[number];

/** Where a value came from, first one wins. */
export type Origin = 'option' | 'environment' | 'profile' | 'default' | 'sandbox';

export interface Setting {
  readonly value: string;
  readonly origin: Origin;
}

export type Settings = Readonly<Partial<Record<SettingName, Setting>>>;

/** Where the service is, unless told otherwise. */
export const defaultApiBase = 'https://api.clarifai.com';

/** Variables by setting; the first that is set and not empty counts. */
const variables: Readonly<Partial<Record<SettingName, readonly string[]>>> = {
  'api-key': ['CLARIFAI_PAT', 'CLARIFAI_API_KEY'],
  'user-id': ['CLARIFAI_USER_ID'],
  'app-id': ['CLARIFAI_APP_ID'],
  'api-base': ['CLARIFAI_API_BASE'],
};

const defaults: Settings = {
  'api-base': { value: defaultApiBase, origin: 'default' },
  timeout: { value: '60', origin: 'default' },
  retries: { value: '5', origin: 'default' },
  rps: { value: '15', origin: 'default' },
  concurrency: { value: '4', origin: 'default' },
};

/** What a running sandbox sets in place of environment and profile. */
export type SandboxSettings = Readonly<Partial<Record<SettingName, string>>>;

/** What says which service, as whom, on which app. */
const ofTheService = new Set<SettingName>(['api-key', 'api-base', 'user-id', 'app-id']);

/** Option, then environment, then profile, then default; a sandbox sets key, base, user and app of the middle two aside. */
export async function resolveSettings(
  given: Readonly<Partial<Record<SettingName, string>>>,
  profileName: string | undefined,
  context: Context,
  sandbox?: SandboxSettings,
): Promise<Settings> {
  const profile = await readProfile(profileName ?? context.env['CLARIFAI_INPUTS_PROFILE'], context);
  const environment: Readonly<Partial<Record<SettingName, string>>> = Object.fromEntries(
    settingNames.map((name) => [name, fromEnvironment(name, context)]),
  );
  const settings = settingNames.flatMap((name) => {
    const aside = sandbox !== undefined && ofTheService.has(name);
    const saved = aside ? [] : [found(environment[name], 'environment'), found(profile[name], 'profile')];
    const layers = [found(given[name], 'option'), ...saved, found(sandbox?.[name], 'sandbox'), defaults[name]];
    const setting = layers.find((layer) => layer !== undefined);
    return setting === undefined ? [] : [[name, setting] as const];
  });
  return Object.fromEntries(settings);
}

function found(value: string | undefined, origin: Origin): Setting | undefined {
  return value === undefined || value === '' ? undefined : { value, origin };
}

function fromEnvironment(name: SettingName, context: Context): string | undefined {
  return variables[name]?.map((variable) => context.env[variable]).find((text) => text !== undefined && text !== '');
}

/** The folder of the profiles' file. */
export function configFolder(context: Context): string {
  const { env, homeDir, platform } = context;
  const own = env['XDG_CONFIG_HOME'] ?? '';
  if (own !== '') return join(own, 'clarifai-inputs');
  const appData = env['APPDATA'] ?? '';
  if (platform === 'win32' && appData !== '') return join(appData, 'clarifai-inputs');
  return join(homeDir, '.config', 'clarifai-inputs');
}

/** The folder of the sandbox's state. */
export function sandboxFolder(context: Context): string {
  const { env, homeDir, platform } = context;
  const own = env['XDG_DATA_HOME'] ?? '';
  if (own !== '') return join(own, 'clarifai-inputs', 'sandbox');
  const appData = env['LOCALAPPDATA'] ?? '';
  if (platform === 'win32' && appData !== '') return join(appData, 'clarifai-inputs', 'sandbox');
  return join(homeDir, '.local', 'share', 'clarifai-inputs', 'sandbox');
}

type Profile = Readonly<Partial<Record<SettingName, string>>>;

/** The named profile, else the one in use, as saved by `config`: plain JSON, so reading it costs no library. */
async function readProfile(name: string | undefined, context: Context): Promise<Profile> {
  const path = join(configFolder(context), 'config.json');
  const file = await readConfig(path);
  const inUse = file?.['profile'];
  const wanted = name ?? (typeof inUse === 'string' ? inUse : 'default');
  const profiles = file?.['profiles'];
  const profile = isObject(profiles) && Object.hasOwn(profiles, wanted) ? profiles[wanted] : undefined;
  if (!isObject(profile)) {
    if (name === undefined) return {};
    throw new UsageError(`no profile '${wanted}' in ${path}`, { hint: "'clarifai-inputs config init' makes one" });
  }
  return Object.fromEntries(
    settingNames.flatMap((setting) => {
      const value = profile[setting];
      return typeof value === 'string' ? [[setting, value]] : [];
    }),
  );
}

async function readConfig(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new LocalError(`${path}: can't be read`, { cause: error });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // told below, without the text: it may hold a key
  }
  throw new LocalError(`${path}: not the JSON that 'config' writes`, { hint: 'mend or remove the file' });
}
