import { errorCode } from '../../errors.js';
import { Pool, type Dispatcher } from 'undici';

type Options = Parameters<Pool['connect']>[0];

/**
 * The way to a proxy, for tunnels through it. One that hangs up when it is asked for a tunnel is asked again and again
 * by undici, without an end and deaf to signals: it takes the error for a connection's that broke off while idle. With
 * an error of our own it gives up, and the request fails like any other.
 */
export class ProxyPool extends Pool {
  override connect(options: Options, callback: (error: Error | null, data: Dispatcher.ConnectData) => void): void;
  override connect(options: Options): Promise<Dispatcher.ConnectData>;
  override connect(
    options: Options,
    callback?: (error: Error | null, data: Dispatcher.ConnectData) => void,
  ): Promise<Dispatcher.ConnectData> | undefined {
    if (callback === undefined) return super.connect(options).catch(rethrowProxyError);
    super.connect(options, callback);
    return undefined;
  }
}

/** Certificate errors keep their code, by which they are told. */
function rethrowProxyError(cause: unknown): never {
  const code = errorCode(cause);
  if (code !== 'UND_ERR_SOCKET' && code !== 'UND_ERR_HEADERS_TIMEOUT') throw cause;
  const what = code === 'UND_ERR_SOCKET' ? 'hung up' : 'did not answer in time';
  throw new Error(`the proxy ${what} when it was asked for a tunnel`, { cause });
}
