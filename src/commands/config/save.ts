import { resolve } from 'node:path';
import { changeProfiles, withSetting } from '../../core/settings/profiles.js';
import { settingNames, type SettingValues } from '../../core/settings/names.js';
import { variableFor } from '../../core/settings/settings.js';
import { sanitizeForTerminal } from '../../render/text.js';
import type { Session } from '../../session/session.js';

/** Saves values in a profile, which is made if it is not there, and names the variables that win over them here. */
export async function saveValues(values: SettingValues, profile: string, session: Session): Promise<void> {
  const { context } = session;
  const names = settingNames.filter((name) => values[name] !== undefined);
  await changeProfiles(context, (profiles) =>
    names.reduce((all, name) => {
      const value = values[name];
      // the file is meant, from whichever folder it is used later
      const saved = name === 'ca-cert' && value !== undefined ? resolve(context.cwd, value) : value;
      return withSetting(all, profile, name, saved);
    }, profiles),
  );
  session.messages.info(`saved ${names.join(', ')} in profile ${sanitizeForTerminal(profile)}`);
  for (const name of names) {
    const variable = variableFor(name, context);
    if (variable !== undefined) session.messages.info(`note: variable ${variable} is set, and overrides ${name}`);
  }
}
