import { rootCertificates } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import type { Dispatcher } from 'undici';
import { listExceptions, readProxies, unusableProxy, type ProxyOptions } from '../network/proxies.js';

export interface ConnectionOptions extends ProxyOptions {
  readonly timeoutMs: number;
  /** Further certificate authorities, PEM. */
  readonly ca: readonly string[];
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
  const { http: httpProxy, https: httpsProxy } = readProxies(options.env);
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
      noProxy: listExceptions(options),
    });
  } catch {
    throw unusableProxy();
  }
}
