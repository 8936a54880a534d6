import assert from 'node:assert/strict';
import test from 'node:test';
import { UnavailableError } from '../../../src/api/errors.js';
import { failureText } from '../../../src/render/failure.js';
import { listPages, streamPages } from '../../../src/api/pages.js';
import type { Recorded } from '../../recording-proxy.js';
import { connect } from '../connect.js';

function pathsOf(requests: readonly Recorded[]): readonly string[] {
  return requests.map(({ method, path, query }) => {
    const search = query.toString();
    return `${method} ${path}${search === '' ? '' : `?${search}`}`;
  });
}

function urlInputs(ids: readonly string[]): object {
  return { inputs: ids.map((id) => ({ id, data: { image: { url: `https://example.com/${id}.jpg` } } })) };
}

test('one input has a path of its own, with its id escaped', async (t) => {
  const { world, service } = await connect(t);
  assert.equal(await service.getInput('a/../b?c'), undefined);
  assert.deepEqual(pathsOf(world.requests), ['GET /v2/inputs/a%2F..%2Fb%3Fc']);
});

for (const word of ['status', 'stream', 'searches', 'uploads', 'data_sources', 'jobs', '.', '..']) {
  test(`the id '${word}' is asked for and deleted by list, since the path means something else`, async (t) => {
    const { world, service } = await connect(t);
    assert.equal(await service.getInput(word), undefined);
    assert.equal(await service.deleteInput(word), false);
    assert.ok(world.requests.every(({ path }) => path === '/v2/inputs'));
    if (word.startsWith('.')) return; // no id the service takes
    await world.raw('POST', '/v2/inputs', urlInputs([word]));
    assert.equal((await service.getInput(word))?.id, word);
    assert.equal(await service.deleteInput(word), true);
    world.clock.advance(1000);
    assert.deepEqual(await world.ids(), []);
  });
}

test('a 404 on a delete that was sent before is a success', async (t) => {
  const { world, service } = await connect(t);
  await world.raw('POST', '/v2/inputs', urlInputs(['a']));
  let deletes = 0;
  world.intercept = () => {
    deletes += 1;
    if (deletes === 1) return 'lose';
    world.clock.advance(1000); // by now it is gone
    return undefined;
  };
  assert.equal(await service.deleteInput('a'), true);
  assert.equal(deletes, 2);
  assert.equal(await service.deleteInput('a'), false, 'the first answer says that it is not there');
});

test('an empty list of ids never becomes a delete', async (t) => {
  const { world, service } = await connect(t);
  await service.deleteInputs([]);
  assert.deepEqual(world.requests, []);
});

test('ids are asked for with room for all of them on the page', async (t) => {
  const { world, service } = await connect(t);
  const ids = Array.from({ length: 128 }, (_, n) => `id-${n}`);
  await world.raw('POST', '/v2/inputs', urlInputs(ids));
  assert.equal((await service.getInputs(ids)).length, 128);
  assert.deepEqual(world.requests[0]?.query.getAll('ids'), ids);
});

async function sizesOf(pages: AsyncIterable<readonly unknown[]>): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const page of pages) found.push(page.length);
  return found;
}

test('pages are walked until a short one, and an empty page ends them', async (t) => {
  const { world, service } = await connect(t);
  await world.raw('POST', '/v2/inputs', urlInputs(Array.from({ length: 10 }, (_, n) => `id-${n}`)));
  assert.deepEqual(await sizesOf(listPages(service, { perPage: 4 })), [4, 4, 2]);
  assert.equal(world.requests.length, 3);
  assert.deepEqual(await sizesOf(listPages(service, { perPage: 5 })), [5, 5]);
  assert.deepEqual(await sizesOf(listPages(service, { perPage: 4, statusCode: 30002 })), []);
});

test('the walk by cursor goes on where its cursor was deleted meanwhile, and tells no input twice', async (t) => {
  const { world, service } = await connect(t);
  await world.raw('POST', '/v2/inputs', urlInputs(Array.from({ length: 10 }, (_, n) => `id-${n}`)));
  const seen: string[] = [];
  for await (const page of streamPages(service, { lastId: undefined, perPage: 4, descending: false })) {
    seen.push(...page.map(({ id }) => id));
    if (seen.length !== 4) continue;
    await world.raw('DELETE', '/v2/inputs', { ids: ['id-3'] });
    world.clock.advance(1000);
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 10 }, (_, n) => `id-${n}`),
  );
});

test('an answer without what was asked for is an error that doubts the API base', async (t) => {
  const { world, service } = await connect(t);
  world.intercept = () => ({ status: 200, body: { status: { code: 10000 } } });
  const isDoubtful = (error: unknown): boolean =>
    error instanceof UnavailableError && failureText(error, { json: false, verbose: false }).includes('API base');
  await assert.rejects(service.listInputs({ page: 1, perPage: 1 }), isDoubtful);
  await assert.rejects(service.countInputs(), isDoubtful);
  await assert.rejects(service.getInput('a'), isDoubtful);
});
