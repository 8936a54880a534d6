import { ApiBaseError } from '../errors.js';

/**
 * The base of all paths: the host, and the app if one is known.
 *
 * @throws ApiBaseError if it is not an http(s) URL, contains a password, or is plain http to another machine
 */
export function baseUrl(options: {
  readonly apiBase: string;
  readonly userId: string | undefined;
  readonly appId: string | undefined;
  readonly insecureHttp: boolean;
}): URL {
  const { userId, appId } = options;
  const url = parseBase(options.apiBase, options.insecureHttp);
  const prefix = url.pathname.replace(/\/+$/, '').replace(/\/v2$/, '');
  const owner = encodeURIComponent(userId ?? 'me');
  const app = appId === undefined ? '' : `/users/${owner}/apps/${encodeURIComponent(appId)}`;
  return new URL(`${url.origin}${prefix}/v2${app}`);
}

/**
 * Where gRPC is asked: the host alone, since its paths are its own.
 *
 * @throws UsageError as `baseUrl` does, and for a base with a path
 */
export function originUrl(options: { readonly apiBase: string; readonly insecureHttp: boolean }): URL {
  const url = parseBase(options.apiBase, options.insecureHttp);
  if (!/^\/+(?:v2\/*)?$/.test(url.pathname)) {
    throw new ApiBaseError(`the API base has the path ${url.pathname}, where gRPC has none`, 'path-over-grpc');
  }
  return new URL(url.origin);
}

function parseBase(apiBase: string, insecureHttp: boolean): URL {
  if (!URL.canParse(apiBase)) throw new ApiBaseError('the API base is not a URL', 'not-a-url');
  const url = new URL(apiBase);
  if (url.username !== '' || url.password !== '') throw new ApiBaseError('the API base must not contain a password');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new ApiBaseError(`the API base is ${url.protocol}, not http or https`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !insecureHttp) {
    throw new ApiBaseError(`plain http to ${url.host} would expose the key`, 'plain-http');
  }
  return url;
}

/** True for this machine: what is sent there stays on it. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
