import { create } from '@bufbuild/protobuf';
import { UserAppIDSetSchema } from '../../wire/proto/accounts_pb.js';
import { InputsClient, inputsFrom, type Calls } from '../inputs-client.js';
import type { NewInput } from '../new-input.js';
import type { Delivery } from '../policy/delivery.js';
import type { AddAnswer, InputsService, OnBody, UploadProgress } from '../service.js';
import { writeBytes } from './add-request.js';
import { datasetInputsCall, datasetsCall, joinCall, leaveCall } from './dataset-requests.js';
import { extractionCall, jobCall, jobsCall, startJobsCall } from './job-requests.js';
import {
  addCall,
  conceptsCall,
  countCall,
  deleteCall,
  deleteManyCall,
  getCall,
  grpcSizes,
  listCall,
  lookUpCall,
  patchCall,
  streamCall,
  type AppScope,
  type GrpcCall,
} from './requests.js';
import { GrpcSender, type GrpcConnection } from './sender.js';

/** The app that requests are about. */
export interface AppId {
  readonly userId: string;
  readonly appId: string;
}

export interface GrpcClientOptions {
  readonly connection: GrpcConnection;
  /** Undefined for the key's own app. */
  readonly app: AppId | undefined;
  /** Media is reached by HTTP, whatever transport the API is asked by. */
  readonly media: Pick<InputsService, 'fetchMedia' | 'close'>;
}

function callsFor(scope: AppScope): Calls<GrpcCall> {
  return {
    lookUp: (ids, background) => lookUpCall(scope, ids, background),
    list: (page) => listCall(scope, page),
    stream: (page) => streamCall(scope, page),
    get: (id) => getCall(scope, id),
    count: (background) => countCall(scope, background),
    patch: (action, patches) => patchCall(scope, action, patches),
    delete: (id) => deleteCall(scope, id),
    deleteMany: (ids) => deleteManyCall(scope, { ids }),
    deleteAll: () => deleteManyCall(scope, { deleteAll: true }),
    concepts: (page) => conceptsCall(scope, page),
    datasets: (page) => datasetsCall(scope, page),
    datasetInputs: (dataset, page) => datasetInputsCall(scope, dataset, page),
    join: (dataset, ids) => joinCall(scope, dataset, ids),
    leave: (dataset, ids) => leaveCall(scope, dataset, ids),
    startJobs: (sources) => startJobsCall(scope, sources),
    job: (id, background) => jobCall(scope, id, background),
    jobs: (page) => jobsCall(scope, page),
    extraction: (id, background) => extractionCall(scope, id, background),
  };
}

/** The service by its gRPC API. */
export class GrpcClient extends InputsClient<GrpcCall> {
  readonly #sender: GrpcSender;
  readonly #scope: AppScope;
  readonly #media: GrpcClientOptions['media'];
  /** Encode buffers of finished requests, for the next ones. */
  readonly #idleBuffers: Buffer[] = [];

  constructor(delivery: Delivery, { connection, app, media }: GrpcClientOptions) {
    const sender = new GrpcSender(delivery, connection);
    const scope = app && create(UserAppIDSetSchema, app);
    super({ sender, calls: callsFor(scope), sizes: grpcSizes });
    this.#sender = sender;
    this.#scope = scope;
    this.#media = media;
  }

  async addInputs(inputs: readonly NewInput[], upload: UploadProgress): Promise<AddAnswer> {
    // slow, so that it is not cut from a pool that others hold
    const buffer = this.#idleBuffers.pop() ?? Buffer.allocUnsafeSlow(writeBytes);
    try {
      const answer = await this.#sender.send(addCall({ scope: this.#scope, inputs, buffer, upload }));
      return { inputs: inputsFrom(answer), repeated: answer.repeated };
    } finally {
      this.#idleBuffers.push(buffer);
    }
  }

  async fetchMedia(url: URL, onBody: OnBody, signal?: AbortSignal): Promise<void> {
    await this.#media.fetchMedia(url, onBody, signal);
  }

  async close(): Promise<void> {
    this.#sender.close();
    await this.#media.close();
  }
}
