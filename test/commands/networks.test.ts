import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, createServer as createTlsListener, rootCertificates } from 'node:tls';
import { execFile } from 'node:child_process';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fixture, openWorld, testKey, type World } from '../harness.js';

const cert = fixture('tls', 'cert.pem');
/** A name of the certificate that no machine has: only the proxy of a test leads to it. */
const remote = 'service.invalid';

async function portOf(t: TestContext, server: Server, host = '127.0.0.1'): Promise<number> {
  await once(server.listen(0, host), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

/** The world's service behind TLS, with a certificate that no authority vouches for; tells its port. */
async function tlsPort(t: TestContext, world: World, host?: string): Promise<number> {
  const keys = { cert: readFileSync(cert), key: readFileSync(fixture('tls', 'key.pem')) };
  const server = createTlsListener({ ...keys, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    const { hostname, port } = new URL(world.proxy.url);
    const upstream = connect(Number(port), hostname);
    for (const one of [upstream, socket]) one.on('error', () => undefined);
    socket.pipe(upstream).pipe(socket);
    t.after(() => socket.destroy());
  });
  await once(server.listen(0, host ?? '127.0.0.1'), 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

/** A proxy that tunnels, and tells to where. */
async function openProxy(t: TestContext): Promise<{ readonly url: string; readonly tunnels: string[] }> {
  const server = createHttpServer();
  const tunnels = tunnelling(server);
  return { url: `http://127.0.0.1:${await portOf(t, server)}`, tunnels };
}

function tunnelling(server: Server): string[] {
  const tunnels: string[] = [];
  server.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    const { port } = new URL(`http://${request.url ?? ''}`);
    const upstream = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    for (const one of [upstream, socket]) one.on('error', () => undefined);
  });
  return tunnels;
}

test('a server whose certificate nobody vouches for gets one try and no request', async (t) => {
  const world = await openWorld(t);
  const env = { CLARIFAI_API_BASE: `https://127.0.0.1:${await tlsPort(t, world)}` };
  const result = await world.cli(['list'], { env });
  assert.deepEqual([result.code, result.requests.length, world.clock.sleeps.length], [6, 0, 0]);
  assert.match(result.stderr, /certificate is not trusted.*\nhint: .*--ca-cert FILE or NODE_EXTRA_CA_CERTS/);
  const add = await world.cli(['add', fixture('photos', 'fruit')], { env });
  assert.deepEqual([add.code, add.requests.length], [6, 0]);
  assert.match(add.stderr, /\b4 unsent$/m);
});

test('--ca-cert trusts a further authority, in addition to those that are known', async (t) => {
  const world = await openWorld(t);
  const port = await tlsPort(t, world);
  for (const host of ['127.0.0.1', 'localhost']) {
    const env = { CLARIFAI_API_BASE: `https://${host}:${port}` };
    const result = await world.cli(['list', '--ca-cert', cert], { env });
    assert.deepEqual([result.code, result.requests.length], [0, 1], result.stderr);
  }
  const missing = await world.cli(['list', '--ca-cert', 'none.pem']);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /--ca-cert none\.pem/);
});

test('NODE_EXTRA_CA_CERTS is honoured', async (t) => {
  const world = await openWorld(t);
  const bin = fileURLToPath(new URL('../../bin/clarifai-inputs.js', import.meta.url));
  const env = {
    CLARIFAI_API_BASE: `https://localhost:${await tlsPort(t, world)}`,
    CLARIFAI_PAT: testKey,
    NODE_EXTRA_CA_CERTS: cert,
    XDG_CONFIG_HOME: world.dir,
  };
  const { stdout } = await promisify(execFile)(process.execPath, [bin, 'status', '-o', 'json'], { env });
  assert.match(stdout, /"processed":0/);
});

/** Node 22.23 finds no IPv6 address in any certificate: the server is reached, and not trusted. */
const codeOverIPv6 =
  checkServerIdentity('::1', new X509Certificate(readFileSync(cert)).toLegacyObject()) === undefined ? 0 : 6;

test('an address of IPv6 is reached', async (t) => {
  const world = await openWorld(t);
  const host = `[::1]:${await tlsPort(t, world, '::1')}`;
  const result = await world.cli(['list', '--ca-cert', cert], { env: { CLARIFAI_API_BASE: `https://${host}` } });
  assert.equal(result.code, codeOverIPv6, result.stderr);
  for (const { headers } of result.requests) assert.equal(headers[':authority'] ?? headers.host, host);
  if (codeOverIPv6 !== 0) assert.match(result.stderr, /certificate is not trusted/);
});

test('requests go through the proxy that the environment names, TLS inside', async (t) => {
  const world = await openWorld(t);
  const proxy = await openProxy(t);
  const host = `${remote}:${await tlsPort(t, world)}`;
  for (const name of ['HTTPS_PROXY', 'https_proxy']) {
    const env = { CLARIFAI_API_BASE: `https://${host}`, [name]: proxy.url };
    const result = await world.cli(['list', '--ca-cert', cert], { env });
    assert.deepEqual([result.code, proxy.tunnels.splice(0)], [0, [host]], result.stderr);
  }
});

const hostile: Readonly<Record<string, { readonly answer: (socket: Duplex) => void; readonly told: RegExp }>> = {
  'hangs up': {
    answer: (socket) => socket.destroy(),
    told: /the proxy hung up when it was asked for a tunnel \(2 attempts\)/,
  },
  'never answers': {
    answer: () => undefined,
    told: /no answer within 0\.2 s \(2 attempts\)|did not answer in time \(2 attempts\)/,
  },
  refuses: {
    answer: (socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'),
    told: /Proxy response \(403\).* \(2 attempts\)|the proxy answered 403 when it was asked for a tunnel \(2 attempts\)/,
  },
};

for (const [name, { answer, told }] of Object.entries(hostile)) {
  test(`a proxy that ${name} is tried as often as a service that does`, async (t) => {
    const world = await openWorld(t);
    const server = createHttpServer();
    let tunnels = 0;
    server.on('connect', (_, socket) => {
      tunnels += 1;
      t.after(() => socket.destroy());
      answer(socket);
    });
    const proxy = `http://ann:canary-secret@127.0.0.1:${await portOf(t, server)}`;
    const env = { HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
    for (const base of [`http://${remote}:9`, `https://${remote}:9`]) {
      tunnels = 0;
      const words = ['list', '--api-base', base, '--insecure-http', '--retries', '1', '--timeout', '0.2', '-v'];
      const { code, stderr } = await world.cli(words, { env });
      assert.deepEqual([code, tunnels], [6, 2], stderr);
      assert.match(stderr, told);
      assert.match(stderr, /hint: .*the proxy of HTTPS?_PROXY/);
      assert.doesNotMatch(stderr, /canary-secret/);
    }
  });
}

test('a proxy behind a private authority is trusted by --ca-cert', async (t) => {
  const world = await openWorld(t);
  const host = `${remote}:${await tlsPort(t, world)}`;
  const server = createTlsServer({ cert: readFileSync(cert), key: readFileSync(fixture('tls', 'key.pem')) });
  const tunnels = tunnelling(server);
  const env = { CLARIFAI_API_BASE: `https://${host}`, HTTPS_PROXY: `https://localhost:${await portOf(t, server)}` };
  const result = await world.cli(['list', '--ca-cert', cert], { env });
  assert.deepEqual([result.code, tunnels], [0, [host]], result.stderr);
  const untrusted = await world.cli(['list'], { env });
  assert.equal(untrusted.code, 6);
  assert.match(untrusted.stderr, /\nhint: .*the certificate of the proxy of HTTPS_PROXY \(localhost:\d+\)/);
});

test('--ca-cert takes no file without a certificate, and keeps NODE_EXTRA_CA_CERTS', async (t) => {
  const world = await openWorld(t);
  const begin = '-----BEGIN CERTIFICATE-----\n';
  const end = '-----END CERTIFICATE-----\n';
  for (const text of ['', 'junk', `${begin}AAAA\n${end}`, readFileSync(fixture('tls', 'key.pem'), 'utf8')]) {
    world.write('bad.pem', text);
    const { code, stderr, requests } = await world.cli(['list', '--ca-cert', 'bad.pem']);
    assert.deepEqual([code, requests.length], [2, 0]);
    assert.match(stderr, /^error: --ca-cert bad\.pem contains (no|a damaged) certificate\nhint: /);
  }
  world.write('other.pem', rootCertificates[0] ?? '');
  const env = { CLARIFAI_API_BASE: `https://localhost:${await tlsPort(t, world)}`, NODE_EXTRA_CA_CERTS: cert };
  const result = await world.cli(['list', '--ca-cert', 'other.pem'], { env });
  assert.equal(result.code, 0, result.stderr);
});

/** Too short to find out that an address leads nowhere. */
const briefly = ['--retries', '0', '--timeout', '0.2'];

test('NO_PROXY takes an address of IPv6 with and without brackets', async (t) => {
  const world = await openWorld(t);
  const proxy = await openProxy(t);
  for (const list of ['2001:db8::1', '[2001:db8::1]', 'other, 2001:db8::1', 'other,*']) {
    const env = { CLARIFAI_API_BASE: 'https://[2001:db8::1]', HTTPS_PROXY: proxy.url, NO_PROXY: list };
    const result = await world.cli(['list', ...briefly], { env });
    assert.deepEqual([result.code, proxy.tunnels.length], [6, 0], `${list}: ${result.stderr}`);
  }
});

const excepting = [
  remote,
  '.invalid',
  remote.toUpperCase(),
  `other,${remote}`,
  `other ${remote}`,
  '*',
  `${remote}:PORT`,
];

for (const list of excepting) {
  test(`NO_PROXY '${list}' excepts the host`, async (t) => {
    const world = await openWorld(t);
    const proxy = await openProxy(t);
    const env = {
      CLARIFAI_API_BASE: `https://${remote}:8`,
      HTTPS_PROXY: proxy.url,
      NO_PROXY: list.replace('PORT', '8'),
    };
    const result = await world.cli(['list', ...briefly], { env });
    assert.deepEqual([result.code, proxy.tunnels.length], [6, 0], result.stderr);
  });
}

for (const list of ['', 'other', `${remote}:1`, 'service']) {
  test(`NO_PROXY '${list}' does not except the host`, async (t) => {
    const world = await openWorld(t);
    const proxy = await openProxy(t);
    const env = {
      CLARIFAI_API_BASE: `https://${remote}:${await tlsPort(t, world)}`,
      HTTPS_PROXY: proxy.url,
      NO_PROXY: list,
    };
    const result = await world.cli(['list', '--ca-cert', cert], { env });
    assert.deepEqual([result.code, proxy.tunnels.length], [0, 1], result.stderr);
  });
}

test('a service on this machine is never asked through a proxy', async (t) => {
  const world = await openWorld(t);
  const proxy = await openProxy(t);
  const port = await tlsPort(t, world);
  for (const base of [`https://127.0.0.1:${port}`, `https://localhost:${port}`, world.proxy.url]) {
    const env = { CLARIFAI_API_BASE: base, HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, NO_PROXY: 'other' };
    const result = await world.cli(['list', '--ca-cert', cert], { env });
    assert.deepEqual([result.code, proxy.tunnels], [0, []], result.stderr);
  }
});

test('a failure behind a proxy says so, without the password of the proxy', async (t) => {
  const world = await openWorld(t);
  const env = { HTTP_PROXY: 'http://ann:canary-secret@127.0.0.1:9' };
  const words = ['list', '--api-base', `http://${remote}`, '--insecure-http', '--retries', '1', '-v'];
  const result = await world.cli(words, { env });
  assert.equal(result.code, 6);
  assert.match(result.stderr, /hint: .*the proxy of HTTP_PROXY \(127\.0\.0\.1:9\)/);
  assert.doesNotMatch(result.stderr, /canary-secret/);
});

test('an empty variable is none', async (t) => {
  const world = await openWorld(t);
  const result = await world.cli(['list'], { env: { HTTP_PROXY: '', HTTPS_PROXY: '', http_proxy: '' } });
  assert.equal(result.code, 0);
});

test('the sandbox is inside the process: no proxy stands before it', async (t) => {
  const world = await openWorld(t, { env: { CLARIFAI_API_BASE: undefined, HTTP_PROXY: 'http://127.0.0.1:9' } });
  const result = await world.cli(['--sandbox', 'status', '-o', 'json']);
  assert.equal(result.code, 0, result.stderr);
});
