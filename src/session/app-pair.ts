import type { InputsService } from '../api/service.js';
import { settingProblem, type SettingName } from '../core/settings/names.js';
import { resolveProfile, type Settings } from '../core/settings/settings.js';
import { UsageError } from '../errors.js';
import { openServices } from './open-client.js';
import { serviceUrl } from './service-url.js';
import type { Session } from './session.js';

/** Two apps that a command works on, each as a session of its own. */
export interface AppPair {
  readonly from: Session;
  readonly to: Session;
  close(): Promise<void>;
}

const profilePrefix = 'profile:';

/**
 * Opens two apps, each given as `[USER/]APP` with the settings of the command, or as `profile:NAME` with its own.
 *
 * @throws UsageError for what names no app, and for one app given twice; MissingKeyError
 */
export async function openAppPair(given: { from: string; to: string }, session: Session): Promise<AppPair> {
  const from = appSession(given.from, session);
  const to = appSession(given.to, session);
  if (serviceUrl(from).href === serviceUrl(to).href) {
    throw new UsageError(`'${given.from}' and '${given.to}' are the same app`, { hint: 'specify two apps' });
  }
  const services = await openServices(from, to);
  return {
    from: withService(from, services.from),
    to: withService(to, services.to),
    close: async () => {
      await Promise.all([services.from.close(), services.to.close()]);
    },
  };
}

function withService(session: Session, service: InputsService): Session {
  return { ...session, service: () => Promise.resolve(service) };
}

function appSession(text: string, session: Session): Session {
  if (text.startsWith(profilePrefix)) return profileSession(text.slice(profilePrefix.length), session);
  const settings = { ...session.settings(), ...parseApp(text) };
  return { ...session, settings: () => settings };
}

/** A sandbox that the command runs with is another service than that of a profile. */
function profileSession(name: string, session: Session): Session {
  const { options, context } = session;
  const settings = resolveProfile(name, options.given, context);
  return { ...session, settings: () => settings, options: { ...options, sandbox: false } };
}

function parseApp(text: string): Settings {
  const parts = text.split('/');
  const appId = parts.at(-1) ?? '';
  const userId = parts.length > 1 ? parts.slice(0, -1).join('/') : undefined;
  assertId('app-id', appId, text);
  if (userId === undefined) return { 'app-id': { value: appId, origin: 'option', from: text } };
  assertId('user-id', userId, text);
  return {
    'app-id': { value: appId, origin: 'option', from: text },
    'user-id': { value: userId, origin: 'option', from: text },
  };
}

function assertId(name: SettingName, value: string, text: string): void {
  if (settingProblem(name, value) === undefined) return;
  throw new UsageError(`'${text}' is not an app`, { hint: 'write APP, USER/APP or profile:NAME' });
}
