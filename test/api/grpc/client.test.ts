import assert from 'node:assert/strict';
import { once } from 'node:events';
import { constants } from 'node:http2';
import { createConnection, createServer as createTcpServer, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  AccountError,
  ApiError,
  TooLargeError,
  UnavailableError,
  UnknownOutcomeError,
  NoHttp2Error,
} from '../../../src/api/errors.js';
import { failureText } from '../../../src/render/failure.js';
import type { NewInput } from '../../../src/api/new-input.js';
import { statusCodes } from '../../../src/wire/status.js';
import { ListInputsRequestSchema, MultiInputResponseSchema } from '../../../src/wire/proto/requests/inputs_pb.js';
import { testKey } from '../../harness.js';
import { connectGrpc } from './connect.js';
import { fail, framed, readRequest, respond, serveGrpc, type GrpcRequest } from './h2-server.js';

const page = { page: 1, perPage: 10 };
const ok = framed(MultiInputResponseSchema, { status: { code: statusCodes.ok }, inputs: [{ id: 'a' }] });

function inputOf(id: string | undefined): NewInput {
  const content = { at: 'url', url: 'https://x.test/a.jpg', allowDuplicate: false } as const;
  return { id, kind: 'image', content, concepts: [], metadata: undefined, geo: undefined, datasetIds: [] };
}

function succeed({ stream }: GrpcRequest): void {
  stream.resume();
  respond(stream, { body: ok });
}

test('a request has the headers and the message that gRPC asks for', async (t) => {
  let sent: unknown;
  const server = await serveGrpc(t, async (request) => {
    const message = await readRequest(ListInputsRequestSchema, request);
    sent = [message.page, message.perPage, message.userAppId];
    respond(request.stream, { body: ok });
  });
  const { client, lines } = connectGrpc(t, server.url);
  const inputs = await client.listInputs(page);
  assert.deepEqual(
    inputs.map(({ id }) => id),
    ['a'],
  );
  assert.deepEqual(sent, [1, 10, undefined]);
  const headers = server.requests[0]?.headers ?? {};
  assert.equal(headers[':path'], '/clarifai.api.V2/ListInputs');
  assert.equal(headers['content-type'], 'application/grpc');
  assert.equal(headers['te'], 'trailers');
  assert.equal(headers.authorization, `Key ${testKey}`);
  assert.deepEqual(
    lines.map(({ request, outcome }) => [request, outcome]),
    [['ListInputs', 'OK 10000']],
  );
});

/** What goes wrong with the first try, and how the log names it. */
const passing: Readonly<Record<string, readonly [(request: GrpcRequest) => void, RegExp]>> = {
  UNAVAILABLE: [
    ({ stream }) => {
      fail(stream, 14, { 'grpc-message': 'no%20upstream' });
    },
    /^UNAVAILABLE$/,
  ],
  DEADLINE_EXCEEDED: [
    ({ stream }) => {
      fail(stream, 4);
    },
    /^DEADLINE_EXCEEDED$/,
  ],
  INTERNAL: [
    ({ stream }) => {
      fail(stream, 13);
    },
    /^INTERNAL$/,
  ],
  'a status that gRPC does not have': [
    ({ stream }) => {
      fail(stream, 77);
    },
    /^UNKNOWN$/,
  ],
  'RESOURCE_EXHAUSTED where nothing is large': [
    ({ stream }) => {
      fail(stream, 8);
    },
    /^RESOURCE_EXHAUSTED$/,
  ],
  'a reset': [
    ({ stream }) => {
      stream.close(constants.NGHTTP2_CANCEL);
    },
    /reset the request \(HTTP\/2 code 8\)/,
  ],
  'a stream that ends without an answer': [
    ({ stream }) => {
      stream.close(constants.NGHTTP2_NO_ERROR);
    },
    /closed before an answer came/,
  ],
  'a connection that ends': [
    ({ stream }) => {
      stream.session?.destroy();
    },
    /closed before an answer came|ECONNRESET|reset/,
  ],
  'half an answer': [
    ({ stream }) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.write(ok.subarray(0, 7), () => {
        stream.close(constants.NGHTTP2_NO_ERROR);
      });
    },
    /cut short/,
  ],
  'a message shorter than it says': [
    ({ stream }) => {
      respond(stream, { body: ok.subarray(0, ok.length - 1) });
    },
    /cut short/,
  ],
  'no message': [
    ({ stream }) => {
      respond(stream, {});
    },
    /no readable message/,
  ],
  'bytes that are no message': [
    ({ stream }) => {
      respond(stream, { body: Buffer.from([0, 0, 0, 0, 2, 0xff, 0xff]) });
    },
    /no readable message/,
  ],
  'an unknown compression': [
    ({ stream }) => {
      respond(stream, { body: Buffer.concat([Buffer.of(1), ok.subarray(1)]), headers: { 'grpc-encoding': 'br' } });
    },
    /compressed as 'br'/,
  ],
  'a page of a proxy': [
    ({ stream }) => {
      stream.respond({ ':status': 502, 'content-type': 'text/html' });
      stream.end('<html>');
    },
    /^HTTP 502$/,
  ],
  'a login page': [
    ({ stream }) => {
      stream.respond({ ':status': 200, 'content-type': 'text/html' });
      stream.end('<html>');
    },
    /not gRPC but text\/html/,
  ],
};

