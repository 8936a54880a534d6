import { chmodSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isObject, type Json, type JsonObject } from '../../wire/json.js';
import type { Context } from '../../context.js';
import { errorCode, LocalError, messageOf } from '../../errors.js';
import { configFolder } from './folders.js';
import type { SettingName } from './names.js';
import { makeFolder } from '../files/make-folder.js';

/** The saved profiles. Maps, so that a profile may have any name at all. */
export interface Profiles {
  /** The profile in use, if one was chosen. */
  readonly inUse: string | undefined;
  readonly byName: ReadonlyMap<string, JsonObject>;
  /** Unknown contents of the file; kept as they are. */
  readonly rest: JsonObject;
}

/** The profile that counts while none is chosen. */
export const defaultProfile = 'default';

const folderMode = 0o700;
const fileMode = 0o600;

/** Where the profiles are saved. */
export function configPath(context: Context): string {
  return join(configFolder(context), 'config.json');
}

/** Reads the profiles; plain JSON, so that it costs no library. Throws LocalError for a file that is damaged. */
export function readProfiles(context: Context): Profiles {
  const path = configPath(context);
  const text = savedText(path);
  if (text === undefined) return { inUse: undefined, byName: new Map(), rest: {} };
  const profiles = profilesIn(text);
  if (profiles !== undefined) return profiles;
  throw new LocalError(`${path}: not the JSON that 'config' writes`, { hint: 'fix or remove the file' });
}

/** The text of a file of settings; undefined if it is not there. Throws LocalError. */
export function savedText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new LocalError(`${path}: can't be read: ${messageOf(error)}`, { cause: error });
  }
}

/** Undefined for anything but profiles; its text is never shown, since it may hold a key. */
function profilesIn(text: string): Profiles | undefined {
  const file = parseProfiles(text.replace(/^\ufeff/, ''));
  if (!isObject(file)) return undefined;
  const { profile, profiles = {}, ...rest } = file;
  if (!isObject(profiles) || (profile !== undefined && typeof profile !== 'string')) return undefined;
  const entries = Object.entries(profiles).flatMap(([name, one]) => (isObject(one) ? [[name, one] as const] : []));
  if (entries.length < Object.keys(profiles).length) return undefined;
  return { inUse: profile, byName: new Map(entries), rest };
}

function parseProfiles(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The profiles with a value set, or taken out of where it was. */
export function withSetting(
  profiles: Profiles,
  profile: string,
  name: SettingName,
  value: string | undefined,
): Profiles {
  const others = Object.entries(profiles.byName.get(profile) ?? {}).filter(([key]) => key !== name);
  const changed = value === undefined ? others : [...others, [name, value]];
  return { ...profiles, byName: new Map([...profiles.byName, [profile, Object.fromEntries(changed)]]) };
}

/**
 * Changes what is saved. The file is read anew for it, and replaced as a whole; it and its folder are the owner's alone.
 *
 * @throws LocalError for a damaged file, which stays as it is, and for one that can't be written
 */
export async function changeProfiles(context: Context, change: (profiles: Profiles) => Profiles): Promise<void> {
  const { default: Conf } = await import('conf');
  const { inUse, byName, rest } = change(readProfiles(context));
  const path = configPath(context);
  try {
    makeFolder(dirname(path), folderMode);
    chmodSync(dirname(path), folderMode);
    const conf = new Conf<Record<string, Json>>({
      cwd: dirname(path),
      configName: 'config',
      fileExtension: 'json',
      configFileMode: fileMode,
      serialize: (store) => `${JSON.stringify(store, undefined, 2)}\n`,
    });
    conf.store = { ...rest, ...(inUse !== undefined && { profile: inUse }), profiles: Object.fromEntries(byName) };
  } catch (error) {
    throw new LocalError(`${path}: can't be written: ${messageOf(error)}`, { cause: error });
  }
}
