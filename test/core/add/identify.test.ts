import assert from 'node:assert/strict';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { emptyPayload, type Draft, type Step } from '../../../src/core/model/steps.js';
import { inspectFiles, type Identification } from '../../../src/core/add/identify.js';
import { hashId } from '../../../src/core/ids/make-id.js';
import { parseConcept } from '../../../src/core/model/payload.js';
import { draftOf } from '../../drafts.js';
import { TempFolder } from '../../temp-folder.js';
import { pngOf } from '../../tiny-images.js';

function setUp(t: TestContext) {
  const folder = new TempFolder(t);
  const file = (name: string, content: string | Buffer, more: Partial<Draft> = {}): Draft => {
    const path = folder.write(name, content);
    return draftOf(name, { at: 'file', path }, more);
  };
  const all = async (drafts: readonly Draft[], options: Partial<Identification> = {}): Promise<readonly Step[]> => {
    const layers = {
      cwd: folder.path,
      conceptFromDir: false,
      recordPath: false,
      sidecars: false,
      onInexactNumbers: () => undefined,
    };
    const settings = {
      idFrom: 'hash',
      allowDuplicateUrl: false,
      skipUnsupported: false,
      ...layers,
      ...options,
    } as const;
    const steps: Step[] = [];
    for await (const step of inspectFiles(stepsOf(drafts), settings)) steps.push(step);
    return steps;
  };
  return { folder, file, all };
}

function url(address: string, more: Partial<Draft> = {}): Draft {
  return draftOf(address, { at: 'url', url: address }, more);
}

async function* stepsOf(drafts: readonly Draft[]): AsyncGenerator<Step> {
  yield* await Promise.resolve(drafts.map((one): Step => ({ at: 'draft', draft: one })));
}

/** Each step as a line that is easy to compare. */
function told(step: Step): string {
  switch (step.at) {
    case 'candidate':
      return `${step.candidate.source}: ${step.candidate.input.kind} ${String(step.candidate.input.id)}`;
    case 'final':
      return `${step.record.source}: ${step.record.outcome} ${String(step.record.status.code)}`;
    case 'skipped':
      return `${step.source}: skipped, ${step.reason}`;
    default:
      return step.at;
  }
}

test('a sound file gets the id of its content, a URL that of its text', async (t) => {
  const { file, all } = setUp(t);
  const steps = await all([file('a.png', pngOf(1)), url('https://example.com/a.jpg')]);
  assert.deepEqual(steps.map(told), [
    `a.png: image ${hashId(pngOf(1))}`,
    `https://example.com/a.jpg: image ${hashId('https://example.com/a.jpg')}`,
  ]);
});

test("a URL's kind comes from its extension, else it is an image, unless one is asked for", async (t) => {
  const { all } = setUp(t);
  const address = 'https://h.example/';
  const steps = await all([
    url(`${address}a.mp4?x=.jpg`),
    url(`${address}b.WAV`),
    url(`${address}c.txt`),
    url(`${address}d`),
    url(`${address}e.mp4`, { kind: 'audio' }),
  ]);
  const found = steps.map((step) => (step.at === 'candidate' ? step.candidate.input.kind : step.at));
  assert.deepEqual(found, ['video', 'audio', 'text', 'image', 'audio']);
});

test('what is not a URL fails with its code', async (t) => {
  const { all } = setUp(t);
  assert.deepEqual((await all([url('http://')])).map(told), ['http://: failed 30106']);
});

test('the second source with the same content is a duplicate of the first', async (t) => {
  const { file, all } = setUp(t);
  const steps = await all([file('a.png', pngOf(1)), file('b.png', pngOf(1)), file('c.png', pngOf(2))]);
  assert.deepEqual(
    steps.map((step) => step.at),
    ['candidate', 'final', 'candidate'],
  );
  const [, second] = steps;
  assert.ok(second?.at === 'final');
  assert.equal(second.record.outcome, 'duplicate');
  assert.equal(second.record.id, hashId(pngOf(1)));
  assert.match(second.record.status.description, /a\.png/);
  assert.doesNotMatch(second.record.status.description, /not sent/);
});

test('a duplicate whose concepts differ says that they are not sent', async (t) => {
  const { file, all } = setUp(t);
  const payload = { ...emptyPayload, concepts: [parseConcept('dog')] };
  const [, second] = await all([file('a.png', pngOf(1)), file('b.png', pngOf(1), { payload })]);
  assert.ok(second?.at === 'final');
  assert.match(second.record.status.description, /differ and were not sent/);
});

