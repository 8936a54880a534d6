import { ApiError, UnavailableError } from '../../api/errors.js';
import { configPath, readProfiles } from '../../core/settings/profiles.js';
import { settingProblem, shownValue, type SettingName, type SettingValues } from '../../core/settings/names.js';
import { chosenProfile, savedProfile, settingsFrom, type Settings } from '../../core/settings/settings.js';
import { exitCodes, UsageError, type CliError, type ExitCode } from '../../errors.js';
import { promptText, promptSecret, confirm } from '../../render/prompts.js';
import { sanitizeForTerminal, shellWord } from '../../render/text.js';
import { findVendorContext } from '../../core/settings/vendor-context.js';
import { saveValues } from './save.js';
import { openService } from '../../session/open-client.js';
import { canPrompt, type Session } from '../../session/session.js';

/** Asks for key, user and app, tries them, and saves them with the options given as a profile. */
export async function runInit(session: Session): Promise<ExitCode> {
  if (!canPrompt(session)) {
    throw new UsageError('config init requires a terminal', {
      hint: "'clarifai-inputs config set api-key - < FILE', 'clarifai-inputs config set app-id ID', or CLARIFAI_PAT",
    });
  }
  const { context, options } = session;
  const profiles = readProfiles(context);
  const { name } = chosenProfile(profiles, options.profile, context);
  const profile = savedProfile(profiles, name, context);
  const { current: vendor } = await findVendorContext(options.given, options.profile, context);
  const settingsWith = (given: SettingValues): Settings => settingsFrom({ given, profile, vendor }, context);
  const known = settingsWith(options.given);
  session.messages.info(
    `profile ${sanitizeForTerminal(name)}, in ${sanitizeForTerminal(configPath(context))}, for ${sanitizeForTerminal(known['api-base']?.value ?? '')}`,
  );
  for (;;) {
    const values = { ...options.given, ...(await promptSettings(known, session)) };
    const problem = await verifySettings(settingsWith({ ...quickSettings, ...values }), session);
    if (problem !== undefined) {
      session.messages.fail(problem);
      if (await confirm('Enter them again?', context, true)) continue;
      if (!(await confirm('Save them anyway?', context))) {
        session.messages.info('nothing saved');
        return problem.exitCode;
      }
    }
    return await save(values, name, session);
  }
}

/** A person waits for the answer. */
const quickSettings: SettingValues = { retries: '1' };

/** The text typed; an empty answer keeps the current value. */
async function promptSettings(known: Settings, { context }: Session): Promise<SettingValues> {
  const valid =
    (name: SettingName) =>
    (value: string): true | string => {
      if (value.trim() !== '') return settingProblem(name, value.trim()) ?? true;
      return name !== 'api-key' || known[name] !== undefined || 'the service requires a key';
    };
  const question = (what: string, name: SettingName, otherwise: string): string => {
    const value = known[name]?.value;
    if (value === undefined) return `${what} (${otherwise}):`;
    const place = known[name]?.origin === 'context' ? `, from ${known[name].from ?? ''}` : '';
    return `${what} (empty: ${sanitizeForTerminal(shownValue(name, value) + place)}):`;
  };
  const typed = {
    'api-key': await promptSecret(question('API key', 'api-key', 'a personal access token'), context, valid('api-key')),
    'user-id': await promptText(question('User ID', 'user-id', "empty: the key's owner"), context, valid('user-id')),
    'app-id': await promptText(question('App ID', 'app-id', "empty: the key's app"), context, valid('app-id')),
  };
  return Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== ''));
}

/** Asks the service for the app's counts: undefined if key and app are good, else what it said. */
export async function verifySettings(settings: Settings, session: Session): Promise<CliError | undefined> {
  session.messages.info('checking credentials…');
  const service = await openService({ ...session, settings: () => settings });
  try {
    await service.countInputs();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError || error instanceof UnavailableError) return error;
    throw error;
  } finally {
    await service.close();
  }
}

async function save(values: SettingValues, profile: string, session: Session): Promise<ExitCode> {
  if (Object.keys(values).length === 0) {
    session.messages.info('nothing changed, nothing saved');
    return exitCodes.ok;
  }
  await saveValues(values, profile, session);
  const option = profile === 'default' ? '' : ` --profile ${shellWord(profile)}`;
  session.messages.info(`now: clarifai-inputs add ./photos${option}`);
  return exitCodes.ok;
}
