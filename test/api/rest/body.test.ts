import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import {
  base64Bytes,
  encodeBuffers,
  encodedBytes,
  emptyBodyBytes,
  pieceBytes,
  postInputsBody,
} from '../../../src/api/rest/body.js';
import type { RequestBody } from '../../../src/api/rest/exchange.js';
import type { FileContent, NewInput } from '../../../src/api/new-input.js';
import { FileChangedError } from '../../../src/api/errors.js';
import type { MediaKind } from '../../../src/wire/messages.js';

const buffers = encodeBuffers();

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'body-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

function inputOf(content: NewInput['content'], rest: Partial<NewInput> = {}): NewInput {
  const nothing = { concepts: [], metadata: undefined, geo: undefined, datasetIds: [] };
  return { id: 'a', kind: 'image', content, ...nothing, ...rest };
}

/** A file of these bytes, as a look at it would tell. */
function fileOf(folder: string, name: string, bytes: Buffer | string): FileContent {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const { size, mtimeMs } = statSync(path);
  const encoded = typeof bytes === 'string' ? Buffer.byteLength(JSON.stringify(bytes)) - 2 : undefined;
  return { at: 'file', path, sizeBytes: size, mtimeMs, jsonTextBytes: encoded };
}

/** All bytes of a body; a chunk may be overwritten once the next one is asked for, so each is copied. */
async function sent(body: RequestBody): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const chunk of body.chunks()) copies.push(Buffer.from(chunk));
  return Buffer.concat(copies);
}

async function jsonOf(inputs: readonly NewInput[]): Promise<unknown> {
  const body = postInputsBody(inputs, buffers, { bytes: 0 });
  const bytes = await sent(body);
  assert.equal(bytes.length, body.lengthBytes, 'the promised length is the length sent');
  return JSON.parse(bytes.toString('utf8'));
}

test('a piece is whole groups of 3 bytes, and its text stays below 128 KiB', () => {
  assert.equal(pieceBytes % 3, 0);
  assert.ok(base64Bytes(pieceBytes) < 128 * 1024);
});

const sizes = [1, 2, 3, 4, 1000, pieceBytes - 1, pieceBytes, pieceBytes + 1, 8 * pieceBytes, 8 * pieceBytes + 1];
for (const size of [...sizes, 1024 * 1024, 1024 * 1024 + 1, 3_000_001]) {
  test(`${size} bytes of a file arrive as their base64, in a body of the promised length`, async (t) => {
    const bytes = randomBytes(size);
    const content = fileOf(folderOf(t), 'a.bin', bytes);
    assert.deepEqual(await jsonOf([inputOf(content)]), {
      inputs: [{ id: 'a', data: { image: { base64: bytes.toString('base64') } } }],
    });
  });
}

const text = 'Zeile 1\r\n"quoted" \\ tab\t\u0000\u2028 é 日本 😀';

test('each kind has its own field, and text goes as text', async (t) => {
  const folder = folderOf(t);
  const bytes = randomBytes(10);
  const base64 = bytes.toString('base64');
  for (const kind of ['image', 'video', 'audio'] satisfies MediaKind[]) {
    const body = await jsonOf([inputOf(fileOf(folder, kind, bytes), { kind })]);
    assert.deepEqual(body, { inputs: [{ id: 'a', data: { [kind]: { base64 } } }] });
  }
  assert.deepEqual(await jsonOf([inputOf(fileOf(folder, 'text', text), { kind: 'text' })]), {
    inputs: [{ id: 'a', data: { text: { raw: text } } }],
  });
  assert.deepEqual(await jsonOf([inputOf({ at: 'text', text }, { kind: 'text' })]), {
    inputs: [{ id: 'a', data: { text: { raw: text } } }],
  });
});

test('a URL goes as it is, and allow_duplicate_url only if it was asked for', async () => {
  const url = 'https://example.com/ä b.jpg?q="x"';
  const inputs = [false, true].map((allowDuplicate) => inputOf({ at: 'url', url, allowDuplicate }));
  assert.deepEqual(await jsonOf(inputs), {
    inputs: [
      { id: 'a', data: { image: { url } } },
      { id: 'a', data: { image: { url, allow_duplicate_url: true } } },
    ],
  });
});

