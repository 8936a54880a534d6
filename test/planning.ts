import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { isList, isObject, valueAt, type JsonObject } from '../src/wire/json.js';
import { openWorld, rows, type CliOptions, type CliResult, type World } from './harness.js';

/** A world without a key, so that a plan asks nobody. */
export async function planningWorld(t: TestContext): Promise<World> {
  return await openWorld(t, { env: { CLARIFAI_PAT: undefined } });
}

export interface Plan extends CliResult {
  /** What would be sent of each input. */
  readonly inputs: readonly JsonObject[];
}

export async function plan(world: World, args: readonly string[], options: CliOptions = {}): Promise<Plan> {
  const result = await world.cli(['add', ...args, '--dry-run', '-o', 'ndjson'], options);
  return { ...result, inputs: rows(result.stdout).flatMap((request) => inputsOf(request['body'])) };
}

function inputsOf(body: unknown): readonly JsonObject[] {
  const inputs = isObject(body) ? body['inputs'] : undefined;
  assert.ok(isList(inputs), 'a plan is of requests with inputs');
  return inputs.filter(isObject);
}

/** The URLs of a plan, undefined where an input is not the URL of an image. */
export function urlsOf({ inputs }: Plan): readonly unknown[] {
  return inputs.map((input) => valueAt(input, ['data', 'image', 'url']));
}
