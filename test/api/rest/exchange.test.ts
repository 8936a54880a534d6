import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import type { RestCall } from '../../../src/api/rest/attempt.js';
import { FileChangedError, TooLargeError, UnavailableError } from '../../../src/api/errors.js';
import { InterruptedError } from '../../../src/errors.js';
import { connect } from '../connect.js';

const list: RestCall = { method: 'GET', path: '/inputs?page=1' };

/** A server of the test's own, closed when it ends. */
async function serve(t: TestContext, listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return new URL(`http://127.0.0.1:${portOf(server)}/v2`);
}

function portOf(server: Server): number {
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

test('a redirect on the same host is followed, with its query', async (t) => {
  const { world, sender } = await connect(t);
  world.intercept = ({ path }) =>
    path === '/v2/inputs' ? { status: 307, headers: { location: '/v2/moved?page=1' } } : undefined;
  const error: unknown = await sender.send(list).catch((thrown: unknown) => thrown);
  assert.match(String(error), /404/, 'the sandbox has no such route');
  assert.deepEqual(
    world.requests.map(({ path, query }) => `${path}?${query.toString()}`),
    ['/v2/inputs?page=1', '/v2/moved?page=1'],
  );
});

for (const status of [301, 302, 303, 307, 308]) {
  test(`a redirect to another host (${status}) is not followed, and never sees the key`, async (t) => {
    let visits = 0;
    const other = await serve(t, (_request, response) => {
      visits += 1;
      response.end('{}');
    });
    const { world, sender } = await connect(t);
    world.intercept = () => ({ status, headers: { location: other.href } });
    const message = `GET /v2/inputs: redirected to another host, ${other.origin}, and not followed`;
    await assert.rejects(sender.send(list), { message, exitCode: 6, origin: other.origin });
    assert.deepEqual([visits, world.requests.length], [0, 1], 'it is not tried again');
  });
}

test('redirects that lead in a circle end', async (t) => {
  const { world, sender } = await connect(t, { retries: 0 });
  world.intercept = () => ({ status: 302, headers: { location: '/v2/inputs' } });
  await assert.rejects(sender.send(list), /redirected more than 5 times/);
  assert.equal(world.requests.length, 6);
});

test('an answer over 256 MB is an error, not a crash', async (t) => {
  const piece = Buffer.alloc(1_000_000, ' ');
  const baseUrl = await serve(t, (_request, response) => {
    void (async () => {
      for (let sent = 0; sent < 257 && !response.destroyed; sent += 1) {
        if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
      }
      response.end();
    })();
  });
  const { sender } = await connect(t, { baseUrl, retries: 0 });
  await assert.rejects(sender.send(list), /the answer is larger than 256 MB/);
});

test('no answer within the timeout is an error that names the time', async (t) => {
  const { sender } = await connect(t, { baseUrl: await serve(t, () => undefined), timeoutMs: 100, retries: 0 });
  await assert.rejects(
    sender.send(list),
    (error) => error instanceof UnavailableError && error.message.includes('no answer within 0.1 s'),
  );
});

test('a request that is still connecting ends when the run leaves', async (t) => {
  const silent = createTcpServer();
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  t.after(() => silent.close());
  const leaving = new AbortController();
  const baseUrl = new URL(`https://127.0.0.1:${portOf(silent)}/v2`);
  const { sender } = await connect(t, { baseUrl, leaving: leaving.signal, timeoutMs: 60_000 });
  silent.once('connection', (socket: Socket) => {
    t.after(() => socket.destroy());
    leaving.abort(new InterruptedError('SIGINT'));
  });
  await assert.rejects(sender.send(list), InterruptedError);
});

test('an answer that comes to a halt half way is timed out as well', async (t) => {
  const baseUrl = await serve(t, (_request, response) => {
    response.write('{"status":');
  });
  const { sender } = await connect(t, { baseUrl, timeoutMs: 100, retries: 0 });
  await assert.rejects(sender.send(list), /no answer within/);
});

test('an upload that takes longer than the timeout but moves is not cut', async (t) => {
  const { world, sender } = await connect(t, { timeoutMs: 800, retries: 0 });
  const text = '{"ids":["a"]}';
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (const half of [text.slice(0, 5), text.slice(5, 9), text.slice(9)]) {
      yield Buffer.from(half);
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
  };
  const startedMs = performance.now();
  const body = { lengthBytes: text.length, chunks };
  assert.equal((await sender.send({ method: 'DELETE', path: '/inputs', body })).status.code, 10000);
  assert.ok(performance.now() - startedMs > 800);
  assert.deepEqual(world.requests[0]?.json, { ids: ['a'] });
});

test('a body that cannot be made ends the request at once, with its own error', async (t) => {
  const { world, sender } = await connect(t);
  const changed = new FileChangedError(3);
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from('{"ids"'));
    throw changed;
  };
  await assert.rejects(sender.send({ method: 'DELETE', path: '/inputs', body: { lengthBytes: 100, chunks } }), changed);
  assert.deepEqual(await world.ids(), []);
});

test('when an answer comes before the body is out, nothing of the body is read any more once it is there', async (t) => {
  const baseUrl = await serve(t, (_request, response) => {
    response.writeHead(413).end();
  });
  const { sender } = await connect(t, { baseUrl });
  let state = 'not begun';
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        state = 'reading';
        await new Promise((resolve) => setTimeout(resolve, 40));
        yield Buffer.alloc(500_000);
      }
    } finally {
      state = 'closed';
    }
  };
  const call: RestCall = { method: 'POST', path: '/inputs', body: { lengthBytes: 100_000_000, chunks } };
  await assert.rejects(sender.send(call), TooLargeError);
  assert.equal(state, 'closed', 'its buffers are free for the next request');
});

test('a server that hangs up in the middle of a body has done nothing, so that it is sent again whatever it is', async (t) => {
  let requests = 0;
  const baseUrl = await serve(t, (request, response) => {
    requests += 1;
    if (requests === 1) request.socket.destroy();
    else request.resume().on('end', () => response.end('{"status":{"code":10000}}'));
  });
  const { sender } = await connect(t, { baseUrl });
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (let sent = 0; sent < 20; sent += 1) yield await Promise.resolve(Buffer.alloc(1_000_000));
  };
  const body = { lengthBytes: 20_000_000, chunks };
  const { repeated } = await sender.send({ method: 'POST', path: '/inputs', body, repeatable: false });
  assert.equal(repeated, false);
  assert.equal(requests, 2);
});
