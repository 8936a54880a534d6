import type { App } from '../state/records.js';

/** The part of an app's name that a part of a request gives. */
export interface NamedApp {
  readonly user: string | undefined;
  readonly app: string | undefined;
}

/** Whose inputs a key without any other word is for; `me` is the same user. */
const ownApp: App = { user: 'sandbox', app: 'sandbox' };

/** The app that a request is about: of each half, the first name that is given. */
export function chooseApp(named: readonly NamedApp[]): App {
  const user = named.find((one) => one.user !== undefined)?.user ?? ownApp.user;
  const app = named.find((one) => one.app !== undefined)?.app ?? ownApp.app;
  return { user: user === 'me' ? ownApp.user : user, app };
}
