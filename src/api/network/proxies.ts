import { isIPv6 } from 'node:net';
import { UsageError } from '../../errors.js';

export type Env = Readonly<Record<string, string | undefined>>;

export interface ProxyOptions {
  readonly env: Env;
  /** A host that no proxy stands before, whatever the environment says: one on this machine. */
  readonly direct?: string | undefined;
}

/** The proxies that the environment names, each as it is written there. */
export function readProxies(env: Env): { readonly http: string | undefined; readonly https: string | undefined } {
  return { http: variable(env, 'http_proxy'), https: variable(env, 'https_proxy') };
}

/** Hosts that no proxy stands before, as undici reads them: `*` alone means all, and IPv6 has brackets. */
export function listExceptions({ env, direct }: ProxyOptions): string {
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
export function describeProxy(url: URL, env: Env): string | undefined {
  const found = namedProxy(url, env);
  if (found === undefined) return undefined;
  const { name, value } = found;
  return URL.canParse(value) ? `${name.toUpperCase()} (${new URL(value).host})` : name;
}

/**
 * The proxy to send requests to a URL through, `NO_PROXY` obeyed; undefined for none.
 *
 * @throws UsageError for one that is not a URL
 */
export function findProxy(url: URL, options: ProxyOptions): URL | undefined {
  const found = namedProxy(url, options.env);
  if (found === undefined || isException(url, listExceptions(options))) return undefined;
  const proxy = URL.canParse(found.value) ? new URL(found.value) : undefined;
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return proxy;
  throw unusableProxy();
}

/** Without a cause, which would show the proxy's password. */
export function unusableProxy(): UsageError {
  return new UsageError('HTTP_PROXY or HTTPS_PROXY is not a usable URL', { hint: 'for example http://proxy:3128' });
}

/** Requests over https go through HTTP_PROXY if HTTPS_PROXY is not set, as in undici. */
function namedProxy(url: URL, env: Env): { readonly name: string; readonly value: string } | undefined {
  const names = url.protocol === 'https:' ? ['https_proxy', 'http_proxy'] : ['http_proxy'];
  for (const name of names) {
    const value = variable(env, name);
    if (value !== undefined) return { name, value };
  }
  return undefined;
}

/** A host is excepted by its name, with or without its port, and by the name of a domain that it belongs to. */
function isException({ protocol, hostname, port }: URL, exceptions: string): boolean {
  if (exceptions === '*') return true;
  const ownPort = port || (protocol === 'https:' ? '443' : '80');
  return exceptions.split(',').some((entry) => {
    const [, host = entry, onlyPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
    const name = host.replace(/^\*?\./, '').toLowerCase();
    if (name === '' || (onlyPort !== undefined && onlyPort !== ownPort)) return false;
    return hostname === name || hostname.endsWith(`.${name}`);
  });
}

/** Both spellings, the lower-case one first as curl does; empty is the same as unset. */
function variable(env: Env, name: string): string | undefined {
  return [env[name], env[name.toUpperCase()]].find((value) => value !== undefined && value !== '');
}
