import assert from 'node:assert/strict';
import { once } from 'node:events';
import { constants } from 'node:http2';
import { test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import { MultiInputResponseSchema } from '../../../src/wire/proto/requests/inputs_pb.js';
import { byUrl, ids, raw } from '../raw-http.js';
import { callRaw, endOf, framed, listAll, openCall, openSession, postUrl } from './raw-grpc.js';
import { idsOf, vendorClient } from './vendor-client.js';

test('bytes that are not a message end the call, and no other one', async (t) => {
  const { port } = await raw(t);
  const session = openSession(t, port);
  const nested = (depth: number): Buffer => {
    let data = Buffer.alloc(0);
    // a region's data, in a region of a data, and so on
    for (let level = 0; level < depth; level += 1) {
      data = Buffer.concat([Buffer.from([0x1a]), lengthOf(data), data]);
      data = Buffer.concat([Buffer.from([0x5a]), lengthOf(data), data]);
    }
    const input = Buffer.concat([Buffer.from([0x12]), lengthOf(data), data]);
    return Buffer.concat([Buffer.from([0x12]), lengthOf(input), input]);
  };
  const bad: readonly (readonly [string, Uint8Array, number])[] = [
    ['nothing', Buffer.alloc(0), 13],
    ['half of a prefix', Buffer.alloc(3), 13],
    ['less than announced', framed(postUrl('a'), { length: 1000 }), 13],
    ['far less than announced', framed(postUrl('a'), { length: 100_000_000 }), 13],
    ['more than announced', framed(postUrl('a'), { length: 3 }), 13],
    ['two messages', Buffer.concat([framed(postUrl('a')), framed(postUrl('b'))]), 13],
    ['too long', framed(postUrl('a'), { length: 0xffff_ffff }), 8],
    ['no protobuf', framed(Buffer.alloc(100, 0xff)), 13],
    ['a field longer than the message', framed(Buffer.from([0x12, 0xff, 0xff, 0xff, 0x0f])), 13],
    ['nested too deep', framed(nested(20_000)), 13],
  ];
  for (const [what, body, code] of bad) assert.equal((await callRaw(session, 'PostInputs', body)).code, code, what);
  const { code, bytes } = await callRaw(session, 'ListInputs', listAll);
  assert.deepEqual([code, fromBinary(MultiInputResponseSchema, bytes.subarray(5)).inputs], [0, []]);
});

test('headers that are too many or too long end the call alone', async (t) => {
  const { port } = await raw(t);
  const session = openSession(t, port);
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`x-${n}`, 'v']));
  assert.equal((await callRaw(session, 'ListInputs', listAll, many)).code, undefined);
  const other = openSession(t, port);
  const long = { 'x-long': 'v'.repeat(70_000) };
  assert.notEqual((await callRaw(other, 'ListInputs', listAll, long)).code, 0);
  assert.equal((await callRaw(openSession(t, port), 'ListInputs', listAll)).code, 0);
});

test('with 10,000 calls open, a client with few is served, and REST too', async (t) => {
  const { port, call } = await raw(t);
  const sessions = Array.from({ length: 20 }, () => openSession(t, port));
  await Promise.all(sessions.map((session) => once(session, 'remoteSettings')));
  const ends: Promise<unknown>[] = [];
  for (const session of sessions) {
    for (let n = 0; n < 500; n += 1) {
      const stream = openCall(session, 'PostInputs');
      ends.push(endOf(stream));
      stream.write(framed(postUrl('a'), { length: 1000 }));
    }
  }
  // those beyond the limit have been told so
  await Promise.all(sessions.map((session) => new Promise((resolve) => session.ping(resolve))));
  const { ask } = vendorClient(t, port);
  assert.deepEqual(idsOf(await ask('ListInputs')), []);
  assert.equal((await call('GET', '/v2/inputs')).http, 200);
  for (const session of sessions) session.destroy();
  await Promise.all(ends);
  assert.equal((await ask('PostInputs', { inputs: [byUrl('b')] })).status.code, 10000);
});

test('a client that does not read its answers holds up nobody', async (t) => {
  const { port, call } = await raw(t);
  const description = { metadata: { text: 'x'.repeat(20_000) } };
  const inputs = Array.from({ length: 100 }, (_, n) => byUrl(`i${n}`, description));
  await call('POST', '/v2/inputs', { inputs });
  const session = openSession(t, port);
  await once(session, 'remoteSettings');
  const streams = Array.from({ length: 30 }, () => openCall(session, 'ListInputs').end(listAll).pause());
  assert.equal(streams.length, 30);
  const { ask } = vendorClient(t, port);
  assert.equal((await ask('ListInputs', { per_page: 1 })).inputs.length, 1);
  assert.equal((await call('GET', '/v2/inputs?per_page=1')).http, 200);
});

test('a client that leaves in the middle of its message harms nobody', async (t) => {
  const { port, call } = await raw(t);
  const session = openSession(t, port);
  const stream = openCall(session, 'PostInputs');
  const ended = endOf(stream);
  stream.write(framed(postUrl('a'), { length: 5_000_000 }), () => {
    stream.close(constants.NGHTTP2_CANCEL);
  });
  await ended;
  assert.equal((await callRaw(session, 'PostInputs', framed(postUrl('b')))).code, 0);
  assert.deepEqual(ids(await call('GET', '/v2/inputs')), ['b']);
});

function lengthOf(bytes: Uint8Array): Buffer {
  const digits: number[] = [];
  let rest = bytes.length;
  while (rest > 127) {
    digits.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...digits, rest]);
}
