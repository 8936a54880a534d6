import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, JsonObject } from '../../src/wire/json.js';
import { pngOf } from '../tiny-images.js';
import { NotTriedError, UntoldError, type Transport } from './assumption.js';
import type { GrpcCaller } from './grpc-caller.js';
import type { Answer, Caller, OperationName } from './operations.js';
import { pollDelays, type Pace } from './pace.js';
import type { RestCaller } from './rest-caller.js';
import { codeOf, familyPrefix, idsOf, inputOf, inputsOf, statusText } from './wording.js';

/** What is given to the probes of one transport. */
export interface SceneParts {
  readonly transport: Transport;
  /** Different for each run and transport. */
  readonly token: string;
  readonly rest: RestCaller;
  readonly grpc: GrpcCaller;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** The app has inputs that this command did not make. */
  readonly isShared: boolean;
  readonly isLoopback: boolean;
}

/** Has methods of its own, which look at whose inputs are deleted. */
type Deletion = 'delete' | 'deleteMany';

/** Codes of inputs that are still being worked on. */
const openCodes: ReadonlySet<string> = new Set(['30001', '30003', '30201', '30501', '30503']);

/** The service as probes see it over one transport, and the inputs that they made there. */
export class Scene {
  readonly transport: Transport;
  readonly isShared: boolean;
  readonly isLoopback: boolean;
  readonly #parts: SceneParts;
  readonly #prefix: string;
  readonly #ids = new Set<string>();
  readonly #datasetIds = new Set<string>();
  #pictures = 0;

  constructor(parts: SceneParts) {
    this.transport = parts.transport;
    this.isShared = parts.isShared;
    this.isLoopback = parts.isLoopback;
    this.#parts = parts;
    this.#prefix = `${familyPrefix}${parts.token}-`;
  }

