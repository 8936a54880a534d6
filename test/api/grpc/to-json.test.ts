import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { messageToJson } from '../../../src/api/grpc/to-json.js';
import { ConceptSchema, DataSchema, InputCountSchema, InputSchema } from '../../../src/wire/proto/inputs_pb.js';
import { FrameInfoSchema, GeoPointSchema } from '../../../src/wire/proto/media_pb.js';
import { InputsAddJobProgressSchema } from '../../../src/wire/proto/jobs_pb.js';
import { MultiInputResponseSchema } from '../../../src/wire/proto/requests/inputs_pb.js';

test('a 32-bit float is printed as the shortest decimal that reads back as it', () => {
  for (const value of [0.9, 1, 0.1, 0.123456, 1 / 3, -30.1, 16777217, 3.4e38]) {
    const { value: printed } = messageToJson(ConceptSchema, create(ConceptSchema, { value: Math.fround(value) }));
    assert.equal(Math.fround(Number(printed)), Math.fround(value));
    assert.ok(value === 16777217 || JSON.stringify(printed).length <= String(value).length);
  }
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const sent = toBinary(ConceptSchema, create(ConceptSchema, { value }));
      const { value: printed } = messageToJson(ConceptSchema, fromBinary(ConceptSchema, sent));
      assert.equal(Math.fround(Number(printed)), value === 0 ? 0 : value); // JSON has one zero
    }),
  );
});

test('a value of 0 is printed where it tells something, and left out elsewhere', () => {
  assert.deepEqual(messageToJson(ConceptSchema, create(ConceptSchema, { id: 'dog' })), { id: 'dog', value: 0 });
  assert.deepEqual(messageToJson(GeoPointSchema, create(GeoPointSchema)), { longitude: 0, latitude: 0 });
  assert.deepEqual(messageToJson(MultiInputResponseSchema, create(MultiInputResponseSchema)), { inputs: [] });
  assert.equal(Object.values(messageToJson(InputCountSchema, create(InputCountSchema))).length, 8);
  assert.deepEqual(messageToJson(InputSchema, create(InputSchema, { id: 'a', datasetIds: [] })), { id: 'a' });
});

test('times are ISO 8601, large numbers are numbers, metadata is JSON as it was, bytes are base64', () => {
  const input = create(InputSchema, {
    id: 'a',
    createdAt: { seconds: 1_700_000_000n, nanos: 5_000_000 },
    modifiedAt: { seconds: 1_700_000_000n, nanos: 5_001_000 },
    data: { metadata: { n: 1.5, list: [1, 'a', null, { deep: true }], none: null, text: '' } },
  });
  assert.deepEqual(messageToJson(InputSchema, input), {
    id: 'a',
    data: { metadata: { n: 1.5, list: [1, 'a', null, { deep: true }], none: null, text: '' } },
    created_at: '2023-11-14T22:13:20.005Z',
    modified_at: '2023-11-14T22:13:20.005001Z',
  });
  const frame = create(FrameInfoSchema, { time: 9_007_199_254_740_991n });
  assert.deepEqual(messageToJson(FrameInfoSchema, frame), { index: 0, time: 9_007_199_254_740_991, number: 0 });
  const progress = create(InputsAddJobProgressSchema, { successCount: 7n });
  assert.deepEqual(messageToJson(InputsAddJobProgressSchema, progress), { success_count: 7 });
  const data = create(DataSchema, { image: { base64: Uint8Array.of(1, 2, 3) } });
  assert.deepEqual(messageToJson(DataSchema, data), { image: { base64: 'AQID' } });
});

test('fields that a newer service has are skipped', () => {
  const known = toBinary(ConceptSchema, create(ConceptSchema, { id: 'dog', value: 1 }));
  const more = new BinaryWriter().raw(known).tag(999, WireType.LengthDelimited).string('new').finish();
  assert.deepEqual(messageToJson(ConceptSchema, fromBinary(ConceptSchema, more)), { id: 'dog', value: 1 });
});

test('fields come in the order of their numbers, as REST has them', () => {
  const data = create(DataSchema, { text: { raw: 'x' }, concepts: [{ id: 'dog', value: 1 }], image: { url: 'u' } });
  assert.deepEqual(Object.keys(messageToJson(DataSchema, data)), ['image', 'concepts', 'text']);
});
