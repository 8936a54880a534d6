import { errorCode } from '../../errors.js';
import { request as httpRequest, type ClientRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { rootCertificates } from 'node:tls';

export interface TunnelOptions {
  readonly proxy: URL;
  /** Where the tunnel leads to: `api.clarifai.com:443`. */
  readonly authority: string;
  /** Further certificate authorities that may vouch for the proxy, PEM. */
  readonly ca: readonly string[];
  readonly signal: AbortSignal;
}

/** Asks a proxy for a tunnel (RFC 9110, section 9.3.6); its password is sent to it and shown to nobody. */
export async function openTunnel({ proxy, authority, ca, signal }: TunnelOptions): Promise<Duplex> {
  const hostname = proxy.hostname.replace(/^\[|\]$/g, '');
  const options: RequestOptions = {
    method: 'CONNECT',
    hostname,
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    path: authority,
    headers: { host: authority, ...credentialsOf(proxy) },
    agent: false,
    signal,
  };
  if (proxy.protocol === 'http:') return await connected(httpRequest(options));
  const trusted = ca.length === 0 ? {} : { ca: [...rootCertificates, ...ca] };
  const servername = isIP(hostname) === 0 ? { servername: hostname } : {};
  return await connected(httpsRequest({ ...options, ...trusted, ...servername }));
}

async function connected(request: ClientRequest): Promise<Duplex> {
  return await new Promise((resolve, reject) => {
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(new Error(`the proxy answered ${response.statusCode ?? 0} when it was asked for a tunnel`));
      }
    });
    request.once('error', (error) => {
      const hungUp = errorCode(error) === 'ECONNRESET';
      reject(hungUp ? new Error('the proxy hung up when it was asked for a tunnel', { cause: error }) : error);
    });
    request.end();
  });
}

function credentialsOf({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
