import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { prefixBytes } from '../../../src/api/grpc/frames.js';
import { writeBytes } from '../../../src/api/grpc/add-request.js';
import { FileChangedError, SplitRequestError, TooLargeError } from '../../../src/api/errors.js';
import type { NewInput } from '../../../src/api/new-input.js';
import { MultiInputResponseSchema, PostInputsRequestSchema } from '../../../src/wire/proto/requests/inputs_pb.js';
import { statusCodes } from '../../../src/wire/status.js';
import { connectGrpc } from './connect.js';
import { fail, framed, readRequest, respond, serveGrpc, type GrpcRequest } from './h2-server.js';

const ok = framed(MultiInputResponseSchema, { status: { code: statusCodes.ok }, inputs: [{ id: 'a' }] });

/** A file of so many bytes, as an input. */
function fileInput(t: TestContext, sizeBytes: number): NewInput & { readonly path: string; readonly sha256: string } {
  const dir = mkdtempSync(join(tmpdir(), 'clarifai-inputs-grpc-'));
  t.after(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  const path = join(dir, 'a.jpg');
  const bytes = Buffer.alloc(sizeBytes);
  for (let at = 0; at < sizeBytes; at += 4)
    bytes.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, Math.min(at, sizeBytes - 4));
  writeFileSync(path, bytes);
  const content = { at: 'file', path, sizeBytes, mtimeMs: statSync(path).mtimeMs, jsonTextBytes: undefined } as const;
  const more = { concepts: [], metadata: undefined, geo: undefined, datasetIds: [] };
  return { id: 'a', kind: 'image', content, ...more, path, sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function hashReceived(request: GrpcRequest): Promise<string> {
  const message = await readRequest(PostInputsRequestSchema, request);
  return createHash('sha256')
    .update(message.inputs[0]?.data?.image?.base64 ?? Buffer.alloc(0))
    .digest('hex');
}

test('a file arrives as it is, at whatever pace the service reads', async (t) => {
  const input = fileInput(t, 3 * writeBytes + 1);
  const hashes: string[] = [];
  const server = await serveGrpc(t, async (request) => {
    const { stream } = request;
    stream.pause();
    await sleep(20);
    hashes.push(await hashReceived(request));
    respond(stream, { body: ok });
  });
  const { client } = connectGrpc(t, server.url);
  const upload = { bytes: 0 };
  await client.addInputs([input], upload);
  assert.deepEqual([hashes, upload.bytes], [[input.sha256], 3 * writeBytes + 1]);
});

test('several uploads at once do not mix', async (t) => {
  const inputs = [3, 5, 7, 11].map((size) => fileInput(t, size * 100_000));
  const hashes: string[] = [];
  const server = await serveGrpc(t, async (request) => {
    hashes.push(await hashReceived(request));
    respond(request.stream, { body: ok });
  });
  const { client } = connectGrpc(t, server.url);
  await Promise.all(inputs.map((input) => client.addInputs([input], { bytes: 0 })));
  assert.deepEqual(new Set(hashes), new Set(inputs.map(({ sha256 }) => sha256)));
});

test('an answer that comes before all is sent ends the sending', async (t) => {
  const input = fileInput(t, 16 * 1024 * 1024);
  const server = await serveGrpc(t, ({ stream }) => {
    fail(stream, 8);
  });
  const { client } = connectGrpc(t, server.url);
  const upload = { bytes: 0 };
  await assert.rejects(client.addInputs([input], upload), TooLargeError);
  assert.ok(upload.bytes < 16 * 1024 * 1024);
  assert.equal(server.requests.length, 1);
});

test('a file that changes on its way resets the request: the service gets no message', async (t) => {
  const input = fileInput(t, 8 * 1024 * 1024);
  let ended: number | undefined;
  const chunks: Buffer[] = [];
  const server = await serveGrpc(t, ({ stream }) => {
    stream.once('data', () => {
      appendFileSync(input.path, 'more');
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('close', () => (ended = stream.rstCode));
  });
  const { client } = connectGrpc(t, server.url);
  await assert.rejects(
    client.addInputs([input], { bytes: 0 }),
    (error) => error instanceof FileChangedError && error.index === 0,
  );
  while (ended === undefined) await sleep(5);
  assert.equal(ended, constants.NGHTTP2_CANCEL);
  const received = Buffer.concat(chunks);
  assert.ok(received.length < prefixBytes + received.readUInt32BE(1));
});

test('a service that hangs up while it is sent to, again and again, is sent less', async (t) => {
  const inputs = [fileInput(t, 4 * 1024 * 1024), { ...fileInput(t, 1000), id: 'b' }];
  const server = await serveGrpc(t, ({ stream }) => {
    stream.once('data', () => {
      stream.session?.destroy();
    });
  });
  const { client } = connectGrpc(t, server.url);
  await assert.rejects(client.addInputs(inputs, { bytes: 0 }), SplitRequestError);
  assert.equal(server.requests.length, 2);
});

test('a service that stops reading is given up after the timeout, and its connection with it', async (t) => {
  const input = fileInput(t, 8 * 1024 * 1024);
  const server = await serveGrpc(t, async (request) => {
    if (request.index === 0) {
      request.stream.pause();
      return;
    }
    await hashReceived(request);
    respond(request.stream, { body: ok });
  });
  const { client, lines } = connectGrpc(t, server.url, { timeoutMs: 1000 });
  await client.addInputs([input], { bytes: 0 });
  assert.match(lines[0]?.outcome ?? '', /no answer within 1 s/);
  assert.equal(server.sessions(), 2);
});
