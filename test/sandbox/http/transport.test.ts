import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { maxBodyBytes } from '../../../src/wire/messages.js';
import { type Body, bodyOf, byUrl, codes, gif, ids, key, raw, type Raw } from '../raw-http.js';

const tooLarge = { code: 40033, description: 'Request sent is larger than the allowed limit' };

interface Sent {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: Body;
}

/** Sends a POST by hand, so that its body comes as the test says. */
function post(
  { port }: Raw,
  headers: Readonly<Record<string, string | number>>,
  write: (send: (chunk: string | Buffer) => Promise<void>) => Promise<void>,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path: '/v2/inputs',
        method: 'POST',
        agent: false,
        headers: { authorization: `Key ${key}`, ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode, connection: response.headers.connection, body: bodyOf(text) });
        });
      },
    );
    outgoing.on('error', reject);
    const send = (chunk: string | Buffer): Promise<void> =>
      new Promise((done) => {
        outgoing.write(chunk, () => {
          done();
        });
      });
    outgoing.flushHeaders();
    void write(send).then(() => outgoing.end());
  });
}

test('a body that announces more than 128 MB is refused before it is read, and the client reads the answer', async (t) => {
  const sandbox = await raw(t);
  const chunk = Buffer.alloc(1_000_000, 'x');
  const length = { 'content-length': maxBodyBytes + 1 };
  const { status, connection, body } = await post(sandbox, length, async (send) => {
    for (let sent = 0; sent < maxBodyBytes; sent += chunk.length) await send(chunk);
    await send('x');
  });
  assert.deepEqual([status, connection, body.status.code, body.inputs], [413, 'close', 40033, []]);
  const early = await post(sandbox, length, () => new Promise(() => undefined));
  assert.deepEqual(
    [early.status, { ...early.body.status, details: undefined }],
    [413, { ...tooLarge, details: undefined }],
  );
});

test('a chunked body is counted while it is read', async (t) => {
  const sandbox = await raw(t);
  const chunk = Buffer.alloc(1_000_000, ' ');
  const { status, body } = await post(sandbox, { 'transfer-encoding': 'chunked' }, async (send) => {
    for (let sent = 0; sent <= maxBodyBytes; sent += chunk.length) await send(chunk);
  });
  assert.deepEqual([status, body.status.code], [413, 40033]);
  const good = await post(sandbox, { 'transfer-encoding': 'chunked' }, async (send) => {
    await send('{"inputs":[{"id":"a",');
    await send(`"data":{"image":{"base64":"${gif}"}}}]}`);
  });
  assert.equal(good.status, 200);
});

test('a body of exactly 128 MB is read', async (t) => {
  const { call, clock } = await raw(t);
  const [head, tail] = ['{"inputs":[{"id":"v","data":{"video":{"base64":"', '"}}}]}'];
  const room = Math.floor((maxBodyBytes - head.length - tail.length) / 4) * 4;
  const video = Buffer.alloc((room / 4) * 3);
  video.write('ftypmp42', 4);
  const body = (head + video.toString('base64') + tail).padEnd(maxBodyBytes, ' ');
  assert.deepEqual(codes(await call('POST', '/v2/inputs', body)), [30001]);
  clock.ms += 1500;
  assert.equal((await call('GET', '/v2/inputs/v')).body.input?.status.code, 30000);
});

test('Expect: 100-continue is told to go on, or refused before the body', async (t) => {
  const sandbox = await raw(t);
  const expect = (
    headers: Readonly<Record<string, string | number>>,
  ): Promise<readonly [boolean, number | undefined]> =>
    new Promise((resolve, reject) => {
      let continued = false;
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: sandbox.port,
          path: '/v2/inputs',
          method: 'POST',
          agent: false,
          headers: { authorization: `Key ${key}`, expect: '100-continue', ...headers },
        },
        (response) => {
          response.resume().on('end', () => {
            resolve([continued, response.statusCode]);
          });
          if (!continued) outgoing.destroy();
        },
      );
      outgoing.on('continue', () => {
        continued = true;
        outgoing.end(JSON.stringify({ inputs: [byUrl('a')] }));
      });
      outgoing.on('error', reject).flushHeaders();
    });
  assert.deepEqual(await expect({}), [true, 200]);
  assert.deepEqual(await expect({ 'content-length': maxBodyBytes + 1 }), [false, 413]);
  assert.deepEqual(await expect({ authorization: 'Key wrong' }), [false, 401]);
});

test('a refused request with a large body is answered, and its sender can read it', async (t) => {
  const sandbox = await raw(t);
  const chunk = Buffer.alloc(1_000_000, 'x');
  const headers = { authorization: 'Key wrong', 'content-length': 50 * chunk.length };
  const { status } = await post(sandbox, headers, async (send) => {
    for (let sent = 0; sent < 50; sent += 1) await send(chunk);
  });
  assert.equal(status, 401);
});

test('a client that leaves in the middle of its body harms nobody', async (t) => {
  const { port, call } = await raw(t);
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        `POST /v2/inputs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Key ${key}\r\nContent-Length: 99\r\n\r\n{`,
      );
      socket.end(() => {
        socket.destroy();
        resolve();
      });
    });
  });
  assert.deepEqual(ids(await call('GET', '/v2/inputs')), []);
});

test('bytes that are no UTF-8 are refused as 11100', async (t) => {
  const sandbox = await raw(t);
  const { status, body } = await post(sandbox, {}, (send) => send(Buffer.from('{"inputs":"\xff"}', 'latin1')));
  assert.deepEqual([status, body.status.code], [400, 11100]);
});

test('close ends idle and busy connections at once, and twice is as good as once', async (t) => {
  const sandbox = await raw(t, {
    faults: { ...(await import('../../../src/sandbox/server.js')).noFaults, latencyMs: 60_000 },
  });
  const waiting = sandbox.call('GET', '/v2/inputs').then(
    () => 'answered',
    () => 'ended',
  );
  const idle = connect(sandbox.port, '127.0.0.1');
  await new Promise((resolve) => idle.once('connect', resolve));
  idle.on('error', () => undefined);
  const gone = new Promise((resolve) => idle.once('close', resolve));
  const begun = performance.now();
  await Promise.all([sandbox.close(), sandbox.close()]);
  assert.equal(await waiting, 'ended');
  await gone;
  assert.ok(performance.now() - begun < 5000, 'held up');
  await assert.rejects(fetch(`${sandbox.url}/`));
});

test('a port that is taken is said in one line', async (t) => {
  const { port } = await raw(t);
  await assert.rejects(raw(t, { port }), (thrown: Error & { hint?: string }) => {
    assert.equal(thrown.name, 'SandboxError');
    assert.equal(thrown.message, `port ${port} is taken`);
    assert.match(thrown.hint ?? '', /--port/);
    return true;
  });
});
