import { statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../errors.js';
import type { Context } from '../../context.js';
import { isObject, valueAt, type JsonObject } from '../../wire/json.js';
import { savedText } from './profiles.js';
import { needsVendorContext } from './settings.js';
import { settingProblem, type NamedValues, type SettingName, type SettingValues } from './names.js';

/** What the settings of the vendor's own command line give. */
export interface VendorReading {
  /** Its current context; undefined without one, or without a key in it. */
  readonly current: NamedValues | undefined;
  /** What is wrong with the file, each a sentence for a person; no text of the file is in it, but names. */
  readonly problems: readonly string[];
}

/** What a context holds, by setting; each also in lower case and without the prefix. Source: the vendor's SDK. */
const names: readonly (readonly [setting: SettingName, name: string])[] = [
  ['api-key', 'PAT'],
  ['user-id', 'USER_ID'],
  ['api-base', 'API_BASE'],
];

/** Stand-ins for no value: to be read from the environment, a placeholder, logged out. */
const unset = new Set(['ENVVAR', '_empty_', '']);

/** Where the vendor's command line keeps its contexts, on every system. */
export function vendorConfigPath({ homeDir }: Context): string {
  return join(homeDir, '.config', 'clarifai', 'config');
}

/**
 * The current context of the vendor's command line, if the key is to be looked for there. Its file is never changed.
 *
 * @param profileName - the profile that was asked for
 */
export async function findVendorContext(
  given: SettingValues,
  profileName: string | undefined,
  context: Context,
): Promise<VendorReading> {
  if (!needsVendorContext(given, profileName, context)) return { current: undefined, problems: [] };
  return await readVendorContext(context);
}

async function readVendorContext(context: Context): Promise<VendorReading> {
  const path = vendorConfigPath(context);
  let text: string | undefined;
  try {
    text = savedText(path);
  } catch (error) {
    return { current: undefined, problems: [messageOf(error)] };
  }
  if (text === undefined) return { current: undefined, problems: [] };
  const { current, problem } = currentOf(await parseYaml(text));
  const problems = problem === undefined ? [] : [`${path}: ${problem}`];
  if (current !== undefined && context.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    problems.push(`${path} holds a key that others can read; run: chmod 600 ${path}`);
  }
  return { current, problems };
}

type Parsed = { readonly file: unknown } | { readonly problem: string };

async function parseYaml(text: string): Promise<Parsed> {
  const { parseDocument } = await import('yaml');
  // all scalars stay text: an id may look like a number
  const document = parseDocument(text, { schema: 'failsafe' });
  const [error] = document.errors;
  if (error !== undefined) {
    const [start] = error.linePos ?? [];
    const place = start === undefined ? '' : ` at line ${start.line}, column ${start.col}`;
    return { problem: `not valid YAML${place}` };
  }
  try {
    const file: unknown = document.toJS();
    return { file };
  } catch {
    return { problem: 'not valid YAML: its aliases expand too far' };
  }
}

interface Current {
  readonly current?: NamedValues;
  readonly problem?: string;
}

function currentOf(parsed: Parsed): Current {
  if ('problem' in parsed) return parsed;
  const file = isObject(parsed.file) ? parsed.file : {};
  const { current_context: name } = file;
  if (typeof name !== 'string' || unset.has(name)) return {};
  const found = valueAt(file, ['contexts', name]);
  if (!isObject(found)) return { problem: `its current context '${name}' is not there` };
  const values = valuesOf(found);
  if (values['api-key'] === undefined) return {};
  const problem = problemOf(values);
  return problem === undefined ? { current: { name, values } } : { problem: `context '${name}': ${problem}` };
}

function valuesOf(context: JsonObject): SettingValues {
  return Object.fromEntries(
    names.flatMap(([setting, variable]) => {
      const value = valueOf(context, variable);
      return value === undefined ? [] : [[setting, value] as const];
    }),
  );
}

/** Of all but the key, which is looked at where it is needed. */
function problemOf(values: SettingValues): string | undefined {
  for (const setting of ['user-id', 'api-base'] as const) {
    const value = values[setting];
    const problem = value === undefined ? undefined : settingProblem(setting, value);
    if (problem !== undefined) return `${setting} is not usable: ${problem}`;
  }
  return undefined;
}

function valueOf(context: JsonObject, variable: string): string | undefined {
  const { env } = context;
  const variables = isObject(env) ? { ...env, ...context } : context;
  const texts = [variables[`CLARIFAI_${variable}`], variables[variable.toLowerCase()]];
  return texts.find((text): text is string => typeof text === 'string' && !unset.has(text));
}
