import { isIPv6 } from 'node:net';
import { rootCertificates } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import type { Dispatcher } from 'undici';
import { UsageError } from '../../errors.js';

export interface ConnectionOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** Further certificate authorities, PEM. */
  readonly ca: readonly string[];
  /** A host that no proxy stands before, whatever the environment says: the embedded server's. */
  readonly direct?: string | undefined;
}

/** Idle connections are closed after this; servers often do so after 5 s, and a request must not race that. */
const keepAliveMs = 4000;

/**
 * For V8: undici parses answers by WebAssembly, which is fast enough as it is compiled at once. Optimizing it would
 * take another 34 MiB and 0.1 s of CPU in each run.
 */
const parserFlag = '--liftoff-only';

/** The pool of connections, through a proxy where the environment names one; only that needs the whole of undici. */
export async function openDispatcher(options: ConnectionOptions): Promise<Dispatcher> {
  setFlagsFromString(parserFlag);
  const tls = options.ca.length === 0 ? {} : { ca: [...rootCertificates, ...options.ca] };
  const common = { connect: { timeout: options.timeoutMs, ...tls }, keepAliveTimeout: keepAliveMs };
  const httpProxy = variable(options.env, 'http_proxy');
  const httpsProxy = variable(options.env, 'https_proxy');
  if (httpProxy === undefined && httpsProxy === undefined) {
    const { Agent } = await import('./agent.js');
    return new Agent(common);
  }
  const [{ EnvHttpProxyAgent }, { ProxyPool }] = await Promise.all([import('undici'), import('./proxy-pool.js')]);
  try {
    return new EnvHttpProxyAgent({
      ...common,
      requestTls: tls,
      proxyTls: tls,
      clientFactory: (origin, own) => new ProxyPool(origin, { ...own, headersTimeout: options.timeoutMs }),
      ...(httpProxy !== undefined && { httpProxy }),
      ...(httpsProxy !== undefined && { httpsProxy }),
      noProxy: exceptions(options),
    });
  } catch {
    // the cause would show the proxy's password
    throw new UsageError('HTTP_PROXY or HTTPS_PROXY is not a usable URL', { hint: 'for example http://proxy:3128' });
  }
}

/** Hosts that no proxy stands before, as undici reads them: `*` alone means all, and IPv6 has brackets. */
function exceptions({ env, direct }: ConnectionOptions): string {
  const hosts = (variable(env, 'no_proxy') ?? '').split(/[,\s]+/).filter((host) => host !== '');
  if (hosts.includes('*')) return '*';
  return [...hosts, ...(direct === undefined ? [] : [direct])]
    .map((host) => (isIPv6(host) ? `[${host}]` : host))
    .join(',');
}

/**
 * The proxy that the environment names for requests to a URL, without what may be secret in it; `NO_PROXY` may still
 * except the host.
 */
export function proxyFor(url: URL, env: ConnectionOptions['env']): string | undefined {
  const names = url.protocol === 'https:' ? ['https_proxy', 'http_proxy'] : ['http_proxy'];
  for (const name of names) {
    const proxy = variable(env, name);
    if (proxy !== undefined) return URL.canParse(proxy) ? `${name.toUpperCase()} (${new URL(proxy).host})` : name;
  }
  return undefined;
}

/** Both spellings, the lower-case one first as curl does; empty is the same as unset. */
function variable(env: ConnectionOptions['env'], name: string): string | undefined {
  return [env[name], env[name.toUpperCase()]].find((value) => value !== undefined && value !== '');
}

/**
 * The base of all paths: the host, and the app if one is known.
 *
 * @throws UsageError for what is no http(s) URL, holds a password, or is plain http to another machine
 */
export function baseUrl(options: {
  readonly apiBase: string;
  readonly userId: string | undefined;
  readonly appId: string | undefined;
  readonly insecureHttp: boolean;
}): URL {
  const { userId, appId } = options;
  const url = usableBase(options.apiBase, options.insecureHttp);
  const prefix = url.pathname.replace(/\/+$/, '').replace(/\/v2$/, '');
  const owner = encodeURIComponent(userId ?? 'me');
  const app = appId === undefined ? '' : `/users/${owner}/apps/${encodeURIComponent(appId)}`;
  return new URL(`${url.origin}${prefix}/v2${app}`);
}

function usableBase(apiBase: string, insecureHttp: boolean): URL {
  if (!URL.canParse(apiBase)) throw new UsageError('the API base is not a URL', { hint: 'https://api.clarifai.com' });
  const url = new URL(apiBase);
  if (url.username !== '' || url.password !== '') throw new UsageError('the API base may not hold a password');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new UsageError(`the API base is ${url.protocol}, not http or https`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !insecureHttp) {
    throw new UsageError(`plain http to ${url.host} would show the key to everyone on the way`, {
      hint: 'use https, or --insecure-http if you mean it',
    });
  }
  return url;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