for (const [name, [answer, logged]] of Object.entries(passing)) {
  test(`${name} is tried again`, async (t) => {
    const server = await serveGrpc(t, (request) => {
      request.stream.resume();
      if (request.index === 0) answer(request);
      else succeed(request);
    });
    const { client, lines } = connectGrpc(t, server.url);
    assert.equal((await client.listInputs(page)).length, 1);
    assert.equal(lines.length, 2);
    assert.match(lines[0]?.outcome ?? '', logged);
    assert.equal(server.requests.length, 2);
  });
}

test('a request that the service refuses to begin with is sent again at once, and once', async (t) => {
  const server = await serveGrpc(t, (request) => {
    if (request.index === 0) request.stream.close(constants.NGHTTP2_REFUSED_STREAM);
    else succeed(request);
  });
  const { client, clock, lines } = connectGrpc(t, server.url, { retries: 0 });
  await client.addInputs([inputOf(undefined)], { bytes: 0 });
  assert.deepEqual([server.requests.length, lines.length, clock.sleeps.length], [2, 1, 0]);
});

test('an answer may be compressed with gzip, and may come in pieces', async (t) => {
  const message = gzipSync(ok.subarray(5));
  const prefix = Buffer.alloc(5);
  prefix[0] = 1;
  prefix.writeUInt32BE(message.length, 1);
  const whole = Buffer.concat([prefix, message]);
  const server = await serveGrpc(t, ({ stream, headers }) => {
    assert.match(String(headers['grpc-accept-encoding']), /gzip/);
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc+proto', 'grpc-encoding': 'gzip' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => {
      stream.sendTrailers({ 'grpc-status': '0' });
    });
    stream.write(whole.subarray(0, 9), () => stream.end(whole.subarray(9)));
  });
  const { client } = connectGrpc(t, server.url);
  assert.equal((await client.listInputs(page)).length, 1);
});

test('a wait that the service asks for is kept, in gRPC’s way and in HTTP’s', async (t) => {
  const asks = [{ 'grpc-retry-pushback-ms': '7000' }, { 'retry-after': '9' }, { 'grpc-retry-pushback-ms': 'soon' }];
  const server = await serveGrpc(t, (request) => {
    const ask = asks[request.index];
    if (ask === undefined) succeed(request);
    else fail(request.stream, 14, ask);
  });
  const { client, clock } = connectGrpc(t, server.url);
  await client.listInputs(page);
  const waits = clock.sleeps.filter((ms) => ms > 0);
  assert.ok((waits[0] ?? 0) >= 7000, String(waits));
  assert.ok(
    waits.some((ms) => ms >= 9000 && ms < 10_500),
    String(waits),
  );
});

test('an answer that was lost is not asked for again where that would add twice', async (t) => {
  for (const status of [2, 13, 10, 15, 1]) {
    const server = await serveGrpc(t, ({ stream }) => {
      stream.resume();
      fail(stream, status);
    });
    const { client } = connectGrpc(t, server.url);
    await assert.rejects(client.addInputs([inputOf(undefined)], { bytes: 0 }), UnknownOutcomeError);
    assert.equal(server.requests.length, 1);
  }
});

test('statuses that no further try can change end the request', async (t) => {
  const kinds = [
    [16, AccountError],
    [7, AccountError],
    [3, ApiError],
    [5, ApiError],
    [9, ApiError],
    [11, ApiError],
    [12, ApiError],
  ] as const;
  for (const [status, kind] of kinds) {
    const server = await serveGrpc(t, ({ stream }) => {
      fail(stream, status, { 'grpc-message': 'because%21' });
    });
    const { client } = connectGrpc(t, server.url);
    await assert.rejects(client.listInputs(page), (error) => {
      assert.ok(error instanceof kind && error.exitCode === (kind === AccountError ? 4 : 3), String(error));
      assert.match(error.message, /^ListInputs: gRPC [A-Z_]+ because!$/);
      return true;
    });
    assert.equal(server.requests.length, 1);
  }
});

test('RESOURCE_EXHAUSTED says of an upload that it is too large, and so does 40033', async (t) => {
  const tooLarge = framed(MultiInputResponseSchema, { status: { code: statusCodes.messageTooLarge } });
  const server = await serveGrpc(t, ({ stream, index }) => {
    stream.resume();
    if (index === 0) fail(stream, 8);
    else respond(stream, { body: tooLarge });
  });
  const { client } = connectGrpc(t, server.url);
  for (let times = 0; times < 2; times += 1) {
    await assert.rejects(client.addInputs([inputOf('a')], { bytes: 0 }), TooLargeError);
  }
  await assert.rejects(client.patchInputs('merge', [{ id: 'a', data: { concepts: [{ id: 'dog' }] } }]), TooLargeError);
});

