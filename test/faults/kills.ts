import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';
import { isList, isObject, valueAt } from '../../src/wire/json.js';
import { RecordingProxy } from '../recording-proxy.js';
import { pngOf } from '../tiny-images.js';
import { Scene, codeOfRerun } from './scene.js';

const count = 120;
const thereIds = Array.from({ length: count }, (_, index) => `there${index}`);

/** A command that takes a while, and the state that an undisturbed run of it ends in. */
export interface Work {
  readonly words: readonly string[];
  readonly stdin?: string;
  readonly photos: number;
  readonly there: number;
  /** How long it takes, about. */
  readonly lastsMs: number;
  /** What is wrong with the app afterwards; empty if nothing is. */
  readonly wrong: (inputs: Awaited<ReturnType<Scene['inputs']>>) => readonly string[];
}

const stdin = thereIds.join('\n');

function adding(photos: number, words: readonly string[], lastsMs: number): Work {
  const ids = Array.from({ length: photos }, (_, index) =>
    createHash('sha256').update(pngOf(index)).digest('hex').slice(0, 32),
  );
  const known = new Set(ids);
  return {
    words: ['add', 'photos', ...words],
    photos,
    there: 0,
    lastsMs,
    wrong: (inputs) => [
      ...ids.filter((id) => inputs.get(id)?.times !== 1).map((id) => `${id} is not there once`),
      ...[...inputs.keys()].filter((id) => !known.has(id)).map((id) => `${id} is nobody's`),
    ],
  };
}

const shortMs = 1300;

export const works = {
  add: adding(count, ['--batch-size', '8', '--concurrency', '2'], shortMs),
  patch: {
    words: ['patch', '-', '-c', 'dog', '-c', 'cat=0'],
    stdin,
    photos: 0,
    there: count,
    lastsMs: shortMs,
    wrong: (inputs) =>
      thereIds
        .filter((id) => inputs.get(id)?.json.match(/"id":"(dog|cat)"/g)?.length !== 2)
        .map((id) => `${id} is not tagged`),
  },
  rm: {
    words: ['rm', '-', '--yes', '--wait'],
    stdin,
    photos: 0,
    there: count,
    lastsMs: shortMs,
    wrong: (inputs) => [...inputs.keys()].map((id) => `${id} is still there`),
  },
} satisfies Readonly<Record<string, Work>>;

/** As many files as a folder has in earnest. */
export const addMany = adding(5000, [], 4000);

/** What an interruption came to; all that is wrong by name. */
export interface Interrupted {
  /** The exit code of the interrupted run: null where a signal ended it. */
  readonly code: number | null;
  readonly wrong: readonly string[];
  /** Inputs that the app had, and that the second run sent again. */
  readonly sentAgain: readonly string[];
}

/** Interrupts a command, runs it again, and compares with what an undisturbed run ends in. */
export async function interrupted(
  t: TestContext,
  work: Work,
  kill: { readonly signal: NodeJS.Signals; readonly afterMs: number },
): Promise<Interrupted> {
  const scene = await Scene.open({ photos: work.photos, there: work.there, latencyMs: 30 });
  const proxy = new RecordingProxy(scene.sandbox.url);
  await proxy.start(t);
  try {
    const options = { base: proxy.url, stdin: work.stdin };
    const words = [...work.words, '--rps', '0', '-q', '-o', 'ndjson'];
    const { code } = await scene.run(words, { ...options, kill });
    // what was on its way when the process died still arrives
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = await scene.inputs();
    const seen = proxy.requests.length;
    const again = await scene.run(words, options);
    const sent = proxy.requests
      .slice(seen)
      .filter(({ method }) => method === 'POST')
      .flatMap(({ json }) => idsIn(json));
    const wrong = [
      ...(codeOfRerun(again) === 0 ? [] : [`exit ${again.code ?? '?'}: ${again.stderr}`]),
      ...work.wrong(await scene.inputs()),
    ];
    return { code, wrong, sentAgain: sent.filter((id) => before.has(id)) };
  } finally {
    await scene.close();
  }
}

/** The ids in a request's body. */
export function idsIn(json: unknown): readonly string[] {
  const inputs = isObject(json) ? json['inputs'] : undefined;
  return (isList(inputs) ? inputs : []).map((input) => {
    const id = valueAt(input, ['id']);
    return typeof id === 'string' ? id : '';
  });
}

/** The same moments in every run, spread over what the work takes: from while it starts to after it ended. */
export function moments(seed: number, times: number, { lastsMs }: Work): readonly number[] {
  let state = seed;
  return Array.from({ length: times }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 150 + Math.floor((state / 2_147_483_648) * lastsMs);
  });
}
