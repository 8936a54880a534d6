import { errorCode } from '../../errors.js';
import { once, type EventEmitter } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect as connectTcp, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, rootCertificates } from 'node:tls';
import { NoHttp2Error } from '../errors.js';

/** Where the service is, and how to get there. */
export interface GrpcTarget {
  /** `https://api.clarifai.com`: no path. */
  readonly origin: URL;
  /** The proxy to tunnel through, if any. */
  readonly proxy: URL | undefined;
  /** Further certificate authorities, PEM. */
  readonly ca: readonly string[];
}

/**
 * Bytes of answers that may be on their way for one request, and for all of a connection. With HTTP/2's own 64 KiB a
 * page of inputs takes a round trip for each 64 KiB of it.
 */
const streamWindowBytes = 4 * 1024 * 1024;
const connectionWindowBytes = 16 * 1024 * 1024;
/** In MB, for Node: far above what our few requests take, since beyond it Node cuts the connection. */
const maxSessionMemory = 1024;

/**
 * Opens a connection and waits until the other side has shown that it speaks HTTP/2: up to then nothing of a request
 * is sent.
 *
 * @throws NoHttp2Error, and whatever the network throws
 */
export async function openSession(target: GrpcTarget, signal: AbortSignal): Promise<ClientHttp2Session> {
  const socket = await openSocket(target, signal);
  const session = connectHttp2(target.origin, {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: streamWindowBytes },
    maxSessionMemory,
  });
  // heard by the requests on it; one that breaks off while idle is of no interest
  session.on('error', () => undefined);
  socket.on('error', () => undefined);
  try {
    await waitFor(session, 'remoteSettings', signal);
  } catch (error) {
    session.destroy();
    socket.destroy();
    throw isForeign(error, socket) ? refuseProtocol(target, error) : error;
  }
  session.setLocalWindowSize(connectionWindowBytes);
  return session;
}

/** Waits for an event of a socket or a session; fails with its error, or once it is closed. */
async function waitFor(emitter: EventEmitter, event: string, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const closed = once(emitter, 'close', { signal: over.signal }).then(() => {
    throw new Error('the connection was closed before it was used');
  });
  try {
    await Promise.race([once(emitter, event, { signal: AbortSignal.any([signal, over.signal]) }), closed]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    closed.catch(() => undefined);
    over.abort();
  }
}

/** Something came, and it was not HTTP/2. */
function isForeign(error: unknown, socket: Duplex): boolean {
  if (errorCode(error) === 'ERR_HTTP2_ERROR') return true;
  return 'bytesRead' in socket && !('alpnProtocol' in socket) && Number(socket.bytesRead) > 0;
}

async function openSocket(target: GrpcTarget, signal: AbortSignal): Promise<Duplex> {
  const { origin, proxy, ca } = target;
  const hostname = origin.hostname.replace(/^\[|\]$/g, '');
  const port = Number(origin.port || (origin.protocol === 'https:' ? 443 : 80));
  signal.throwIfAborted();
  const socket =
    proxy === undefined
      ? connectTcp({ host: hostname, port })
      : await openTunnelTo(`${origin.hostname}:${port}`, { proxy, ca, signal });
  if (proxy === undefined) await waitUntilReady(socket, 'connect', signal);
  return origin.protocol === 'https:' ? await secure(socket, { target, hostname, signal }) : socket;
}

async function openTunnelTo(
  authority: string,
  options: { readonly proxy: URL; readonly ca: readonly string[]; readonly signal: AbortSignal },
): Promise<Duplex> {
  // node:http is read only where there is a proxy
  const { openTunnel } = await import('./tunnel.js');
  return await openTunnel({ ...options, authority });
}

interface SecureOptions {
  readonly target: GrpcTarget;
  readonly hostname: string;
  readonly signal: AbortSignal;
}

async function secure(socket: Duplex, { target, hostname, signal }: SecureOptions): Promise<Duplex> {
  const { ca } = target;
  const secured = connectTls({
    socket,
    ALPNProtocols: ['h2'],
    ...(isIP(hostname) === 0 ? { servername: hostname } : { host: hostname }),
    ...(ca.length > 0 && { ca: [...rootCertificates, ...ca] }),
  });
  try {
    await waitUntilReady(secured, 'secureConnect', signal);
  } catch (error) {
    throw isRefusedAlpn(error) ? refuseProtocol(target, error) : error;
  }
  if (secured.alpnProtocol === 'h2') return secured;
  secured.destroy();
  throw refuseProtocol(target, undefined);
}

/** TLS's own word for it (RFC 7301, section 3.2). */
function isRefusedAlpn(error: unknown): boolean {
  return errorCode(error)?.endsWith('ALERT_NO_APPLICATION_PROTOCOL') === true;
}

async function waitUntilReady(socket: Duplex, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  try {
    await waitFor(socket, event, signal);
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw error;
  }
}

function refuseProtocol({ origin, proxy }: GrpcTarget, cause: unknown): NoHttp2Error {
  const between = proxy === undefined ? '' : `, or the proxy ${proxy.host} on the way there,`;
  return new NoHttp2Error(`${origin.host}${between} does not speak HTTP/2, which gRPC needs`, { cause });
}