test('throttling inside a good answer is waited out', async (t) => {
  const throttled = framed(MultiInputResponseSchema, { status: { code: statusCodes.throttled } });
  const server = await serveGrpc(t, (request) => {
    if (request.index === 0) respond(request.stream, { body: throttled });
    else succeed(request);
  });
  const { client, lines } = connectGrpc(t, server.url);
  await client.listInputs(page);
  assert.deepEqual(
    lines.map(({ outcome }) => outcome),
    ['OK 11005', 'OK 10000'],
  );
});

test('a page of 404 is a refusal, and names HTTP', async (t) => {
  const server = await serveGrpc(t, ({ stream }) => {
    stream.respond({ ':status': 404, 'content-type': 'text/html' });
    stream.end('<html>');
  });
  const { client } = connectGrpc(t, server.url);
  await assert.rejects(client.listInputs(page), (error) => {
    assert.ok(error instanceof ApiError && error.exitCode === 3);
    assert.match(error.message, /^ListInputs: HTTP 404 instead of a gRPC answer$/);
    return true;
  });
});

test('silence ends a try after the timeout, and its connection', async (t) => {
  const server = await serveGrpc(t, (request) => {
    if (request.index > 0) succeed(request);
  });
  const { client, lines } = connectGrpc(t, server.url, { timeoutMs: 150 });
  await client.listInputs(page);
  assert.match(lines[0]?.outcome ?? '', /no answer within 0\.15 s/);
  assert.equal(server.sessions(), 2);
});

test('leaving cuts a request that is on its way', async (t) => {
  const leaving = new AbortController();
  const server = await serveGrpc(t, () => {
    leaving.abort(new Error('Ctrl-C'));
  });
  const { client } = connectGrpc(t, server.url, { leaving: leaving.signal });
  await assert.rejects(client.listInputs(page), /Ctrl-C/);
});

test('one connection serves request after request, and as many as go at once', async (t) => {
  const server = await serveGrpc(t, succeed);
  const { client } = connectGrpc(t, server.url);
  for (let times = 0; times < 3; times += 1) await client.listInputs(page);
  assert.equal(server.sessions(), 1);
  await Promise.all([client.listInputs(page), client.listInputs(page), client.listInputs(page)]);
  assert.equal(server.sessions(), 3);
});

/** Whoever listens there takes connections and answers with these bytes. */
async function listenTcp(t: TestContext, take: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    t.after(() => socket.destroy());
    take(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `http://127.0.0.1:${address.port}`;
}

test('a service of HTTP/1.1 is told by its first words, and gets no second try', async (t) => {
  let connections = 0;
  const url = await listenTcp(t, (socket) => {
    connections += 1;
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n'));
  });
  const { client } = connectGrpc(t, url);
  await assert.rejects(client.listInputs(page), (error) => {
    assert.ok(error instanceof NoHttp2Error, String(error));
    assert.match(
      failureText(error, { json: false, verbose: false }),
      /does not speak HTTP\/2.*\nhint: use --transport rest/,
    );
    return true;
  });
  assert.equal(connections, 1);
});

test('a connection that is reset at once is tried again, as over REST', async (t) => {
  let connections = 0;
  const url = await listenTcp(t, (socket) => {
    connections += 1;
    socket.resetAndDestroy();
  });
  const { client } = connectGrpc(t, url, { retries: 2 });
  await assert.rejects(client.listInputs(page), UnavailableError);
  assert.equal(connections, 3);
});

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

function http2Frame(type: number, flags: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  return Buffer.concat([head, payload]);
}

/** GOAWAY: the last request taken on, and why. */
function goAway(lastStreamId: number, code: number): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE(lastStreamId, 0);
  payload.writeUInt32BE(code, 4);
  return http2Frame(7, 0, payload);
}

for (const code of [constants.NGHTTP2_NO_ERROR, constants.NGHTTP2_ENHANCE_YOUR_CALM]) {
  test(`requests that a service did not begin before it went away (code ${code}) are sent again`, async (t) => {
    const good = await serveGrpc(t, succeed);
    let connections = 0;
    const url = await listenTcp(t, (socket) => {
      connections += 1;
      if (connections > 1) {
        const onward = new URL(good.url);
        const upstream = createConnection(Number(onward.port), onward.hostname);
        upstream.on('error', () => undefined);
        t.after(() => upstream.destroy());
        socket.pipe(upstream).pipe(socket);
        return;
      }
      let got = Buffer.alloc(0);
      socket.write(http2Frame(4, 0));
      socket.on('data', (data) => {
        got = Buffer.concat([got, data]);
        // a HEADERS frame of stream 1 has come
        if (got.length > preface.length && hasHeaders(got.subarray(preface.length))) socket.write(goAway(0, code));
      });
    });
    const { client, lines } = connectGrpc(t, url, { retries: 0 });
    await client.addInputs([inputOf(undefined)], { bytes: 0 });
    assert.deepEqual([connections, lines.length], [2, 1]);
  });
}

function hasHeaders(frames: Buffer): boolean {
  for (let at = 0; at + 9 <= frames.length; at += 9 + frames.readUIntBE(at, 3)) {
    if (frames[at + 3] === 1) return true;
  }
  return false;
}
