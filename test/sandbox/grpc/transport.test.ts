import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { type IncomingHttpHeaders, type Settings } from 'node:http2';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { noFaults } from '../../../src/sandbox/server.js';
import { DeleteInputsRequestSchema, MultiInputResponseSchema } from '../../../src/wire/proto/requests/inputs_pb.js';
import { BaseResponseSchema } from '../../../src/wire/proto/status_pb.js';
import { byUrl, ids, raw } from '../raw-http.js';
import { callRaw, endOf, framed, listAll, openCall, openSession, postUrl } from './raw-grpc.js';
import { failsWith, vendorClient } from './vendor-client.js';

test('delete_all is read from clients that are old enough to send it, unless it is off', async (t) => {
  for (const [deleteAll, code, left] of [
    [true, 10000, []],
    [false, 11102, ['a']],
  ] as const) {
    const { port, call, clock } = await raw(t, { deleteAll });
    await call('POST', '/v2/inputs', { inputs: [byUrl('a')] });
    const all = create(DeleteInputsRequestSchema, { deleteAll: true });
    const session = openSession(t, port);
    const { bytes } = await callRaw(session, 'DeleteInputs', framed(toBinary(DeleteInputsRequestSchema, all)));
    assert.equal(fromBinary(BaseResponseSchema, bytes.subarray(5)).status?.code, code);
    clock.ms += 300;
    assert.deepEqual(ids(await call('GET', '/v2/inputs')), left);
  }
});

test('the answer has the headers and trailers of the protocol', async (t) => {
  const { port } = await raw(t);
  const stream = openCall(openSession(t, port), 'ListInputs', { 'x-clarifai-request-id-prefix': 'run-7' });
  const ended = endOf(stream);
  const headers = new Promise<IncomingHttpHeaders>((resolve) => stream.once('response', resolve));
  stream.end(listAll);
  const { 'content-type': type, 'grpc-accept-encoding': encodings } = await headers;
  assert.deepEqual([type, encodings], ['application/grpc', 'identity,gzip']);
  const { http, code, bytes } = await ended;
  assert.deepEqual([http, code, bytes.readUInt32BE(1)], [200, 0, bytes.length - 5]);
  const { status } = fromBinary(MultiInputResponseSchema, bytes.subarray(5));
  assert.match(status?.reqId ?? '', /^run-7-[0-9a-f]{32}$/);
});

test('a compressed message is read; any other compression is refused', async (t) => {
  const { port, call } = await raw(t);
  const session = openSession(t, port);
  const zipped = framed(gzipSync(postUrl('a')), { flag: 1 });
  assert.equal((await callRaw(session, 'PostInputs', zipped, { 'grpc-encoding': 'gzip' })).code, 0);
  assert.deepEqual(ids(await call('GET', '/v2/inputs')), ['a']);
  assert.equal((await callRaw(session, 'PostInputs', zipped, { 'grpc-encoding': 'snappy' })).code, 12);
  assert.equal((await callRaw(session, 'PostInputs', zipped)).code, 12);
  const torn = framed(gzipSync(postUrl('b')).subarray(0, 20), { flag: 1 });
  assert.equal((await callRaw(session, 'PostInputs', torn, { 'grpc-encoding': 'gzip' })).code, 13);
  const bomb = framed(gzipSync(Buffer.alloc(200_000_000)), { flag: 1 });
  assert.equal((await callRaw(session, 'PostInputs', bomb, { 'grpc-encoding': 'gzip' })).code, 8);
});

test('only an :authority of this machine is served, and only calls', async (t) => {
  const { port } = await raw(t);
  const session = openSession(t, port);
  for (const authority of ['evil.example', 'localhost.evil.example', '127.0.0.2']) {
    assert.equal((await callRaw(session, 'ListInputs', listAll, { ':authority': authority })).http, 421, authority);
  }
  for (const authority of [`localhost:${port}`, '[::1]:1']) {
    assert.equal((await callRaw(session, 'ListInputs', listAll, { ':authority': authority })).code, 0, authority);
  }
  assert.equal((await callRaw(session, 'ListInputs', listAll, { 'content-type': 'application/json' })).http, 415);
  assert.equal((await callRaw(session, 'ListInputs', listAll, { 'content-type': 'application/grpc+proto' })).code, 0);
});

