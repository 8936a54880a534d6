import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { noFaults, type SandboxOptions, startSandbox } from '../../src/sandbox/server.js';
import type { JsonObject } from '../../src/wire/json.js';

export interface StatusBody {
  readonly code: number | string;
  readonly description?: string;
  readonly details?: string;
}

export interface InputBody {
  readonly id: string;
  readonly data: Readonly<Record<string, JsonObject>>;
  readonly created_at: string;
  readonly modified_at?: string;
  readonly status: StatusBody;
}

export interface Body {
  readonly status: StatusBody;
  readonly inputs?: readonly InputBody[];
  readonly input?: InputBody;
  readonly counts?: Readonly<Record<string, number>>;
  readonly concepts?: readonly unknown[];
  readonly inputs_add_job?: unknown;
  readonly inputs_add_jobs?: readonly unknown[];
}

export interface Answered {
  readonly http: number;
  readonly body: Body;
}

/** A running sandbox, its clock, and a way to talk to it without the project's own client. */
export interface Raw {
  readonly url: string;
  readonly port: number;
  readonly clock: { ms: number };
  readonly close: () => Promise<void>;
  /** Sends a request with the right key; the answer's req_id is checked and taken off. */
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answered>;
}

export const startMs = Date.UTC(2024, 0, 2, 3, 4, 5, 678);
export const startTime = '2024-01-02T03:04:05.678Z';
export const key = 'key-of-the-tests';

export const gif = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

export async function raw(t: TestContext, options: Partial<SandboxOptions> = {}): Promise<Raw> {
  const clock = { ms: startMs };
  const sandbox = await startSandbox({
    key,
    dataDir: undefined,
    port: 0,
    indexMs: 1500,
    deleteMs: 300,
    fetchUrls: false,
    deleteAll: true,
    faults: noFaults,
    now: () => clock.ms,
    ...options,
  });
  t.after(() => sandbox.close());
  return {
    url: sandbox.url,
    port: sandbox.port,
    clock,
    close: () => sandbox.close(),
    call: async (method, path, body, headers = {}) => {
      const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      const response = await fetch(sandbox.url + path, {
        method,
        headers: { authorization: `Key ${key}`, ...headers },
        ...(content === undefined ? {} : { body: content }),
      });
      assert.equal(response.headers.get('content-type'), 'application/json');
      return { http: response.status, body: bodyOf(await response.text()) };
    },
  };
}

/** An input with a URL of its own. */
export function byUrl(id: string, more: JsonObject = {}): JsonObject {
  return { id, data: { image: { url: `https://pictures.example/${id}.jpg` }, ...more } };
}

/** The codes of the inputs of an answer, in their order. */
export function codes({ body }: Answered): readonly unknown[] {
  return (body.inputs ?? []).map(({ status }) => status.code);
}

/** The ids of the inputs of an answer, in their order. */
export function ids({ body }: Answered): readonly string[] {
  return (body.inputs ?? []).map(({ id }) => id);
}

/** The address of an input's media. */
export function mediaUrl(input: InputBody | undefined, kind = 'image'): string {
  const url = input?.data[kind]?.['url'];
  assert.ok(typeof url === 'string', 'no address');
  return url;
}

export function bodyOf(text: string): Body {
  const body: unknown = JSON.parse(text);
  assert.ok(isBody(body), text);
  const { req_id: requestId, ...status } = body.status;
  assert.match(String(requestId), /^[0-9a-f]{32}$/);
  return { ...body, status };
}

function isBody(value: unknown): value is Body & { readonly status: StatusBody & { readonly req_id?: unknown } } {
  return typeof value === 'object' && value !== null && 'status' in value;
}
