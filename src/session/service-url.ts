import { baseUrl, originUrl } from '../api/network/base-url.js';
import type { Session } from './session.js';

/** Where requests go, the app's prefix included. Throws UsageError. */
export function serviceUrl({ settings, options }: Pick<Session, 'settings' | 'options'>): URL {
  return baseUrl({
    apiBase: settings['api-base']?.value ?? '',
    userId: settings['user-id']?.value,
    appId: settings['app-id']?.value,
    insecureHttp: options.insecureHttp,
  });
}

/** Where gRPC is asked. Throws UsageError, for a base with a path too. */
export function serviceOrigin({ settings, options }: Pick<Session, 'settings' | 'options'>): URL {
  return originUrl({ apiBase: settings['api-base']?.value ?? '', insecureHttp: options.insecureHttp });
}

/** A request's whole path, as a plan shows it. */
export function requestPath(session: Session, path: string): string {
  return serviceUrl(session).pathname + path;
}