test('a number that JSON cannot hold is refused', async (t) => {
  const { port } = await raw(t);
  const { ask } = vendorClient(t, port);
  for (const numberValue of [Infinity, NaN]) {
    const data = { image: { url: 'http://h/a' }, metadata: { fields: { k: { numberValue } } } };
    const call = ask('PostInputs', { inputs: [{ data }] });
    const outcome = await call.then(
      ({ status }) => status.code,
      (error: unknown) => error instanceof Error && 'code' in error && error.code,
    );
    assert.ok(outcome === 11100 || outcome === 13, String(outcome));
    const concepts = [{ id: 'c', value: numberValue }];
    const refused = await ask('PostInputs', { inputs: [{ data: { image: { url: 'http://h/a' }, concepts } }] });
    assert.equal(refused.inputs[0]?.status.code, 30104);
  }
});

test('several hundred calls at a time are all answered', async (t) => {
  const { port, call } = await raw(t);
  const { ask } = vendorClient(t, port);
  const added = await Promise.all(
    Array.from({ length: 600 }, (_, n) => ask('PostInputs', { inputs: [byUrl(`i${n}`)] })),
  );
  assert.ok(added.every(({ status }) => status.code === 10000));
  assert.equal((await call('GET', '/v2/inputs/status')).body.counts?.['to_process'], 600);
});

test('pings are answered, at any rate', async (t) => {
  const { port } = await raw(t);
  const session = openSession(t, port);
  await once(session, 'remoteSettings');
  for (let n = 0; n < 50; n += 1) await new Promise((resolve) => session.ping(resolve));
  const { ask } = vendorClient(t, port, {
    channel: { 'grpc.keepalive_time_ms': 10, 'grpc.keepalive_permit_without_calls': 1 },
  });
  assert.equal((await ask('ListInputs')).status.code, 10000);
});

test('the windows are wide enough for a long line', async (t) => {
  const { port } = await raw(t);
  const session = openSession(t, port);
  const settings = await new Promise<Settings>((resolve) => session.once('remoteSettings', resolve));
  assert.ok((settings.initialWindowSize ?? 0) >= 4 * 1024 * 1024);
  await new Promise((resolve) => session.ping(resolve));
  assert.ok((session.state.remoteWindowSize ?? 0) >= 16 * 1024 * 1024, String(session.state.remoteWindowSize));
});

test('the first bytes may come one by one, in either protocol', async (t) => {
  const { port } = await raw(t);
  const speak = async (text: string): Promise<string> => {
    const socket = connectTcp(port, '127.0.0.1').setNoDelay();
    await once(socket, 'connect');
    for (const byte of Buffer.from(text)) await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
    const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    socket.destroy();
    return answer.toString('latin1');
  };
  assert.match(await speak('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), /^HTTP\/1\.1 200/);
  assert.match(await speak('PRI / HTTP/1.1\r\nHost: localhost\r\n\r\n'), /^HTTP\/1\.1 4/);
  // a SETTINGS frame, which the server may send as soon as it has the preface
  assert.equal((await speak('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0')).charCodeAt(3), 4);
});

test('close ends calls at work at once, with UNAVAILABLE', async (t) => {
  const { port, close } = await raw(t, { faults: { ...noFaults, latencyMs: 60_000 } });
  const { ask } = vendorClient(t, port);
  const waiting = failsWith(ask('ListInputs'), 14);
  const session = openSession(t, port);
  const stream = openCall(session, 'PostInputs');
  stream.write(framed(postUrl('a'), { length: 5_000_000 }));
  const ended = endOf(stream);
  const idle = openSession(t, port);
  await Promise.all([session, idle].map((one) => once(one, 'remoteSettings')));
  await Promise.all([session, idle].map((one) => new Promise((resolve) => one.ping(resolve))));
  const begun = performance.now();
  await Promise.all([close(), close()]);
  await waiting;
  assert.equal((await ended).code, 14);
  assert.ok(performance.now() - begun < 5000, 'held up');
});
