import { configPath, changeProfiles, readProfiles, withSetting } from '../../core/settings/profiles.js';
import { settingNames, settingProblem, shownValue, type SettingName, withScheme } from '../../core/settings/names.js';
import { chosenProfile, NoSuchProfileError, type Setting } from '../../core/settings/settings.js';
import { exitCodes, UsageError, type ExitCode } from '../../errors.js';
import type { Column } from '../../render/output/record-format.js';
import { RecordWriter } from '../../render/output/record-writer.js';
import { promptSecret } from '../../render/prompts.js';
import { sanitizeForTerminal } from '../../render/text.js';
import type { JsonObject } from '../../wire/json.js';
import { runInit, verifySettings } from './init.js';
import { saveValues } from './save.js';
import type { ConfigRequest } from './command.js';
import { canPrompt, outputForm, type Session } from '../../session/session.js';
import { keyText } from '../../session/option-files.js';
import { appText, assertApiBase } from '../../session/service-url.js';

/** Reads and changes what is saved; only `init` asks the service anything. */
export async function runConfig(request: ConfigRequest, session: Session): Promise<ExitCode> {
  const { context, out } = session;
  if (session.options.sandbox) assertOnlyReads(request);
  switch (request.verb) {
    case 'init':
      return await runInit(session);
    case 'set':
      await set(request.name, request.value, session);
      break;
    case 'unset':
      await unset(request.name, session);
      break;
    case 'use':
      await use(request.profile, session);
      break;
    case 'get':
      await out.write(`${shownValue(request.name, valueOf(request.name, session).value)}\n`);
      break;
    case 'list':
      await list(session);
      break;
    case 'check':
      await check(session);
      break;
    case 'path':
      await out.write(`${configPath(context)}\n`);
      break;
  }
  return exitCodes.ok;
}

function assertOnlyReads({ verb }: ConfigRequest): void {
  if (verb === 'get' || verb === 'list') return;
  throw new UsageError(`the sandbox needs no profile: "config ${verb}" has nothing to do`, {
    hint: 'clarifai-inputs --sandbox add ./photos',
  });
}

/** The profile that a change goes into: one that is not there yet is made. */
function profileOf({ context, options }: Session): string {
  return chosenProfile(readProfiles(context), options.profile, context).name;
}

async function set(name: SettingName, given: string, session: Session): Promise<void> {
  const value = name === 'api-key' ? await newKey(session) : given;
  const problem = settingProblem(name, value);
  if (problem !== undefined) throw new UsageError(`${name} is not usable: ${problem}`);
  if (name === 'api-base') {
    const { insecureHttp } = session.options;
    assertApiBase(withScheme(value), { insecureHttp });
  }
  await saveValues({ [name]: value }, profileOf(session), session);
}

/** From stdin; typed at a terminal it would be shown. */
async function newKey(session: Session): Promise<string> {
  if (!canPrompt(session)) return await keyText('-', 'config set api-key', session);
  return await promptSecret('API key:', session.context, (key) => settingProblem('api-key', key.trim()) ?? true);
}

async function unset(name: SettingName, session: Session): Promise<void> {
  const { context } = session;
  const profile = profileOf(session);
  const saved = readProfiles(context).byName.get(profile);
  if (saved === undefined || !Object.hasOwn(saved, name)) {
    session.messages.info(`profile ${sanitizeForTerminal(profile)} has no ${name}`);
    return;
  }
  await changeProfiles(context, (profiles) => withSetting(profiles, profile, name, undefined));
  session.messages.info(`removed ${name} from profile ${sanitizeForTerminal(profile)}`);
}

async function use(profile: string, session: Session): Promise<void> {
  const { context } = session;
  const profiles = readProfiles(context);
  if (!profiles.byName.has(profile)) throw new NoSuchProfileError(profile, profiles, context);
  await changeProfiles(context, (all) => ({ ...all, inUse: profile }));
  session.messages.info(`switched to profile ${sanitizeForTerminal(profile)}`);
}

function valueOf(name: SettingName, session: Session): Setting {
  const setting = session.settings()[name];
  if (setting === undefined) {
    throw new UsageError(`${name} is not set`, {
      hint: `clarifai-inputs config set ${name} ${name === 'api-key' ? '-' : 'VALUE'}`,
    });
  }
  return setting;
}

const columns: readonly Column[] = ['name', 'value', 'origin', 'from'].map((name) => ({
  name,
  value: (record) => record[name],
}));

/** Throws what the service said of the key or the app, with its exit code. */
async function check(session: Session): Promise<void> {
  const settings = session.settings();
  const problem = await verifySettings(settings, session);
  if (problem !== undefined) throw problem;
  const { value = '', from = '' } = settings['api-key'] ?? {};
  const key = `key ${shownValue('api-key', value)} from ${from}`;
  session.messages.info(`${sanitizeForTerminal(key)} is accepted; it can read the inputs ${appText(session)}`);
}

async function list(session: Session): Promise<void> {
  const { out, options } = session;
  const settings = session.settings();
  const form = outputForm(session);
  if (form === 'ids') throw new UsageError('settings have no IDs', { hint: 'use -o json' });
  const writer = new RecordWriter(out, { form, fields: options.fields, columns });
  const records = settingNames.flatMap((name): readonly JsonObject[] => {
    const setting = settings[name];
    if (setting === undefined) return [];
    const { value, origin, from = null } = setting;
    return [{ name, value: shownValue(name, value), origin, from }];
  });
  await writer.write(records);
  await writer.end();
}
