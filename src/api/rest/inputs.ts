import { maxInputsPerRequest, type PatchAction } from '../../wire/messages.js';
import type { JsonObject } from '../../wire/json.js';
import { appends } from './repeatable.js';
import { postInputsBody, type EncodeBuffers, type NewInput } from './body.js';
import type { Answer } from './attempt.js';
import type { Client } from '../policy/delivery.js';
import { countsOf, inputOf, inputsOf, type AppInput, type Counts } from '../answers.js';
import type { RequestBody } from './exchange.js';
import { ApiError, UnavailableError } from '../errors.js';

/** What adding a batch came to. */
export interface Added {
  /** One per input sent, as the service answered; without ids of our own, in the order sent. */
  readonly inputs: readonly AppInput[];
  /** True if an earlier try may have added them already. */
  readonly repeated: boolean;
}

/** POST /inputs. */
export async function postInputs(
  client: Client,
  inputs: readonly NewInput[],
  buffers: EncodeBuffers,
  sending: { bytes: number },
): Promise<Added> {
  const answer = await client.send({
    method: 'POST',
    path: '/inputs',
    body: postInputsBody(inputs, buffers, sending),
    repeatable: inputs.every((input) => input.id !== undefined),
    divisible: inputs.length > 1,
  });
  return { inputs: listed(answer), repeated: answer.repeated };
}

/** What is sent of one input to change it. */
export interface WirePatch {
  readonly id: string;
  readonly data: JsonObject;
}

/** The body of PATCH /inputs. */
export function patchBody(action: PatchAction, patches: readonly WirePatch[]): JsonObject {
  return { inputs: patches.map(({ id, data }) => ({ id, data })), action };
}

/**
 * PATCH /inputs, at most 128 inputs.
 *
 * @returns one per input as the service answered, each with the state it has after the change
 */
export async function patchInputs(
  client: Client,
  action: PatchAction,
  patches: readonly WirePatch[],
): Promise<readonly AppInput[]> {
  const body = jsonBody(patchBody(action, patches));
  const repeatable = !patches.some(({ data }) => appends(action, data));
  return listed(await client.send({ method: 'PATCH', path: '/inputs', body, repeatable }));
}

/** GET /inputs, one page. A page past the end is empty. */
export async function listInputs(
  client: Client,
  options: { readonly page: number; readonly perPage: number; readonly statusCode?: number | undefined },
): Promise<readonly AppInput[]> {
  const query = new URLSearchParams({ page: String(options.page), per_page: String(options.perPage) });
  if (options.statusCode !== undefined) query.set('status.code', String(options.statusCode));
  return listed(await client.send({ method: 'GET', path: `/inputs?${query.toString()}` }));
}

/**
 * GET /inputs?ids=, at most 128 ids. Those that the app does not have are left out of the answer.
 *
 * @param background - true for polls
 */
export async function getInputs(
  client: Client,
  ids: readonly string[],
  background = false,
): Promise<readonly AppInput[]> {
  const query = new URLSearchParams(ids.map((id): [string, string] => ['ids', id]));
  query.set('per_page', String(maxInputsPerRequest));
  return listed(await client.send({ method: 'GET', path: `/inputs?${query.toString()}`, background }));
}

/** GET /inputs/{id}; undefined if the app has no such input. */
export async function getInput(client: Client, id: string): Promise<AppInput | undefined> {
  // a path's own word can't be fetched as an id
  if (isPathWord(id)) return (await getInputs(client, [id])).find((input) => input.id === id);
  try {
    const answer = await client.send({ method: 'GET', path: inputPath(id), namesInput: true });
    return inputOf(answer.body) ?? unexpected(answer, 'has no input');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export interface StreamPage {
  /** Begin after this input; undefined to begin with the first. */
  readonly lastId: string | undefined;
  readonly perPage: number;
  /** Newest first. */
  readonly descending: boolean;
  /** True for what lets other requests go first. */
  readonly background?: boolean;
}

/** GET /inputs/stream: the inputs after `lastId`, by the time they were added. Empty at the end. */
export async function streamInputs(client: Client, options: StreamPage): Promise<readonly AppInput[]> {
  const query = new URLSearchParams({ per_page: String(options.perPage) });
  if (options.lastId !== undefined) query.set('last_id', options.lastId);
  if (options.descending) query.set('descending', 'true');
  const namesInput = options.lastId !== undefined;
  const { background = false } = options;
  const path = `/inputs/stream?${query.toString()}`;
  return listed(await client.send({ method: 'GET', path, namesInput, background }));
}

/** GET /inputs/status: the counts of the whole app. */
export async function countInputs(client: Client, background = false): Promise<Counts> {
  const answer = await client.send({ method: 'GET', path: '/inputs/status', background });
  return countsOf(answer.body) ?? unexpected(answer, 'has no counts');
}

/**
 * DELETE /inputs/{id}; the service deletes in the background.
 *
 * @returns false if the app has no such input, and no earlier try of this request can have deleted it
 */
export async function deleteInput(client: Client, id: string): Promise<boolean> {
  if (isPathWord(id)) {
    const found = (await getInputs(client, [id])).length > 0;
    if (found) await deleteInputs(client, [id]);
    return found;
  }
  try {
    await client.send({ method: 'DELETE', path: inputPath(id), namesInput: true });
    return true;
  } catch (error) {
    if (isMissing(error)) return error.repeated;
    throw error;
  }
}

/** DELETE /inputs, at most 128 ids and never none. The service does not tell which of them were there. */
export async function deleteInputs(client: Client, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await client.send({ method: 'DELETE', path: '/inputs', body: jsonBody({ ids }) });
}

/** DELETE /inputs with `delete_all`, which newer services refuse. */
export async function deleteAllInputs(client: Client): Promise<void> {
  await client.send({ method: 'DELETE', path: '/inputs', body: jsonBody({ delete_all: true }) });
}

/** A small body, made at once. */
export function jsonBody(value: JsonObject): RequestBody {
  const bytes = Buffer.from(JSON.stringify(value));
  return { lengthBytes: bytes.length, chunks: () => [bytes] };
}

/** True for a 404 on a path that names an input. */
export function isMissing(error: unknown): error is ApiError {
  return error instanceof ApiError && error.refusal.httpStatus === 404 && error.exitCode === 3;
}

/** Words that routes of their own stand behind. Source: the proto's paths. */
const pathWords = new Set(['status', 'stream', 'searches', 'uploads', 'data_sources', 'jobs', '.', '..']);

function isPathWord(id: string): boolean {
  return pathWords.has(id);
}

function inputPath(id: string): string {
  return `/inputs/${encodeURIComponent(id)}`;
}

function listed(answer: Answer): readonly AppInput[] {
  return inputsOf(answer.body) ?? unexpected(answer, 'has no inputs');
}

/** For an answer of success without what it is to hold. */
export function unexpected(answer: Answer, what: string): never {
  throw new UnavailableError(`the answer ${what} (HTTP ${answer.httpStatus}, code ${answer.status.code})`, {
    refusal: undefined,
    persistent: true,
    hint: 'is the API base right? See it with -v',
  });
}