  /** All ids that may be in the app because of this run. */
  get ids(): readonly string[] {
    return [...this.#ids];
  }

  /** The same service about another app. */
  inApp(appId: string): Caller {
    return this.#caller.inApp(appId);
  }

  /** REST, for what gRPC has no form of. */
  get rest(): RestCaller {
    return this.#parts.rest;
  }

  /** gRPC, for what REST has no form of. */
  get grpc(): GrpcCaller {
    return this.#parts.grpc;
  }

  /** An id of this run, to be deleted in the end. */
  id(name: string): string {
    const id = `${this.#prefix}${name}`;
    this.#ids.add(id);
    return id;
  }

  /** The dataset of this run. */
  datasetId(): string {
    const id = `${this.#prefix}dataset`;
    this.#datasetIds.add(id);
    return id;
  }

  /** To be deleted in the end. */
  get datasetIds(): readonly string[] {
    return [...this.#datasetIds];
  }

  /** An address that no other input has. It leads to a sample picture of the vendor's. */
  url(name: string): string {
    return `https://samples.clarifai.com/metro-north.jpg?${this.#prefix}${name}`;
  }

  /** Bytes of a picture that no other input has, as base64. */
  picture(sizeBytes = 0): string {
    this.#pictures += 1;
    const seed = Number.parseInt(this.#prefix.slice(familyPrefix.length, -1), 36);
    return pngOf((seed + this.#pictures) % 2 ** 24, sizeBytes, 64).toString('base64');
  }

  /** A photo to add, by its bytes. */
  photo(name: string, data: JsonObject = {}): JsonObject {
    return { id: this.id(name), data: { image: { base64: this.picture() }, ...data } };
  }

  /** Asks the service. What changes inputs is refused here unless it names none but inputs of this run. */
  async call(name: Exclude<OperationName, Deletion>, fields: JsonObject, authorization?: string): Promise<Answer> {
    if (name !== 'add' && name !== 'patch') return await this.#send(name, fields, authorization);
    for (const id of idsOf({ body: fields })) {
      if (!this.#ids.has(id)) throw new Error(`${id} is not an input of this run`);
    }
    return await this.#send(name, fields, authorization);
  }

  async add(...inputs: readonly JsonObject[]): Promise<Answer> {
    return await this.call('add', { inputs });
  }

  async patch(action: string, ...inputs: readonly JsonObject[]): Promise<Answer> {
    return await this.call('patch', { action, inputs });
  }

  /** Deletes inputs of this run and no others. */
  async delete(...ids: readonly string[]): Promise<Answer> {
    for (const id of ids) if (!id.startsWith(this.#prefix)) throw new Error(`${id} is not an input of this run`);
    return await this.#send('deleteMany', { ids });
  }

  async deleteOne(id: string): Promise<Answer> {
    if (!id.startsWith(this.#prefix)) throw new Error(`${id} is not an input of this run`);
    return await this.#send('delete', { input_id: id });
  }

  async get(id: string): Promise<Answer> {
    return await this.call('get', { input_id: id });
  }

  /** An input that is known to be there. */
  async find(id: string): Promise<JsonObject> {
    const answer = await this.get(id);
    const input = inputOf(answer);
    if (input === undefined) throw new UntoldError(`GET of an input that was added: ${statusText(answer)}`);
    return input;
  }

  /** Those of `ids` that the app has; by one request, so 128 at most. */
  async lookUp(ids: readonly string[]): Promise<readonly JsonObject[]> {
    return inputsOf(await this.call('list', { ids, per_page: 128 }));
  }

  /** Adds inputs that probes need, and waits until each is done or has failed; the codes that were seen on the way. */
  async settle(...inputs: readonly JsonObject[]): Promise<readonly string[]> {
    const answer = await this.add(...inputs);
    const codes = inputsOf(answer).map((input) => codeOf(input));
    if (codes.length < inputs.length || !codes.every((code) => openCodes.has(code) || code === '30000')) {
      throw new UntoldError(`an input that this needs was not added: ${statusText(answer)}: ${codes.join(', ')}`);
    }
    return [...new Set([...codes, ...(await this.waitUntilSettled(idsOf({ body: { inputs } })))])];
  }

  /** The codes that were seen, in their order. */
  async waitUntilSettled(ids: readonly string[]): Promise<readonly string[]> {
    const seen = new Set<string>();
    await this.until('still being indexed', async () => {
      const codes = (await this.lookUp(ids)).map((input) => codeOf(input));
      for (const code of codes) seen.add(code);
      return codes.length === ids.length && !codes.some((code) => openCodes.has(code));
    });
    return [...seen];
  }

  /** Looks again and again until something holds, within the limit for waits. */
  async until(otherwise: string, holds: () => Promise<boolean>): Promise<void> {
    const { pollMs, waitMs } = this.#parts.pace;
    const endMs = Date.now() + waitMs;
    for (const delayMs of pollDelays(pollMs)) {
      if (await holds()) return;
      if (Date.now() > endMs) throw new UntoldError(`${otherwise} after ${waitMs / 1000} s`);
      await sleep(delayMs, undefined, { signal: this.#parts.signal });
    }
  }

  /** For what must not be tried in an app that others use. */
  requireOwnApp(): void {
    if (this.isShared) throw new NotTriedError('the app has inputs that this command did not make');
  }

  get #caller(): Caller {
    return this.transport === 'rest' ? this.rest : this.grpc;
  }

  async #send(name: OperationName, fields: JsonObject, authorization?: string): Promise<Answer> {
    return await this.#caller.call(name, fields, authorization === undefined ? {} : { authorization });
  }
}

/** What several probes of a transport look at, made by the first of them. */
export class Fixture<T> {
  readonly #made = new WeakMap<Scene, Promise<T>>();
  readonly #make: (scene: Scene) => Promise<T>;

  constructor(make: (scene: Scene) => Promise<T>) {
    this.#make = make;
  }

  of(scene: Scene): Promise<T> {
    const made = this.#made.get(scene) ?? this.#make(scene);
    this.#made.set(scene, made);
    return made;
  }
}

/** A concept of this command's own. */
export function concept(name: string, value?: Json): JsonObject {
  return { id: familyPrefix + name, ...(value !== undefined && { value }) };
}
