import { baseUrl, originUrl } from '../api/network/base-url.js';
import { sanitizeForTerminal } from '../render/text.js';
import type { Session } from './session.js';

/** Where requests go, the app's prefix included. Throws UsageError. */
export function serviceUrl({ settings: resolve, options }: Pick<Session, 'settings' | 'options'>): URL {
  const settings = resolve();
  return baseUrl({
    apiBase: settings['api-base']?.value ?? '',
    userId: settings['user-id']?.value,
    appId: settings['app-id']?.value,
    insecureHttp: options.insecureHttp,
  });
}

/** Where gRPC is asked. Throws UsageError, for a base with a path too. */
export function serviceOrigin({ settings, options }: Pick<Session, 'settings' | 'options'>): URL {
  return originUrl({ apiBase: settings()['api-base']?.value ?? '', insecureHttp: options.insecureHttp });
}

/** Throws UsageError if no service can be at this address. */
export function assertApiBase(apiBase: string, { insecureHttp }: { readonly insecureHttp: boolean }): void {
  baseUrl({ apiBase, userId: undefined, appId: undefined, insecureHttp });
}

/** A request's whole path, as a plan shows it. */
export function requestPath(session: Session, path: string): string {
  return serviceUrl(session).pathname + path;
}

/** Which app, as a question before something is lost names it: `of app 'demo' at api.clarifai.com`. Throws UsageError. */
export function appText(session: Pick<Session, 'settings' | 'options'>): string {
  const { host } = serviceUrl(session);
  const app = session.settings()['app-id']?.value;
  return app === undefined ? `of the key's app at ${host}` : `of app '${sanitizeForTerminal(app)}' at ${host}`;
}
