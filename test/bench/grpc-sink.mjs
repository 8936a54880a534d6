// A gRPC service that takes whatever comes and does as little as it can: it finds the ids of a PostInputs message without
// parsing it, and answers each as taken. Run as a process of its own; prints its port.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Buffer } from 'node:buffer';
import { createServer } from 'node:http2';
import process from 'node:process';
import { InputSchema } from '../../dist/wire/proto/inputs_pb.js';
import { ListInputsRequestSchema, MultiInputResponseSchema } from '../../dist/wire/proto/requests/inputs_pb.js';

/** On a line of no length, the default window of 64 KiB would only cost wake-ups. */
const windowBytes = 8 * 1024 * 1024;
const prefixBytes = 5;
const inputsTag = (2 << 3) | 2;
const idTag = (1 << 3) | 2;
const ok = { code: 10000, description: 'Ok' };
const known = new Set();
let bodyBytes = 0;

const listPage = Array.from({ length: 128 }, (_, index) =>
  create(InputSchema, {
    id: `input${String(index).padStart(8, '0')}`,
    data: {
      image: { url: `https://samples.example/photos/${index}.jpg`, imageInfo: { width: 512, height: 384 } },
      concepts: [{ id: 'dog', name: 'dog', value: 1, appId: 'demo' }],
      metadata: { camera: 'left', index },
    },
    createdAt: { seconds: 1_767_225_600n },
    status: { code: 30000, description: 'Download complete' },
  }),
);

/**
 * Is given the pieces of a PostInputs message, and tells the ids in it. Of an input it looks at what stands first, its
 * id; the rest is skipped by its length, so that the sink costs next to nothing beside what it measures.
 *
 * @param {string[]} ids
 * @returns {Generator<void, void, Buffer>}
 */
function* skimIds(ids) {
  let piece = yield;
  let at = 0;
  function* byte() {
    while (at === piece.length) [piece, at] = [yield, 0];
    return piece[at++];
  }
  function* skip(length) {
    let left = length;
    while (left > piece.length - at) {
      left -= piece.length - at;
      [piece, at] = [yield, 0];
    }
    at += left;
  }
  function* varint() {
    let value = 0;
    for (let bytes = 1; ; bytes += 1) {
      const next = yield* byte();
      value += (next & 127) * 128 ** (bytes - 1);
      if (next < 128) return { value, bytes };
    }
  }
  yield* skip(prefixBytes);
  for (;;) {
    const tag = yield* byte();
    const { value: length } = yield* varint();
    if (tag !== inputsTag) {
      yield* skip(length);
      continue;
    }
    const first = yield* byte();
    const size = yield* varint();
    let id = '';
    if (first === idTag) for (let left = size.value; left > 0; left -= 1) id += String.fromCharCode(yield* byte());
    ids.push(id);
    yield* skip(length - 1 - size.bytes - id.length);
  }
}

/** What becomes of a call: is given its pieces, and makes the answer. */
function open(path) {
  if (path.endsWith('/PostInputs')) {
    const ids = [];
    const skimming = skimIds(ids);
    skimming.next();
    return { take: (piece) => skimming.next(piece), answer: () => added(ids) };
  }
  const pieces = [];
  return { take: (piece) => pieces.push(piece), answer: () => listed(Buffer.concat(pieces).subarray(prefixBytes)) };
}

function added(ids) {
  for (const id of ids) known.add(id);
  const status = { code: 30001, description: 'Download pending' };
  return create(MultiInputResponseSchema, { status: ok, inputs: ids.map((id) => ({ id, status })) });
}

/** The inputs asked for by their ids that were added, or else a page of others. */
function listed(message) {
  const { ids } = fromBinary(ListInputsRequestSchema, message);
  const status = { code: 30000, description: 'Download complete' };
  const inputs = ids.length === 0 ? listPage : ids.filter((id) => known.has(id)).map((id) => ({ id, status }));
  return create(MultiInputResponseSchema, { status: ok, inputs });
}

function framed(message) {
  const bytes = toBinary(MultiInputResponseSchema, message);
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

const server = createServer({ settings: { initialWindowSize: windowBytes, maxFrameSize: 1024 * 1024 } });
server.on('session', (session) => session.setLocalWindowSize(windowBytes));
server.on('stream', (stream, headers) => {
  if (headers[':path'] === '/sink') {
    stream.respond();
    stream.end(String(bodyBytes));
    bodyBytes = 0;
    known.clear();
    return;
  }
  const call = open(headers[':path']);
  stream.on('data', (piece) => {
    bodyBytes += piece.length;
    call.take(piece);
  });
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(framed(call.answer()));
  });
  stream.on('error', () => undefined); // a client that goes away is no concern of the sink
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
// ends with whoever started it
process.stdin.on('end', () => process.exit()).resume();
