import { createHash } from 'node:crypto';
import { pngOf } from '../tiny-images.js';
import { FaultProxy, networkFaults } from './fault-proxy.js';
import { GrpcFaultProxy, grpcFaults } from './grpc-fault-proxy.js';
import { Scene, type Outcome, codeOfRerun } from './scene.js';
import type { Row } from './table.js';

/** A command of the matrix, and what the app holds once it is done. */
export interface Deed {
  readonly words: readonly string[];
  /** Ids that are to be there, once each; those that are to be gone. */
  readonly there?: readonly string[];
  readonly gone?: readonly string[];
  /** Ids that are to have the concept `dog`, once. */
  readonly tagged?: readonly string[];
}

export const photoIds = Array.from({ length: 5 }, (_, index) => hashIdOf(pngOf(index)));

/** Short times, so that what lasts for good ends soon. */
export const hasty = ['--retries', '2', '--timeout', '0.4', '--rps', '0'];

export const deeds: Readonly<Record<string, Deed>> = {
  add: { words: ['add', 'photos'], there: photoIds },
  list: { words: ['list', '--all', '-o', 'ids'] },
  stream: { words: ['stream', '-o', 'ids'] },
  get: { words: ['get', 'there0', 'there1', '-o', 'ids'] },
  status: { words: ['status', '-o', 'json'] },
  patch: { words: ['patch', 'there0', 'there1', '-c', 'dog'], tagged: ['there0', 'there1'] },
  rm: { words: ['rm', 'there0', 'there1', '--yes', '--wait'], gone: ['there0', 'there1'] },
};

/** Answers that look odd and tell all that is needed. */
const harmless = new Set(['code as text', 'wrong content type', 'GOAWAY in good order']);

/** The exit code that a row is to have. */
export function expectedCode({ fault, times }: Pick<Row, 'fault' | 'times'>): number {
  return times === 1 || harmless.has(fault) ? 0 : 6;
}

export interface Spoilt {
  readonly fault: string;
  readonly command: string;
  readonly times: number;
  readonly transport?: 'rest' | 'grpc';
}

function proxyFor(
  target: string,
  { fault, times, transport }: Required<Omit<Spoilt, 'command'>>,
): FaultProxy | GrpcFaultProxy {
  const [spoil, grpcSpoil] = [networkFaults[fault], grpcFaults[fault]];
  if (transport === 'rest' && spoil !== undefined) return new FaultProxy(target, spoil, times);
  if (transport === 'grpc' && grpcSpoil !== undefined) return new GrpcFaultProxy(target, grpcSpoil, times);
  throw new Error(`${fault}: not in the matrix of ${transport}`);
}

/** Runs one command through one fault, and again without it. */
export async function spoilt({ fault, command, times, transport = 'rest' }: Spoilt): Promise<Row> {
  const deed = deeds[command];
  if (deed === undefined) throw new Error(`${command}: not in the matrix`);
  const scene = await Scene.open();
  const proxy = proxyFor(scene.sandbox.url, { fault, times, transport });
  await proxy.start();
  try {
    const env = { CLARIFAI_INPUTS_TRANSPORT: transport };
    const outcome = await scene.run([...deed.words, ...hasty], { base: proxy.url, env });
    return await rowOf({ fault, command, times }, { scene, deed, outcome });
  } finally {
    await proxy.stop();
    await scene.close();
  }
}

/** Does the command once more, now that the fault is over, and compares what the app has with what was said. */
export async function rowOf(
  name: Pick<Row, 'fault' | 'command' | 'times'>,
  { scene, deed, outcome, againWords = deed.words }: Done,
): Promise<Row> {
  const claims = await broken(scene, deed, outcome);
  const again = await scene.run([...againWords, '--rps', '0']);
  const after = await broken(scene, deed, again);
  const doubled = Math.max(claims.doubled, after.doubled);
  return { ...name, outcome, lost: claims.lost + after.lost, doubled, again: codeOfRerun(again) };
}

interface Done {
  readonly scene: Scene;
  readonly deed: Deed;
  readonly outcome: Outcome;
  /** Where the fault lies in the words themselves. */
  readonly againWords?: readonly string[] | undefined;
}

/** What the app has against what the command says. */
async function broken(scene: Scene, deed: Deed, outcome: Outcome): Promise<{ lost: number; doubled: number }> {
  await new Promise((resolve) => setTimeout(resolve, 30)); // deletes take their time
  const inputs = await scene.inputs();
  const says = (id: string): boolean =>
    outcome.code === 0 || new RegExp(`"id":"${id}".*"outcome":"(added|exists|deleted)"`).test(outcome.stdout);
  const lost = [
    ...(deed.there ?? []).filter((id) => says(id) && !inputs.has(id)),
    // hosted under the hash of its content, of which the id is a part
    ...(deed.there ?? []).filter((id) => inputs.get(id)?.json.includes(id) === false),
    ...(deed.gone ?? []).filter((id) => says(id) && inputs.has(id)),
    ...(deed.tagged ?? []).filter((id) => says(id) && inputs.get(id)?.json.split('"id":"dog"').length !== 2),
    ...Array.from({ length: 6 }, (_, index) => `there${index}`).filter(
      (id) => deed.gone?.includes(id) !== true && !inputs.has(id),
    ),
  ];
  const known = new Set([...(deed.there ?? []), ...Array.from({ length: 6 }, (_, index) => `there${index}`)]);
  const strangers = [...inputs.keys()].filter((id) => !known.has(id));
  const twice = [...inputs.values()].filter(({ times }) => times > 1);
  return { lost: lost.length, doubled: strangers.length + twice.length };
}

/** The id that the content makes. */
export function hashIdOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}
