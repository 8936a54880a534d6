import type { JsonObject } from '../../src/wire/json.js';

/** One call of the service, as both transports spell it. */
interface Operation {
  readonly rpc: string;
  readonly verb: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** After the app. Fields in braces are taken from the request. */
  readonly path: string;
}

/** The calls that the probes make. Source: the proto's google.api.http options. */
export const operations = {
  add: { rpc: 'PostInputs', verb: 'POST', path: '/inputs' },
  list: { rpc: 'ListInputs', verb: 'GET', path: '/inputs' },
  stream: { rpc: 'StreamInputs', verb: 'GET', path: '/inputs/stream' },
  get: { rpc: 'GetInput', verb: 'GET', path: '/inputs/{input_id}' },
  counts: { rpc: 'GetInputCount', verb: 'GET', path: '/inputs/status' },
  patch: { rpc: 'PatchInputs', verb: 'PATCH', path: '/inputs' },
  delete: { rpc: 'DeleteInput', verb: 'DELETE', path: '/inputs/{input_id}' },
  deleteMany: { rpc: 'DeleteInputs', verb: 'DELETE', path: '/inputs' },
  concepts: { rpc: 'ListConcepts', verb: 'GET', path: '/concepts' },
  job: { rpc: 'GetInputsAddJob', verb: 'GET', path: '/inputs/jobs/add/{id}' },
  datasets: { rpc: 'ListDatasets', verb: 'GET', path: '/datasets' },
  datasetInputs: { rpc: 'ListDatasetInputs', verb: 'GET', path: '/datasets/{dataset_id}/inputs' },
  join: { rpc: 'PostDatasetInputs', verb: 'POST', path: '/datasets/{dataset_id}/inputs' },
  leave: { rpc: 'DeleteDatasetInputs', verb: 'DELETE', path: '/datasets/{dataset_id}/inputs' },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationName = keyof typeof operations;

/** The service's answer, as it came. */
export interface Answer {
  readonly http: number;
  /** The status that ends a gRPC call; undefined over REST, and where a gateway answered. */
  readonly grpc: number | undefined;
  /** As REST prints it; empty where there is none or it is not JSON. */
  readonly body: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
  /** After the body; over gRPC alone. */
  readonly trailers: Readonly<Record<string, string>>;
}

/** What stands in the place of the key. */
export interface CallOptions {
  /** The header `authorization`; an empty text leaves it out. */
  readonly authorization?: string;
}

/** The service over one transport. */
export interface Caller {
  /** @param fields - of the request's message, spelt as in JSON */
  readonly call: (name: OperationName, fields: JsonObject, options?: CallOptions) => Promise<Answer>;
  /** The same service about another app. */
  readonly inApp: (appId: string) => Caller;
  readonly close: () => void;
}

/** The app that is asked, and by which key. */
export interface Target {
  readonly apiBase: string;
  readonly userId: string;
  readonly appId: string;
  readonly key: string;
}

/** Paces requests, counts them, and ends them when the run ends. */
export interface Gate {
  /** Resolves when the next request may go. Throws when the run is over or the last request was spent. */
  readonly pass: () => Promise<AbortSignal>;
}
