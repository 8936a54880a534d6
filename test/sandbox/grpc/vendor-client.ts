import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import type { TestContext } from 'node:test';
import { key as testKey } from '../raw-http.js';

/** What the vendor's client answers, as far as tests look at it. */
export interface VendorAnswer {
  readonly status: { readonly code: number; readonly description: string; readonly details: string };
  readonly inputs: readonly VendorInput[];
  readonly input: VendorInput;
  readonly counts: Readonly<Record<string, number>>;
  readonly concepts: readonly VendorConcept[];
  readonly concept: VendorConcept;
  readonly inputs_add_job: VendorAddJob | null;
  readonly inputs_add_jobs: readonly VendorAddJob[];
  readonly inputs_extraction_job: VendorExtractionJob | null;
  readonly inputs_extraction_jobs: readonly VendorExtractionJob[];
}

interface VendorConcept {
  readonly id: string;
  readonly name: string;
  readonly value: number;
  readonly app_id: string;
}

export interface VendorInput {
  readonly id: string;
  readonly status: { readonly code: number; readonly details: string };
  readonly created_at: { readonly seconds: string };
  readonly data: {
    readonly concepts: readonly VendorConcept[];
    readonly image: { readonly url: string; readonly image_info: object | null; readonly hosted: object | null } | null;
    readonly video: { readonly url: string } | null;
    readonly metadata: unknown;
    readonly geo: { readonly geo_point: object | null } | null;
    readonly regions: readonly { readonly id: string; readonly region_info: { readonly bounding_box: object } }[];
  };
}

interface VendorAddJob {
  readonly id: string;
  readonly progress: Readonly<Record<string, string>> | null;
  readonly status: { readonly code: number } | null;
  readonly extraction_jobs: readonly VendorExtractionJob[];
}

interface VendorExtractionJob {
  readonly id: string;
  readonly url: string;
  readonly progress: Readonly<Record<string, string>> | null;
  readonly status: { readonly code: number } | null;
}

/** How a call failed that has no answer. */
export interface CallError extends Error {
  readonly code: number;
  readonly details: string;
}

export type VendorCall = (
  request: object,
  metadata: unknown,
  options: CallOptions,
  done: (error: CallError | null, answer: VendorAnswer) => void,
) => { cancel(): void };

export interface CallOptions {
  /** Ms since the epoch. */
  readonly deadline?: number;
}

interface VendorStub {
  close(): void;
}

interface Vendor {
  readonly ClarifaiStub: {
    grpc(
      base: string,
    ): VendorStub & { constructor: new (base: string, credentials: unknown, options: object) => VendorStub };
  };
  readonly grpc: {
    readonly Metadata: new () => { set(name: string, value: string): void };
    readonly credentials: { createInsecure(): unknown; createSsl(roots: Buffer): unknown };
  };
}

export interface VendorClient {
  /** What the vendor's examples call so. */
  readonly stub: object;
  readonly metadata: unknown;
  readonly ask: (method: string, request?: object, options?: CallOptions) => Promise<VendorAnswer>;
}

export interface ClientOptions {
  readonly key?: string;
  /** The roots to trust, which makes it speak TLS. */
  readonly roots?: Buffer;
  /** Of grpc-js. */
  readonly channel?: object;
}

const vendor: unknown = createRequire(import.meta.url)('clarifai-nodejs-grpc');
assert.ok(isVendor(vendor));
const { ClarifaiStub, grpc } = vendor;

/** The vendor's client for Node, on a channel of its own until the test ends. */
export function vendorClient(t: TestContext, port: number, options: ClientOptions = {}): VendorClient {
  const { key = testKey, roots, channel } = options;
  const credentials = roots ? grpc.credentials.createSsl(roots) : grpc.credentials.createInsecure();
  const base = ClarifaiStub.grpc(`127.0.0.1:${port}`);
  const large = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
  const stub = new base.constructor(`127.0.0.1:${port}`, credentials, { ...large, ...channel });
  base.close();
  t.after(() => {
    stub.close();
  });
  const metadata = new grpc.Metadata();
  metadata.set('authorization', `Key ${key}`);
  return {
    stub,
    metadata,
    ask: (method, request = {}, callOptions = {}) =>
      new Promise((resolve, reject) => {
        const call: unknown = Reflect.get(stub, method);
        assert.ok(isCall(call), `no method ${method}`);
        call.call(stub, request, metadata, callOptions, (error, answer) => {
          if (error) reject(error);
          else resolve(answer);
        });
      }),
  };
}

/** The codes of the inputs of an answer, in their order. */
export function codesOf({ inputs }: VendorAnswer): readonly number[] {
  return inputs.map(({ status }) => status.code);
}

/** The ids of the inputs of an answer, in their order. */
export function idsOf({ inputs }: VendorAnswer): readonly string[] {
  return inputs.map(({ id }) => id);
}

/** Rejects with a call error of this code. */
export async function failsWith(call: Promise<unknown>, code: number, details?: RegExp): Promise<void> {
  await assert.rejects(call, (error: CallError) => {
    assert.equal(error.code, code, error.message);
    if (details !== undefined) assert.match(error.details, details);
    return true;
  });
}

function isVendor(value: unknown): value is Vendor {
  return typeof value === 'object' && value !== null && 'ClarifaiStub' in value && 'grpc' in value;
}

/** Whether a property of a stub is one of its methods. */
export function isCall(value: unknown): value is VendorCall {
  return typeof value === 'function';
}
