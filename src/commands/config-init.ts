import { AccountError } from '../api/failures.js';
import { countInputs } from '../api/inputs.js';
import { changeProfiles, configPath, readProfiles, withSetting, type Profiles } from '../core/profiles.js';
import { settingProblem, type SettingName, type SettingValues } from '../core/setting-names.js';
import { chosenProfile, settingsFrom } from '../core/settings.js';
import { CliError, exitCodes, UsageError, type ExitCode } from '../errors.js';
import { failureText } from '../render/failure.js';
import { asked, confirmed, askedSecret } from '../render/prompts.js';
import { plain, shellWord } from '../render/text.js';
import { openClient } from './open-client.js';
import { canPrompt, type Session } from './session.js';

/** Asks for key, user and app, tries them, and saves them as a profile. */
export async function runInit(session: Session): Promise<ExitCode> {
  mustBeAbleToAsk(session);
  const { context, options } = session;
  const { name } = chosenProfile(readProfiles(context), options.profile, context);
  context.stderr.write(`profile ${plain(name)}, saved in ${plain(configPath(context))}\n`);
  for (;;) {
    const values = await answers(session);
    const problem = await tried(values, session);
    if (problem === undefined) return await save(values, name, session);
    context.stderr.write(failureText(problem, { json: false, verbose: options.verbose }));
    if (await confirmed('Enter them again?', context, true)) continue;
    if (problem instanceof AccountError || !(await confirmed('Save them unchecked?', context))) {
      context.stderr.write('nothing saved\n');
      return problem.exitCode;
    }
    return await save(values, name, session);
  }
}

function mustBeAbleToAsk(session: Session): void {
  if (session.options.sandbox) {
    throw new UsageError('the sandbox needs no key: there is nothing to set up', {
      hint: 'clarifai-inputs --sandbox add ./photos',
    });
  }
  if (canPrompt(session)) return;
  throw new UsageError('config init asks, and there is nobody to ask', {
    hint: "'clarifai-inputs config set api-key - < FILE', 'clarifai-inputs config set app-id ID', or CLARIFAI_PAT",
  });
}

async function answers({ context, options }: Session): Promise<SettingValues> {
  const valid =
    (name: SettingName) =>
    (value: string): true | string =>
      (value.trim() === '' ? undefined : settingProblem(name, value.trim())) ?? true;
  const key = await askedSecret('Personal access token or app key:', context, valid('api-key'));
  const user = await asked('User id (empty: me, the owner of the token):', context, valid('user-id'));
  const app = await asked('App id (empty: the app that the key belongs to):', context, valid('app-id'));
  return {
    ...options.given,
    ...(key !== '' && { 'api-key': key }),
    ...(user !== '' && { 'user-id': user }),
    ...(app !== '' && { 'app-id': app }),
  };
}

/** Asks the service for the app's counts: undefined if key and app are good. */
async function tried(values: SettingValues, session: Session): Promise<CliError | undefined> {
  const { context, options } = session;
  const settings = settingsFrom({ given: values, profile: undefined, sandbox: undefined }, context);
  try {
    const client = await openClient({ context, options, settings });
    try {
      await countInputs(client);
      return undefined;
    } finally {
      await client.close();
    }
  } catch (error) {
    if (error instanceof CliError && !context.stopping.aborted) return error;
    throw error;
  }
}

async function save(values: SettingValues, profile: string, { context }: Session): Promise<ExitCode> {
  const withAll = (profiles: Profiles): Profiles =>
    Object.entries(values).reduce((all, [name, value]) => {
      const setting = savable.find((one) => one === name);
      return setting === undefined ? all : withSetting(all, profile, setting, value);
    }, profiles);
  await changeProfiles(context, withAll);
  const option = profile === 'default' ? '' : ` --profile ${shellWord(profile)}`;
  context.stderr.write(`saved as profile ${plain(profile)}; now: clarifai-inputs add ./photos${option}\n`);
  return exitCodes.ok;
}

/** What this command asks for, and what says where the service is. */
const savable = ['api-key', 'user-id', 'app-id', 'api-base'] as const satisfies readonly SettingName[];
