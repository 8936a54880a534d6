import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Listing } from '../../../src/sandbox/page/listing.js';
import type { JsonObject } from '../../../src/wire/json.js';
import { byUrl, gif, raw, type Raw, startTime } from '../raw-http.js';

async function listing({ url }: Raw, query: Readonly<Record<string, string>> = {}): Promise<Listing> {
  const response = await fetch(`${url}/page/inputs?${new URLSearchParams(query).toString()}`);
  assert.equal(response.status, 200);
  const body: unknown = await response.json();
  assert.ok(isListing(body));
  return body;
}

function isListing(body: unknown): body is Listing {
  return typeof body === 'object' && body !== null && 'cards' in body;
}

function ids({ cards }: Listing): string {
  return cards.map(({ id }) => id).join(' ');
}

async function add({ call }: Raw, ...inputs: readonly JsonObject[]): Promise<void> {
  assert.equal((await call('POST', '/v2/inputs', { inputs })).http, 200);
}

/** An input with an image of its own. */
function hosted(id: string, data: JsonObject = {}): JsonObject {
  return { id, data: { image: { base64: gif }, ...data } };
}

/** What the browser would load for the page, and what that would load in turn. */
async function loaded(url: string, path = '/', seen = new Map<string, Response>()): Promise<Map<string, Response>> {
  if (seen.has(path)) return seen;
  const response = await fetch(url + path);
  seen.set(path, response);
  const text = await response.text();
  for (const [, attribute, module] of text.matchAll(/(?:src|href)="(\/[^"]+)"|^import .* from '\.\/([^']+)'/gm)) {
    await loaded(url, attribute ?? `/page/${module!}`, seen);
  }
  return seen;
}