test('with ids from names, two sources of one id are a failure that names both', async (t) => {
  const { file, all } = setUp(t);
  for (const idFrom of ['name', 'path'] as const) {
    const steps = await all([file('x/a.b.png', pngOf(1)), file('x-a-b.png', pngOf(2)), file('x/a-b.png', pngOf(3))], {
      idFrom,
    });
    const last = steps.at(-1);
    assert.ok(last?.at === 'final' && last.record.outcome === 'failed');
    assert.match(last.record.status.description, idFrom === 'name' ? /x\/a\.b\.png/ : /x-a-b\.png|x\/a\.b\.png/);
  }
});

test('ids of this run alone never clash', async (t) => {
  const { file, all } = setUp(t);
  for (const idFrom of ['uuid', 'server'] as const) {
    const steps = await all([file('a.png', pngOf(1)), file('b.png', pngOf(1))], { idFrom });
    assert.deepEqual(
      steps.map((step) => step.at),
      ['candidate', 'candidate'],
    );
  }
});

test('an id that was given must be one', async (t) => {
  const { file, all } = setUp(t);
  const steps = await all([file('a.png', pngOf(1), { id: 'not an id' }), file('b.png', pngOf(2), { id: 'ok' })]);
  assert.deepEqual(steps.map(told), ['a.png: failed 39999', 'b.png: image ok']);
});

test('in a folder, other files are passed over, and media that cannot be added fails', async (t) => {
  const { file, all } = setUp(t);
  const found = { found: true };
  const steps = await all([
    file('readme', 'text', found),
    file('notes.txt', 'text', found),
    file('Thumbs.db', Buffer.from([0, 1, 2, 3]), found),
    file('fake.jpg', 'no picture', found),
    file('empty.jpg', '', found),
    file('a.png', pngOf(1), found),
  ]);
  assert.deepEqual(steps.slice(0, 5).map(told), [
    'readme: skipped, other',
    'notes.txt: skipped, text',
    'Thumbs.db: skipped, system file',
    'fake.jpg: failed 30101',
    'empty.jpg: failed 30104',
  ]);
  assert.equal(steps[5]?.at, 'candidate');
});

test('a file that was named must be good', async (t) => {
  const { file, all } = setUp(t);
  const steps = await all([file('Thumbs.db', Buffer.from([0, 1])), file('fake.jpg', 'text'), file('empty.jpg', '')]);
  assert.deepEqual(steps.map(told), ['Thumbs.db: failed 30101', 'fake.jpg: failed 30101', 'empty.jpg: failed 30104']);
});

test('a kind that is asked for takes of a folder what is of that kind', async (t) => {
  const { file, all } = setUp(t);
  const names: readonly (readonly [string, string | Buffer])[] = [
    ['a.png', pngOf(1)],
    ['b.txt', 'a text'],
    ['c.json', '{"no": "text file by its name"}'],
    ['d.svg', '<svg/>'],
  ];
  for (const [kind, wanted] of [
    ['image', 'a.png'],
    ['text', 'b.txt'],
    ['video', undefined],
  ] as const) {
    const steps = await all(names.map(([name, content]) => file(name, content, { found: true, kind })));
    const taken = steps.flatMap((step) => (step.at === 'candidate' ? [step.candidate.source] : []));
    assert.deepEqual(taken, wanted === undefined ? [] : [wanted], kind);
  }
});

test('what is sent with a source goes along', async (t) => {
  const { folder, file, all } = setUp(t);
  const payload = { ...emptyPayload, concepts: [parseConcept('dog=0')], datasetIds: ['d'] };
  const [step] = await all([file('a.png', pngOf(1), { payload })]);
  assert.ok(step?.at === 'candidate');
  const { input, sizeBytes } = step.candidate;
  assert.deepEqual([input.concepts, input.datasetIds], [payload.concepts, ['d']]);
  assert.ok(input.content.at === 'file');
  assert.equal(input.content.path, join(folder.path, 'a.png'));
  assert.equal(sizeBytes, pngOf(1).length);
});

test('a run that stops does not wait for files that are still being looked at', async (t) => {
  const { folder, file } = setUp(t);
  const names = Array.from({ length: 60 }, (_, index) => `${index}.png`);
  const drafts = names.map((name, index) => file(name, pngOf(index)));
  const layers = {
    cwd: folder.path,
    conceptFromDir: false,
    recordPath: false,
    sidecars: false,
    onInexactNumbers: () => undefined,
  };
  const run = new AbortController();
  const settings = { idFrom: 'hash', allowDuplicateUrl: false, skipUnsupported: false, ...layers } as const;
  const seen: string[] = [];
  for await (const step of inspectFiles(stepsOf(drafts), settings, { signal: run.signal })) {
    seen.push(told(step));
    run.abort();
  }
  assert.ok(seen.length < drafts.length, `${seen.length} were looked at`);
});