test('concepts, metadata, geo and datasets surround the bytes', async (t) => {
  const bytes = randomBytes(5);
  const rest: Partial<NewInput> = {
    concepts: [
      { id: 'Hund "Rex"', value: 1 },
      { id: '猫', value: 0 },
    ],
    // looks like the place where the bytes go
    metadata: { '"base64":""': '{"base64":""}', nested: { list: [1, null, true] } },
    geo: { geo_point: { longitude: -30, latitude: 40.5 } },
    datasetIds: ['one', 'two'],
  };
  assert.deepEqual(await jsonOf([inputOf(fileOf(folderOf(t), 'a', bytes), rest)]), {
    inputs: [
      {
        id: 'a',
        data: {
          image: { base64: bytes.toString('base64') },
          concepts: rest.concepts,
          metadata: rest.metadata,
          geo: rest.geo,
        },
        dataset_ids: ['one', 'two'],
      },
    ],
  });
});

test('without an id of ours the field is left out', async () => {
  const content = { at: 'url', url: 'https://example.com/a.jpg', allowDuplicate: false } as const;
  assert.deepEqual(await jsonOf([inputOf(content, { id: undefined })]), {
    inputs: [{ data: { image: { url: content.url } } }],
  });
});

test('many inputs of all kinds make one body of the promised length', async (t) => {
  const folder = folderOf(t);
  const inputs = Array.from({ length: 128 }, (_, n) => {
    const id = `input-${n}`;
    if (n % 3 === 0) return inputOf({ at: 'url', url: `https://example.com/${n}`, allowDuplicate: false }, { id });
    if (n % 3 === 1) return inputOf(fileOf(folder, id, text.repeat(n)), { id, kind: 'text' });
    return inputOf(fileOf(folder, id, randomBytes(n * 300)), { id });
  });
  const body = await jsonOf(inputs);
  assert.ok(typeof body === 'object' && body !== null && 'inputs' in body && Array.isArray(body.inputs));
  assert.equal(body.inputs.length, 128);
});

test('the bytes counted for each input and the envelope are the bytes of the body', async (t) => {
  const folder = folderOf(t);
  const inputs = [1, 2, 3].map((n) => inputOf(fileOf(folder, String(n), randomBytes(n * 1000)), { id: String(n) }));
  const counted = inputs.reduce((sum, input) => sum + encodedBytes(input), emptyBodyBytes);
  const { length } = await sent(postInputsBody(inputs, buffers, { bytes: 0 }));
  assert.equal(length, counted - 1, 'the last input has no comma');
});

test('a body can be made again, the same to the byte', async (t) => {
  const sending = { bytes: 0 };
  const body = postInputsBody([inputOf(fileOf(folderOf(t), 'a', randomBytes(200_000)))], buffers, sending);
  const first = await sent(body);
  const progressed = sending.bytes;
  assert.deepEqual(await sent(body), first);
  assert.equal(sending.bytes, progressed, 'what an earlier try sent is not counted twice');
  assert.ok(progressed >= 200_000 && progressed < 201_000, String(progressed));
});

const changes: readonly (readonly [string, (path: string) => void])[] = [
  [
    'shrunk',
    (path) => {
      writeFileSync(path, randomBytes(10));
    },
  ],
  [
    'grown',
    (path) => {
      writeFileSync(path, randomBytes(2_000_100));
    },
  ],
  [
    'touched',
    (path) => {
      utimesSync(path, 1, 1);
    },
  ],
  [
    'removed',
    (path) => {
      rmSync(path);
    },
  ],
];

for (const [what, change] of changes) {
  for (const size of [2000, 2_000_000]) {
    test(`a file of ${size} bytes that was ${what} since it was looked at is named, not sent`, async (t) => {
      const folder = folderOf(t);
      const inputs = ['a', 'b', 'c'].map((id) => inputOf(fileOf(folder, id, randomBytes(size)), { id }));
      change(join(folder, 'b'));
      const isSecond = (error: unknown): boolean => error instanceof FileChangedError && error.index === 1;
      await assert.rejects(sent(postInputsBody(inputs, buffers, { bytes: 0 })), isSecond);
    });
  }
}

test('a file that changes while it is read is noticed', async (t) => {
  for (const size of [900_000, 2_000_000]) {
    const content = fileOf(folderOf(t), 'a', randomBytes(size));
    const reading = async (): Promise<void> => {
      for await (const chunk of postInputsBody([inputOf(content)], buffers, { bytes: 0 }).chunks()) {
        if (chunk.length > 0) utimesSync(content.path, 1, 1);
      }
    };
    await assert.rejects(reading(), FileChangedError);
  }
});

test('text that changed is noticed even where its size stays', async (t) => {
  const content = fileOf(folderOf(t), 'a.txt', 'four');
  writeFileSync(content.path, 'a"bc');
  const body = postInputsBody([inputOf(content, { kind: 'text' })], buffers, { bytes: 0 });
  await assert.rejects(sent(body), FileChangedError);
});
