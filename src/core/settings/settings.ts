import type { Context } from '../../context.js';
import { UsageError } from '../../errors.js';
import type { JsonObject } from '../../wire/json.js';
import { configPath, defaultProfile, readProfiles, type Profiles } from './profiles.js';
import {
  settingNames,
  settingProblem,
  withScheme,
  type NamedValues,
  type SettingName,
  type SettingValues,
} from './names.js';

/** Where a value came from, first one wins. */
export type Origin = 'option' | 'environment' | 'profile' | 'context' | 'default' | 'sandbox';

export interface Setting {
  readonly value: string;
  readonly origin: Origin;
  /** Which variable, profile or context it was; undefined for what is built in, and for an option. */
  readonly from: string | undefined;
}

export type Settings = Readonly<Partial<Record<SettingName, Setting>>>;

/** Variables by setting; the first that is set and not empty counts. */
export const variables: Readonly<Partial<Record<SettingName, readonly string[]>>> = {
  'api-key': ['CLARIFAI_PAT', 'CLARIFAI_API_KEY'],
  'user-id': ['CLARIFAI_USER_ID'],
  'app-id': ['CLARIFAI_APP_ID'],
  'api-base': ['CLARIFAI_API_BASE'],
  transport: ['CLARIFAI_INPUTS_TRANSPORT'],
};
/** The variable that names the profile. */
export const profileVariable = 'CLARIFAI_INPUTS_PROFILE';

const defaults: SettingValues = {
  'api-base': 'https://api.clarifai.com',
  transport: 'rest',
  timeout: '60',
  retries: '5',
  rps: '15',
  concurrency: '4',
};

/** The settings that select a service, a user and an app. */
const ofTheService = new Set<SettingName>(['api-key', 'api-base', 'user-id', 'app-id']);

/** The sources that settings come from. */
export interface SettingSources {
  readonly given: SettingValues;
  /** Undefined: none is saved. */
  readonly profile: NamedValues | undefined;
  /** The current context of the vendor's command line, for when nothing else gives a key. */
  readonly vendor?: NamedValues | undefined;
  /** Settings of a running sandbox, in place of environment, profile and context. */
  readonly sandbox?: SettingValues | undefined;
}

/**
 * Option, then environment, then profile, then the vendor's context, then default; a sandbox sets key, base, user and
 * app of the middle three aside. The context's key goes to no base but its own.
 *
 * @throws UsageError for a variable whose value can't be one
 */
export function settingsFrom(sources: SettingSources, context: Context): Settings {
  const counting = hasOwnService(sources, context) ? { ...sources, vendor: undefined } : sources;
  return Object.fromEntries(
    settingNames.flatMap((name) => {
      const setting = withBaseScheme(name, settingFrom(counting, name, context));
      return setting === undefined ? [] : [[name, setting] as const];
    }),
  );
}

/** True if option, environment or profile say which key or which service to use. */
function hasOwnService({ given, profile }: SettingSources, context: Context): boolean {
  const isGiven = (name: SettingName): boolean => [given[name], profile?.values[name]].some((value) => value);
  return (['api-key', 'api-base'] as const).some((name) => isGiven(name) || variableFor(name, context) !== undefined);
}

/**
 * True if the key is to be looked for in the vendor's context: nothing else says which key, service or profile to use.
 * False where the profiles can't be read, which is told once the settings are asked for.
 */
export function needsVendorContext(given: SettingValues, profileName: string | undefined, context: Context): boolean {
  try {
    const profiles = readProfiles(context);
    const choice = chosenProfile(profiles, profileName, context);
    if (choice.by === 'option' || choice.by === 'environment') return false;
    return !hasOwnService({ given, profile: savedProfile(profiles, choice.name, context) }, context);
  } catch {
    return false;
  }
}

function settingFrom(sources: SettingSources, name: SettingName, context: Context): Setting | undefined {
  const { given, profile, vendor, sandbox } = sources;
  const aside = sandbox !== undefined && ofTheService.has(name);
  return (
    nonEmptySetting(given[name], 'option') ??
    (aside ? undefined : savedSetting(profile, name, context)) ??
    nonEmptySetting(sandbox?.[name], 'sandbox') ??
    fromVendor(vendor, name) ??
    nonEmptySetting(defaults[name], 'default')
  );
}

function fromVendor(vendor: NamedValues | undefined, name: SettingName): Setting | undefined {
  return vendor && nonEmptySetting(vendor.values[name], 'context', `clarifai context "${vendor.name}"`);
}

function savedSetting(profile: SettingSources['profile'], name: SettingName, context: Context): Setting | undefined {
  return fromEnvironment(name, context) ?? nonEmptySetting(profile?.values[name], 'profile', profile?.name);
}

/** An API base gets its scheme; every other value stays as it is. */
function withBaseScheme(name: SettingName, setting: Setting | undefined): Setting | undefined {
  return name === 'api-base' && setting !== undefined ? { ...setting, value: withScheme(setting.value) } : setting;
}