test('the page and all that it loads is there, with a policy that lets nothing else in', async (t) => {
  const { url } = await raw(t);
  const responses = await loaded(url);
  assert.ok(responses.size > 5, [...responses.keys()].join());
  for (const [path, { status, headers }] of responses) {
    assert.equal(status, 200, path);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'; .*require-trusted-types-for/);
    assert.doesNotMatch(policy, /unsafe|http|\*/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  }
  const typeOf = (path: string): string | null | undefined => responses.get(path)?.headers.get('content-type');
  assert.equal(typeOf('/'), 'text/html; charset=utf-8');
  assert.equal(typeOf('/page/style.css'), 'text/css; charset=utf-8');
  assert.equal(typeOf('/page/main.js'), 'text/javascript; charset=utf-8');
  assert.doesNotMatch(await (await fetch(`${url}/`)).text(), /<script>|<style|\son\w+=|style=/);
});

test('without a key the page is told the newest inputs of all apps', async (t) => {
  const world = await raw(t);
  await add(world, hosted('a', { concepts: [{ id: 'cat' }, { id: 'dog', value: 0 }], metadata: { at: { lat: 1 } } }));
  await world.call('POST', '/v2/users/jo/apps/x%2Fy/inputs', { inputs: [byUrl('b')] });
  const { cards, ...counts } = await listing(world);
  const pending = { code: 30001, name: 'Download pending', phase: 'open' };
  assert.deepEqual(counts, {
    total: 2,
    apps: [
      { user: 'jo', app: 'x/y', inputs: 1 },
      { user: 'sandbox', app: 'sandbox', inputs: 1 },
    ],
    matching: 2,
    newer: 0,
    newest: 2,
    statuses: [{ ...pending, inputs: 2 }],
    concepts: [
      { name: 'cat', inputs: 1 },
      { name: 'dog', inputs: 1 },
    ],
    offset: 0,
  });
  const [b, a] = cards;
  assert.deepEqual(b, {
    seq: 2,
    user: 'jo',
    app: 'x/y',
    id: 'b',
    title: 'b',
    media: { kind: 'image', url: 'https://pictures.example/b.jpg' },
    status: pending,
    concepts: [],
    metadata: [],
    createdAt: startTime,
  });
  assert.deepEqual(a?.concepts, [
    { name: 'cat', value: 1 },
    { name: 'dog', value: 0 },
  ]);
  assert.deepEqual(a.metadata, [['at', '{"lat":1}']]);
  const picture = await fetch(world.url + a.media!.path!);
  assert.equal(Buffer.from(await picture.arrayBuffer()).toString('base64'), gif);
});

test('the page is told of each status as time goes by, and of what was deleted', async (t) => {
  const world = await raw(t);
  await add(world, hosted('good'), { id: 'bad', data: { image: { base64: 'AAAA' } } });
  const counts = async (): Promise<unknown> =>
    (await listing(world)).statuses.map(({ code, phase, inputs }) => `${inputs} ${phase} ${code}`);
  assert.deepEqual(await counts(), ['2 open 30001']);
  world.clock.ms += 750;
  assert.deepEqual(await counts(), ['2 open 30003']);
  world.clock.ms += 750;
  assert.deepEqual(await counts(), ['1 done 30000', '1 failed 30101']);
  await world.call('DELETE', '/v2/inputs/bad');
  world.clock.ms += 300;
  assert.deepEqual(await counts(), ['1 done 30000']);
});

test('inputs are filtered by status, concept and words, and counted', async (t) => {
  const world = await raw(t);
  await add(
    world,
    hosted('beach', { concepts: [{ id: 'c1', name: 'Sea' }], metadata: { camera: 'north gate', note: 'a "b" Ünï' } }),
    hosted('city', { concepts: [{ id: 'c2', name: 'Night' }], metadata: { camera: 'south gate' } }),
    byUrl('desert'),
    { id: 'broken', data: { image: { base64: 'AAAA' } } },
  );
  world.clock.ms += 1500;
  const found = async (query: Readonly<Record<string, string>>): Promise<string> => {
    const answer = await listing(world, query);
    assert.deepEqual([answer.total, answer.matching], [4, answer.cards.length]);
    return ids(answer);
  };
  assert.equal(await found({ status: '30101' }), 'broken');
  assert.equal(await found({ status: '30001' }), '');
  assert.equal(await found({ concept: 'Sea' }), 'beach');
  assert.equal(await found({ concept: 'sea' }), '');
  assert.equal(await found({ text: 'GATE' }), 'city beach');
  assert.equal(await found({ text: ' gate  north ' }), 'beach');
  assert.equal(await found({ text: '"b" u\u0308nï' }), 'beach');
  assert.equal(await found({ text: 'night' }), 'city');
  assert.equal(await found({ text: 'pictures.example' }), 'desert');
  assert.equal(await found({ text: 'gate', status: '30000', concept: 'Night' }), 'city');
  assert.equal(await found({ text: 'gate', status: '30101' }), '');
  // the counts are of what the other filters let through, so that they tell what a choice would give
  const { statuses } = await listing(world, { text: 'b', status: '30101' });
  assert.deepEqual(
    statuses.map(({ code, inputs }) => [code, inputs]),
    [
      [30000, 1],
      [30101, 1],
    ],
  );
});

test('one app of several is listed alone, with its own counts and concepts', async (t) => {
  const world = await raw(t);
  await add(world, hosted('a', { concepts: [{ id: 'cat' }] }), hosted('b'));
  await world.call('POST', '/v2/users/jo/apps/x%2Fy/inputs', { inputs: [hosted('c', { concepts: [{ id: 'dog' }] })] });
  for (const more of [{}, { text: 'c' }]) {
    const answer = await listing(world, { user: 'jo', app: 'x/y', ...more });
    assert.deepEqual([ids(answer), answer.matching, answer.total, answer.newest], ['c', 1, 3, 3]);
    assert.deepEqual(
      answer.apps.map(({ app, inputs }) => [app, inputs]),
      [
        ['x/y', 1],
        ['sandbox', 2],
      ],
    );
    assert.deepEqual(answer.concepts, [{ name: 'dog', inputs: 1 }]);
    assert.deepEqual(
      answer.statuses.map(({ inputs }) => inputs),
      [1],
    );
  }
  assert.equal(ids(await listing(world, { user: 'jo', app: 'x' })), '');
});

test('a card is titled with the file name of metadata.path, else with its id', async (t) => {
  const world = await raw(t);
  const paths = ['2024/summer/beach.jpg', 'C:\\photos\\dog.png', 'alone.gif', 'folder/', '', 7, undefined];
  await add(world, ...paths.map((path, at) => hosted(`id${at}`, path === undefined ? {} : { metadata: { path } })));
  const { cards } = await listing(world);
  assert.deepEqual(cards.map(({ title }) => title).toReversed(), [
    'beach.jpg',
    'dog.png',
    'alone.gif',
    'id3',
    'id4',
    'id5',
    'id6',
  ]);
});

for (const filter of [{}, { text: 'n' }]) {
  test(`a part of the list stays where it is while others are added: ${JSON.stringify(filter)}`, async (t) => {
    const world = await raw(t);
    await add(world, ...['n1', 'n2', 'n3', 'n4', 'n5'].map((id) => byUrl(id)));
    const part = { ...filter, offset: '1', limit: '2' };
    const { newest, ...before } = await listing(world, part);
    assert.deepEqual([ids({ newest, ...before }), before.offset, before.matching], ['n4 n3', 1, 5]);
    await world.call('POST', '/v2/users/jo/apps/x/inputs', { inputs: [byUrl('n6'), byUrl('n7')] });
    const held = await listing(world, { ...part, upto: String(newest) });
    assert.deepEqual([ids(held), held.matching, held.newer, held.newest], ['n4 n3', 5, 2, 7]);
    assert.equal(ids(await listing(world, { ...part, offset: '0' })), 'n7 n6');
    assert.equal(ids(await listing(world, { ...part, offset: '6' })), 'n1');
    assert.equal(ids(await listing(world, { ...part, offset: '7' })), '');
  });
}

test('numbers that are none are left out, and a listing stays small whatever an input holds', async (t) => {
  const world = await raw(t);
  const long = 'x'.repeat(100_000);
  await add(
    world,
    hosted('huge', {
      concepts: Array.from({ length: 100 }, (_, at) => ({ id: `${at}` })),
      metadata: Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`${at}${long}`, long])),
    }),
  );
  for (const wrong of ['-1', '1.5', 'x', '99999999999999999999', '']) {
    const query = { offset: '0', upto: wrong, limit: wrong, status: '' };
    assert.equal(ids(await listing(world, query)), 'huge', wrong);
  }
  const { cards } = await listing(world);
  assert.ok(JSON.stringify(cards).length < 5000);
  assert.equal(ids(await listing(world, { limit: '0' })), '');
});

