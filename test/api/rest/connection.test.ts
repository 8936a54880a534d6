import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect as connectTo } from 'node:net';
import test, { type TestContext } from 'node:test';
import { baseUrl } from '../../../src/api/network/base-url.js';
import { openDispatcher } from '../../../src/api/rest/connection.js';
import { UsageError } from '../../../src/errors.js';
import { connect } from '../connect.js';

const none = { userId: undefined, appId: undefined, insecureHttp: false };

const bases: readonly (readonly [Parameters<typeof baseUrl>[0], string])[] = [
  [{ apiBase: 'https://api.clarifai.com', ...none }, 'https://api.clarifai.com/v2'],
  [{ apiBase: 'https://api.clarifai.com/', ...none }, 'https://api.clarifai.com/v2'],
  [{ apiBase: 'https://api.clarifai.com/v2/', ...none }, 'https://api.clarifai.com/v2'],
  [{ apiBase: 'https://proxy.example/clarifai', ...none }, 'https://proxy.example/clarifai/v2'],
  [{ apiBase: 'https://h.example', ...none, appId: 'demo' }, 'https://h.example/v2/users/me/apps/demo'],
  [
    { apiBase: 'https://h.example', userId: 'ann', appId: 'demo', insecureHttp: false },
    'https://h.example/v2/users/ann/apps/demo',
  ],
  [
    { apiBase: 'https://h.example', userId: 'a/b', appId: '../x?', insecureHttp: false },
    'https://h.example/v2/users/a%2Fb/apps/..%2Fx%3F',
  ],
  [{ apiBase: 'https://h.example', ...none, userId: 'ann' }, 'https://h.example/v2'],
  [{ apiBase: 'http://localhost:8000', ...none }, 'http://localhost:8000/v2'],
  [{ apiBase: 'http://127.0.0.1:8000', ...none }, 'http://127.0.0.1:8000/v2'],
  [{ apiBase: 'http://[::1]:8000', ...none }, 'http://[::1]:8000/v2'],
  [{ apiBase: 'http://h.example', ...none, insecureHttp: true }, 'http://h.example/v2'],
];

for (const [options, url] of bases) {
  test(`requests of ${JSON.stringify(options)} go below ${url}`, () => {
    assert.equal(baseUrl(options).href, url);
  });
}

const refused = ['', 'api.clarifai.com', 'ftp://h.example', 'https://ann:secret@h.example', 'http://h.example'];
for (const apiBase of [...refused, 'http://127.0.0.1.evil.example', 'http://localhost.evil.example']) {
  test(`'${apiBase}' is not a base for requests`, () => {
    assert.throws(
      () => baseUrl({ apiBase, ...none }),
      (error) => error instanceof UsageError && !error.message.includes('secret'),
    );
  });
}

/** A proxy that tunnels, and counts the tunnels. */
async function openProxy(t: TestContext): Promise<{ readonly url: string; readonly tunnels: string[] }> {
  const tunnels: string[] = [];
  const server = createServer((request, response) => {
    tunnels.push(request.url ?? '');
    response.writeHead(502).end();
  });
  server.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const upstream = connectTo(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { url: `http://127.0.0.1:${address.port}`, tunnels };
}

test('a proxy of the environment is used, but not for what NO_PROXY names', async (t) => {
  const proxy = await openProxy(t);
  for (const [env, tunnels] of [
    [{ HTTP_PROXY: proxy.url }, 1],
    [{ http_proxy: proxy.url }, 1],
    [{ HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' }, 0],
    [{ HTTP_PROXY: '' }, 0],
  ] as const) {
    proxy.tunnels.length = 0;
    const dispatcher = await openDispatcher({ env, timeoutMs: 5000, ca: [] });
    const { world, sender } = await connect(t, { dispatcher });
    await sender.send({ method: 'GET', path: '/inputs' });
    assert.equal(world.requests.length, 1);
    assert.equal(proxy.tunnels.length, tunnels, JSON.stringify(env));
    await sender.close();
  }
});

test('a proxy that is not a URL is a usage error that hides its password', async () => {
  await assert.rejects(
    openDispatcher({ env: { HTTPS_PROXY: 'http://ann:secret@:bad' }, timeoutMs: 5000, ca: [] }),
    (error) => error instanceof UsageError && !error.message.includes('secret'),
  );
});
