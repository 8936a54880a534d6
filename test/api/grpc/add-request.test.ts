import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { addRequestBody, encodedInputBytes, type MessageBody } from '../../../src/api/grpc/add-request.js';
import { FileChangedError } from '../../../src/api/errors.js';
import type { InputContent, NewInput } from '../../../src/api/new-input.js';
import { UserAppIDSetSchema } from '../../../src/wire/proto/accounts_pb.js';
import { PostInputsRequestSchema } from '../../../src/wire/proto/requests/inputs_pb.js';

/** A small buffer, so that inputs lie across its end. */
const buffer = Buffer.alloc(61);

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'clarifai-inputs-frames-'));
  t.after(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

function fileContent(path: string): InputContent {
  const { size, mtimeMs } = statSync(path);
  return { at: 'file', path, sizeBytes: size, mtimeMs, jsonTextBytes: undefined };
}

function joined(body: MessageBody): Buffer {
  return Buffer.concat(Array.from(body.chunks(), (chunk) => Buffer.from(chunk)));
}

const json = fc.dictionary(
  fc.string(),
  fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true })),
);

/** Any input that `add` can send; `content` is made into a file by the test. */
const anyInput = fc.record({
  id: fc.option(fc.string({ minLength: 1, maxLength: 128 }), { nil: undefined }),
  kind: fc.constantFrom('image', 'video', 'audio', 'text'),
  content: fc.oneof(
    fc.record({ at: fc.constant('bytes'), bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }) }),
    fc.record({ at: fc.constant('url'), url: fc.webUrl(), allowDuplicate: fc.boolean() }),
    fc.record({ at: fc.constant('text'), text: fc.string({ unit: 'grapheme' }) }),
  ),
  concepts: fc.array(
    fc.record(
      { id: fc.string({ minLength: 1 }), value: fc.constantFrom(0, 1, 0.9) },
      { requiredKeys: ['id'], noNullPrototype: true },
    ),
  ),
  metadata: fc.option(json, { nil: undefined }),
  geo: fc.option(
    fc.record({
      geo_point: fc.record({
        longitude: fc.double({ min: -180, max: 180, noNaN: true }),
        latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      }),
    }),
    { nil: undefined },
  ),
  datasetIds: fc.array(fc.string({ minLength: 1 })),
  textBeside: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
});

test('any input that can be added is framed as the library encodes it, and its length is known before', (t) => {
  const dir = folder(t);
  const scopes = [undefined, create(UserAppIDSetSchema, { userId: 'me', appId: 'app' })];
  const property = fc.property(
    fc.array(anyInput, { minLength: 1, maxLength: 5 }),
    fc.constantFrom(...scopes),
    (drafts, scope) => {
      const inputs = drafts.map(({ content, textBeside, ...plain }, index): NewInput => {
        const draft = { ...plain, ...(plain.kind === 'image' && { textBeside }) };
        if (content.at === 'url') return { ...draft, content };
        if (content.at === 'text') return { ...plain, kind: 'text', content };
        const path = join(dir, String(index));
        writeFileSync(path, content.bytes);
        return { ...draft, content: fileContent(path) };
      });
      const expected = toBinary(
        PostInputsRequestSchema,
        create(PostInputsRequestSchema, {
          ...(scope && { userAppId: scope }),
          inputs: drafts.map(({ id, kind, content, concepts, metadata, geo, datasetIds, textBeside }) => ({
            ...(id !== undefined && { id }),
            data: {
              ...(content.at === 'url' && { [kind]: { url: content.url, allowDuplicateUrl: content.allowDuplicate } }),
              ...(kind === 'image' && textBeside !== undefined && { text: { raw: textBeside } }),
              ...(content.at === 'text' && { text: { raw: content.text } }),
              ...(content.at === 'bytes' && kind !== 'text' && { [kind]: { base64: content.bytes } }),
              concepts: concepts.map((concept) => ({ id: concept.id, value: concept.value ?? 1 })),
              ...(metadata && { metadata }),
              ...(geo && { geo: { geoPoint: geo.geo_point } }),
            },
            datasetIds,
          })),
        }),
      );
      const textFiles = drafts.some(({ content, kind }) => content.at === 'bytes' && kind === 'text');
      const body = addRequestBody({ scope, inputs, buffer, upload: { bytes: 0 } });
      const sent = joined(body);
      assert.equal(sent.length, body.lengthBytes);
      assert.equal(sent.readUInt32BE(1), sent.length - 5);
      // what the library makes of text is another test's: it would have to be UTF-8
      if (!textFiles) assert.deepEqual(sent.subarray(5), Buffer.from(expected));
      const sizes = inputs.reduce((sum, input) => sum + encodedInputBytes(input), 0);
      assert.equal(sizes + (scope === undefined ? 0 : 2 + toBinary(UserAppIDSetSchema, scope).length), sent.length - 5);
    },
  );
  fc.assert(property, { numRuns: 100 });
});