function nonEmptySetting(value: string | undefined, origin: Origin, from?: string): Setting | undefined {
  return value === undefined || value === '' ? undefined : { value, origin, from };
}

function fromEnvironment(name: SettingName, context: Context): Setting | undefined {
  const variable = variableFor(name, context);
  const value = variable === undefined ? undefined : context.env[variable];
  const problem = value === undefined ? undefined : problemOf(name, value);
  if (problem !== undefined) throw new UsageError(`${name} in variable ${variable} is not usable: ${problem}`);
  return nonEmptySetting(value, 'environment', variable);
}

/** The variable that sets this, if one does: it wins over any profile. */
export function variableFor(name: SettingName, context: Context): string | undefined {
  return variables[name]?.find((variable) => (context.env[variable] ?? '') !== '');
}

/** The settings of a run, as `settingsFrom` puts them together. Throws UsageError, LocalError. */
export function resolveSettings(
  given: SettingValues,
  profileName: string | undefined,
  context: Context,
  others: Pick<SettingSources, 'sandbox' | 'vendor'> = {},
): Settings {
  const profiles = readProfiles(context);
  const choice = chosenProfile(profiles, profileName, context);
  if (!profiles.byName.has(choice.name) && choice.by !== 'default') {
    throw new NoSuchProfileError(choice.name, profiles, context);
  }
  return settingsFrom({ given, profile: savedProfile(profiles, choice.name, context), ...others }, context);
}

/**
 * The settings with a profile that alone says which service, user and app: options and variables that do are set aside.
 *
 * @throws UsageError if no profile has that name, LocalError
 */
export function resolveProfile(name: string, given: SettingValues, context: Context): Settings {
  const others = Object.fromEntries(settingNames.filter(isOfNoService).map((setting) => [setting, given[setting]]));
  const serviceVariables = [...ofTheService].flatMap((setting) => variables[setting] ?? []);
  const env = { ...context.env, ...Object.fromEntries(serviceVariables.map((variable) => [variable, undefined])) };
  return resolveSettings(definedValues(others), name, { ...context, env });
}

function isOfNoService(name: SettingName): boolean {
  return !ofTheService.has(name);
}

function definedValues(values: Readonly<Record<string, string | undefined>>): SettingValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The values of a profile; undefined if no profile has that name. Throws UsageError for an invalid value. */
export function savedProfile(profiles: Profiles, name: string, context: Context): SettingSources['profile'] {
  const saved = profiles.byName.get(name);
  return saved && { name, values: profileValues(name, saved, context) };
}

export interface ProfileChoice {
  readonly name: string;
  readonly by: 'option' | 'environment' | 'file' | 'default';
}

/** Which profile counts, whether it exists or not. */
export function chosenProfile(profiles: Profiles, option: string | undefined, context: Context): ProfileChoice {
  if (option !== undefined) return { name: option, by: 'option' };
  const variable = context.env[profileVariable] ?? '';
  if (variable !== '') return { name: variable, by: 'environment' };
  if (profiles.inUse !== undefined) return { name: profiles.inUse, by: 'file' };
  return { name: defaultProfile, by: 'default' };
}

/** The profile that was asked for does not exist. */
export class NoSuchProfileError extends UsageError {
  /** Names of the existing profiles. */
  readonly others: readonly string[];

  constructor(name: string, profiles: Profiles, context: Context) {
    super(`no profile '${name}' in ${configPath(context)}`);
    this.others = [...profiles.byName.keys()];
  }
}

/** A profile holds a value that its setting can't have. */
export class SavedValueError extends UsageError {
  readonly setting: SettingName;
  readonly profile: string;

  constructor(setting: SettingName, profile: string, message: string) {
    super(message);
    this.setting = setting;
    this.profile = profile;
  }
}

/** The values of a profile. Throws SavedValueError for an invalid value that was written into the file by hand. */
function profileValues(profile: string, saved: JsonObject, context: Context): SettingValues {
  const entries = settingNames.flatMap((name) => {
    const value = Object.hasOwn(saved, name) ? saved[name] : undefined;
    if (value === undefined) return [];
    const text = typeof value === 'number' ? String(value) : value;
    const problem = typeof text === 'string' ? problemOf(name, text) : 'must be text';
    if (typeof text !== 'string' || problem !== undefined) {
      const place = `profile '${profile}' in ${configPath(context)}`;
      throw new SavedValueError(name, profile, `${name} in ${place} is not usable: ${problem}`);
    }
    return [[name, text] as const];
  });
  return Object.fromEntries(entries);
}

/** What is wrong with a value; the key is looked at where it is needed. */
function problemOf(name: SettingName, value: string): string | undefined {
  return name === 'api-key' || value === '' ? undefined : settingProblem(name, value);
}
