import { baseUrl } from '../api/rest/connection.js';
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

/** Throws UsageError if no service can be at this address. */
export function assertApiBase(apiBase: string, { insecureHttp }: { readonly insecureHttp: boolean }): void {
  baseUrl({ apiBase, userId: undefined, appId: undefined, insecureHttp });
}

/** A request's whole path, as a plan shows it. */
export function requestPath(session: Session, path: string): string {
  return serviceUrl(session).pathname + path;
}