function input(id: string, content: InputContent, kind: NewInput['kind'] = 'image'): NewInput {
  return { id, kind, content, concepts: [], metadata: undefined, geo: undefined, datasetIds: [] };
}

test('a text file goes as text', (t) => {
  const path = join(folder(t), 'a.txt');
  writeFileSync(path, 'Grüße, "Welt"\n');
  const body = addRequestBody({
    scope: undefined,
    inputs: [input('a', fileContent(path), 'text')],
    buffer,
    upload: { bytes: 0 },
  });
  const expected = create(PostInputsRequestSchema, {
    inputs: [{ id: 'a', data: { text: { raw: 'Grüße, "Welt"\n' } } }],
  });
  assert.deepEqual(joined(body).subarray(5), Buffer.from(toBinary(PostInputsRequestSchema, expected)));
});

test('bytes of files are counted as they leave, and from 0 again in the next try', (t) => {
  const path = join(folder(t), 'a.jpg');
  writeFileSync(path, Buffer.alloc(1000));
  const upload = { bytes: 0 };
  const body = addRequestBody({ scope: undefined, inputs: [input('a', fileContent(path))], buffer, upload });
  const seen = Array.from(body.chunks(), () => upload.bytes);
  assert.deepEqual(upload, { bytes: 1000 });
  assert.ok(seen.every((bytes, index) => index === 0 || bytes > (seen[index - 1] ?? 0)));
  body.chunks()[Symbol.iterator]().next();
  assert.deepEqual(upload, { bytes: 0 });
});

const changes: Readonly<Record<string, (path: string) => void>> = {
  'is longer': (path) => {
    appendFileSync(path, 'x');
  },
  'is shorter': (path) => {
    writeFileSync(path, 'x');
  },
  'is another one of the same size': (path) => {
    writeFileSync(path, Buffer.alloc(1000, 1));
    utimesSync(path, 1, 1);
  },
  'is gone': (path) => {
    rmSync(path);
  },
};

for (const [name, change] of Object.entries(changes)) {
  test(`a file that ${name} is named, and the message is never completed`, (t) => {
    const path = join(folder(t), 'a.jpg');
    for (const changeAt of [0, 3]) {
      writeFileSync(path, Buffer.alloc(1000));
      const body = addRequestBody({
        scope: undefined,
        inputs: [
          input('u', { at: 'url', url: 'https://x.test/a.jpg', allowDuplicate: false }),
          input('a', fileContent(path)),
        ],
        buffer,
        upload: { bytes: 0 },
      });
      let sentBytes = 0;
      let chunks = 0;
      if (changeAt === 0) change(path);
      assert.throws(
        () => {
          for (const chunk of body.chunks()) {
            sentBytes += chunk.length;
            chunks += 1;
            // an open file can be read on after its name is gone
            if (chunks === changeAt && name !== 'is gone') change(path);
            if (chunks === changeAt && name === 'is gone') utimesSync(path, 1, 1);
          }
        },
        (error) => error instanceof FileChangedError && error.index === 1,
      );
      assert.ok(sentBytes < body.lengthBytes);
    }
  });
}
