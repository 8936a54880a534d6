import assert from 'node:assert/strict';
import { deeds, rowOf, type Deed } from './matrix.js';
import { Scene, type RunOptions } from './scene.js';
import type { Row } from './table.js';

/** Something wrong with the machine, and a command that meets it. */
export interface LocalFault {
  readonly fault: string;
  readonly command: string;
  readonly times: number;
  /** The exit code that it is to have. */
  readonly code: number;
  /** What stderr says. */
  readonly says: RegExp;
  /** How long it may take; 10 s unless told. */
  readonly limitSeconds?: number;
  readonly scene?: Parameters<typeof Scene.open>[0];
  /** Undefined where the fault can't be made on this machine. */
  readonly stage: (scene: Scene) => Promise<Stage | undefined> | Stage | undefined;
}

/** A fault that is set up. */
export interface Stage {
  readonly deed: Deed;
  readonly options?: RunOptions;
  /** Ends the fault, so that the same command ends well. */
  readonly repair?: () => void;
  /** The words that end well then, if not the same. */
  readonly againWords?: readonly string[];
  /** What more is to hold after the run. */
  readonly check?: () => void;
}

/** A command of the matrix, with more words. */
export function doing(command: string, more: readonly string[] = []): Deed {
  const deed = deeds[command];
  if (deed === undefined) throw new Error(`${command}: not in the matrix`);
  return { ...deed, words: [...deed.words, ...more] };
}

/** Runs a command through a fault of the machine, and again without it; undefined where the fault can't be made. */
export async function endured(local: LocalFault): Promise<Row | undefined> {
  const { fault, command, times } = local;
  const scene = await Scene.open(local.scene);
  try {
    const stage = await local.stage(scene);
    if (stage === undefined) return undefined;
    const { deed, againWords } = stage;
    const outcome = await scene.run(deed.words, stage.options);
    stage.check?.();
    stage.repair?.();
    return await rowOf({ fault, command, times }, { scene, deed, outcome, againWords });
  } finally {
    await scene.close();
  }
}

/** What each row is to be: its exit code, one line that says why and a hint, nothing lost, nothing doubled, soon over. */
export function mustBeHarmless(row: Row, { code, says, limitSeconds = 10 }: LocalFault): void {
  const { outcome, fault, command, lost, doubled, again } = row;
  const name = `${fault}, ${command}`;
  assert.equal(outcome.code, code, `${name}: ${outcome.stderr}`);
  assert.match(outcome.stderr, says, name);
  assert.doesNotMatch(outcome.stderr, /^ +at |this is a bug/m, name);
  assert.deepEqual({ lost, doubled, again }, { lost: 0, doubled: 0, again: 0 }, name);
  assert.ok(outcome.seconds < limitSeconds, `${name}: ${outcome.seconds} s`);
  if (code !== 0) assert.match(outcome.stderr, /hint(": ?"|: )/, name);
}
