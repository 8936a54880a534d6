import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';
import { isList, isObject, valueAt } from '../../src/api/decode.js';
import { RecordingProxy } from '../recording-proxy.js';
import { pngOf } from '../tiny-images.js';
import { Scene } from './scene.js';

const count = 120;
const photoIds = Array.from({ length: count }, (_, index) =>
  createHash('sha256').update(pngOf(index)).digest('hex').slice(0, 32),
);
const thereIds = Array.from({ length: count }, (_, index) => `there${index}`);

/** A command that takes a while, and the state that an undisturbed run of it ends in. */
interface Work {
  readonly words: readonly string[];
  readonly stdin?: string;
  readonly there: number;
  /** What is wrong with the app afterwards; empty if nothing is. */
  readonly wrong: (inputs: Awaited<ReturnType<Scene['inputs']>>) => readonly string[];
}

const stdin = thereIds.join('\n');

export const works: Readonly<Record<string, Work>> = {
  add: {
    words: ['add', 'photos', '--batch-size', '8', '--concurrency', '2'],
    there: 0,
    wrong: (inputs) => [
      ...photoIds.filter((id) => inputs.get(id)?.times !== 1).map((id) => `${id} is not there once`),
      ...[...inputs.keys()].filter((id) => !photoIds.includes(id)).map((id) => `${id} is nobody's`),
    ],
  },
  patch: {
    words: ['patch', '-', '-c', 'dog', '-c', 'cat=0'],
    stdin,
    there: count,
    wrong: (inputs) =>
      thereIds
        .filter((id) => inputs.get(id)?.json.match(/"id":"(dog|cat)"/g)?.length !== 2)
        .map((id) => `${id} is not tagged`),
  },
  rm: {
    words: ['rm', '-', '--yes', '--wait'],
    stdin,
    there: count,
    wrong: (inputs) => [...inputs.keys()].map((id) => `${id} is still there`),
  },
};

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
  name: string,
  kill: { readonly signal: NodeJS.Signals; readonly afterMs: number },
): Promise<Interrupted> {
  const work = works[name];
  if (work === undefined) throw new Error(`no work '${name}'`);
  const scene = await Scene.open({ photos: name === 'add' ? count : 0, there: work.there, latencyMs: 30 });
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
      ...(again.code === 0 ? [] : [`exit ${again.code ?? '?'}: ${again.stderr}`]),
      ...work.wrong(await scene.inputs()),
    ];
    return { code, wrong, sentAgain: sent.filter((id) => before.has(id)) };
  } finally {
    await scene.close();
  }
}

function idsIn(json: unknown): readonly string[] {
  const inputs = isObject(json) ? json['inputs'] : undefined;
  return (isList(inputs) ? inputs : []).map((input) => {
    const id = valueAt(input, ['id']);
    return typeof id === 'string' ? id : '';
  });
}

/** The same moments in every run, spread over what the work takes: from while it starts to after it ended. */
export function moments(seed: number, times: number): readonly number[] {
  let state = seed;
  return Array.from({ length: times }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 150 + Math.floor((state / 2_147_483_648) * 1300);
  });
}