test('texts that look like markup come as JSON, which no browser takes for anything else', async (t) => {
  const world = await raw(t);
  const markup = '</script><img src=x onerror=alert(1)>';
  await add(world, hosted('a', { concepts: [{ id: markup }], metadata: { [markup]: markup } }));
  for (const path of ['/page/inputs', '/page/input?user=sandbox&app=sandbox&id=a']) {
    const { status, headers } = await fetch(world.url + path);
    assert.equal(status, 200);
    assert.equal(headers.get('content-type'), 'application/json');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
  }
  const [card] = (await listing(world)).cards;
  assert.deepEqual([card?.concepts[0]?.name, card?.metadata], [markup, [[markup, markup]]]);
});

test('one input is told in full, as the API tells it', async (t) => {
  const world = await raw(t);
  await add(world, hosted('a', { metadata: { long: 'x'.repeat(1000) } }));
  const { body } = await world.call('GET', '/v2/inputs/a');
  const told = await fetch(`${world.url}/page/input?user=sandbox&app=sandbox&id=a`);
  assert.deepEqual(await told.json(), body.input);
  assert.equal((await fetch(`${world.url}/page/input?user=sandbox&app=sandbox&id=b`)).status, 404);
  assert.equal((await fetch(`${world.url}/page/input`)).status, 404);
});

test('other paths are 404, and the page takes no other verb', async (t) => {
  const { url } = await raw(t);
  const paths = ['/favicon.ico', '/page', '/page/other', '/inputs', '/v1/inputs', '//v2/inputs'];
  const files = ['/page/page.html', '/page/tsconfig.json', '/page/listing.ts', '/page/none.js', '/page/..%2fpage.js'];
  for (const path of [...paths, ...files]) {
    assert.equal((await fetch(url + path)).status, 404, path);
  }
  for (const path of ['/', '/page/inputs', '/page/main.js']) {
    assert.equal((await fetch(url + path, { method: 'POST' })).status, 404);
    const head = await fetch(url + path, { method: 'HEAD' });
    assert.deepEqual([head.status, await head.text()], [200, '']);
  }
});
