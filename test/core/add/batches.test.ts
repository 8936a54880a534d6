import assert from 'node:assert/strict';
import test from 'node:test';
import { restSizes } from '../../../src/api/rest/requests.js';
import { batchInputs } from '../../../src/core/add/batches.js';
import { emptyPayload, type Candidate, type Step } from '../../../src/core/model/steps.js';
import { RequestLimits, type RequestSize } from '../../../src/core/add/request-limits.js';
import type { MediaKind } from '../../../src/wire/messages.js';
import { draftOf } from '../../drafts.js';

function candidate(
  id: string,
  { kind = 'image', mediaBytes = 0 }: { kind?: MediaKind; mediaBytes?: number } = {},
): Candidate {
  const content = { at: 'file', path: `/${id}`, sizeBytes: mediaBytes, mtimeMs: 0, jsonTextBytes: undefined } as const;
  const draft = draftOf(id, content);
  return { source: id, draft, input: { id, kind, content, ...emptyPayload }, sizeBytes: 0 };
}

async function cut(
  candidates: readonly (Candidate | Step)[],
  max: Partial<RequestSize> = {},
): Promise<readonly string[]> {
  async function* steps(): AsyncGenerator<Step> {
    yield* await Promise.resolve(
      candidates.map((one): Step => ('at' in one ? one : { at: 'candidate', candidate: one })),
    );
  }
  const found: string[] = [];
  for await (const step of batchInputs(
    steps(),
    new RequestLimits({ inputs: 128, bytes: 128_000_000, ...max }, restSizes),
  )) {
    found.push(step.at === 'batch' ? step.candidates.map(({ source }) => source).join(' ') : step.at);
  }
  return found;
}

test('batches hold so many inputs at most, in the order they came', async () => {
  const all = Array.from({ length: 7 }, (_, n) => candidate(`i${n}`));
  assert.deepEqual(await cut(all, { inputs: 3 }), ['i0 i1 i2', 'i3 i4 i5', 'i6']);
  assert.deepEqual(await cut(all.slice(0, 6), { inputs: 3 }), ['i0 i1 i2', 'i3 i4 i5'], 'no empty batch at the end');
  assert.deepEqual(await cut([]), []);
});

test('1,000 inputs are 8 batches', async () => {
  const sizes = (await cut(Array.from({ length: 1000 }, (_, n) => candidate(`i${n}`)))).map(
    (ids) => ids.split(' ').length,
  );
  assert.deepEqual(sizes, [128, 128, 128, 128, 128, 128, 128, 104]);
});

test('a batch is full when the next input would not fit in its bytes', async () => {
  const all = ['a', 'b', 'c'].map((id) => candidate(id, { mediaBytes: 1000 }));
  const each = restSizes.sizeOf(candidate('a', { mediaBytes: 1000 }).input);
  assert.deepEqual(await cut(all, { bytes: restSizes.emptyRequestBytes + 2 * each }), ['a b', 'c']);
  assert.deepEqual(await cut(all, { bytes: restSizes.emptyRequestBytes + 2 * each - 1 }), ['a', 'b', 'c']);
});

test('one that is larger than a batch by itself goes alone', async () => {
  const all = [candidate('a'), candidate('big', { mediaBytes: 5000 }), candidate('b'), candidate('c')];
  assert.deepEqual(await cut(all, { bytes: 1000 }), ['a', 'big', 'b c']);
});

test('a batch has one video at most', async () => {
  const video = { kind: 'video' } as const;
  const all = [candidate('a'), candidate('v1', video), candidate('b'), candidate('v2', video), candidate('v3', video)];
  assert.deepEqual(await cut(all), ['a v1 b', 'v2', 'v3']);
});

test('what needs no sending passes at once', async () => {
  const skipped: Step = { at: 'skipped', source: 's', reason: 'other' };
  assert.deepEqual(await cut([candidate('a'), skipped, candidate('b')]), ['skipped', 'a b']);
});
