import { create } from '@bufbuild/protobuf';
import type { PatchAction } from '../../wire/messages.js';
import { UserAppIDSetSchema } from '../../wire/proto/accounts_pb.js';
import {
  conceptsOf,
  countsOf,
  datasetIdsOf,
  datasetInputsOf,
  inputOf,
  inputsOf,
  type AppInput,
  type Concept,
  type Counts,
  type Status,
} from '../answers.js';
import { NotFoundError, UnexpectedAnswerError, unlessMissing } from '../errors.js';
import { extractionOf, jobOf, jobsOf, type AddJob, type DataSource, type ExtractionJob } from '../jobs.js';
import type { NewInput } from '../new-input.js';
import type { Delivery } from '../policy/delivery.js';
import type {
  AddAnswer,
  InputPatch,
  InputsService,
  ListPage,
  OnBody,
  PageNumber,
  RequestOptions,
  StreamPage,
  UploadProgress,
} from '../service.js';
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
import { GrpcSender, type GrpcConnection, type SentAnswer } from './sender.js';

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

/** The service by its gRPC API. */
export class GrpcClient implements InputsService {
  readonly maxRequestBytes = grpcSizes.maxRequestBytes;
  readonly emptyRequestBytes = grpcSizes.emptyRequestBytes;
  readonly sizeOf = grpcSizes.sizeOf;
  readonly sizeOfPatch = grpcSizes.sizeOfPatch;
  readonly #sender: GrpcSender;
  readonly #scope: AppScope;
  readonly #media: GrpcClientOptions['media'];
  /** Encode buffers of finished requests, for the next ones. */
  readonly #idleBuffers: Buffer[] = [];

  constructor(delivery: Delivery, { connection, app, media }: GrpcClientOptions) {
    this.#sender = new GrpcSender(delivery, connection);
    this.#scope = app && create(UserAppIDSetSchema, app);
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

  async getInputs(ids: readonly string[], { background = false }: RequestOptions = {}): Promise<readonly AppInput[]> {
    return await this.#inputs(lookUpCall(this.#scope, ids, background));
  }

  async listInputs(page: ListPage): Promise<readonly AppInput[]> {
    return await this.#inputs(listCall(this.#scope, page));
  }

  async streamInputs(page: StreamPage): Promise<readonly AppInput[]> {
    return await this.#inputs(streamCall(this.#scope, page));
  }

  async getInput(id: string): Promise<AppInput | undefined> {
    return await unlessMissing(async () => {
      const answer = await this.#sender.send(getCall(this.#scope, id));
      return inputOf(answer.body) ?? rejectAnswer(answer, 'has no input');
    });
  }

  async countInputs({ background = false }: RequestOptions = {}): Promise<Counts> {
    const answer = await this.#sender.send(countCall(this.#scope, background));
    return countsOf(answer.body) ?? rejectAnswer(answer, 'has no counts');
  }

  async patchInputs(action: PatchAction, patches: readonly InputPatch[]): Promise<readonly AppInput[]> {
    return await this.#inputs(patchCall(this.#scope, action, patches));
  }

  async deleteInput(id: string): Promise<boolean> {
    try {
      await this.#sender.send(deleteCall(this.#scope, id));
      return true;
    } catch (error) {
      if (error instanceof NotFoundError) return error.repeated;
      throw error;
    }
  }

  async deleteInputs(ids: readonly string[]): Promise<void> {
    // no request may go out that names no input to delete
    if (ids.length === 0) return;
    await this.#sender.send(deleteManyCall(this.#scope, { ids }));
  }

  async deleteAllInputs(): Promise<void> {
    await this.#sender.send(deleteManyCall(this.#scope, { deleteAll: true }));
  }

  async listConcepts(page: PageNumber): Promise<readonly Concept[]> {
    const answer = await this.#sender.send(conceptsCall(this.#scope, page));
    return conceptsOf(answer.body) ?? rejectAnswer(answer, 'has no concepts');
  }

  async listDatasets(page: PageNumber): Promise<readonly string[]> {
    const answer = await this.#sender.send(datasetsCall(this.#scope, page));
    return datasetIdsOf(answer.body) ?? rejectAnswer(answer, 'has no datasets');
  }

  async listDatasetInputs(dataset: string, page: PageNumber): Promise<readonly string[]> {
    const answer = await this.#sender.send(datasetInputsCall(this.#scope, dataset, page));
    const inputs = datasetInputsOf(answer.body) ?? rejectAnswer(answer, 'has no dataset inputs');
    return inputs.map(({ id }) => id);
  }

  async addToDataset(dataset: string, ids: readonly string[]): Promise<ReadonlyMap<string, Status>> {
    const answer = await this.#sender.send(joinCall(this.#scope, dataset, ids));
    const inputs = datasetInputsOf(answer.body) ?? rejectAnswer(answer, 'has no dataset inputs');
    return new Map(inputs.map(({ id, status }) => [id, status]));
  }

  async removeFromDataset(dataset: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#sender.send(leaveCall(this.#scope, dataset, ids));
  }

  async startJobs(sources: readonly DataSource[]): Promise<readonly AddJob[]> {
    const answer = await this.#sender.send(startJobsCall(this.#scope, sources));
    return jobsOf(answer.body) ?? rejectAnswer(answer, 'has no jobs');
  }

  async getJob(id: string, { background = false }: RequestOptions = {}): Promise<AddJob | undefined> {
    return await unlessMissing(async () => {
      const answer = await this.#sender.send(jobCall(this.#scope, id, background));
      return jobOf(answer.body) ?? rejectAnswer(answer, 'has no job');
    });
  }

  async listJobs(page: PageNumber): Promise<readonly AddJob[]> {
    const answer = await this.#sender.send(jobsCall(this.#scope, page));
    return jobsOf(answer.body) ?? rejectAnswer(answer, 'has no jobs');
  }

  async getExtraction(id: string, { background = false }: RequestOptions = {}): Promise<ExtractionJob | undefined> {
    return await unlessMissing(async () => {
      const answer = await this.#sender.send(extractionCall(this.#scope, id, background));
      return extractionOf(answer.body) ?? rejectAnswer(answer, 'has no job');
    });
  }

  async fetchMedia(url: URL, onBody: OnBody, signal?: AbortSignal): Promise<void> {
    await this.#media.fetchMedia(url, onBody, signal);
  }

  async close(): Promise<void> {
    this.#sender.close();
    await this.#media.close();
  }

  async #inputs(call: GrpcCall): Promise<readonly AppInput[]> {
    return inputsFrom(await this.#sender.send(call));
  }
}

function inputsFrom(answer: SentAnswer): readonly AppInput[] {
  return inputsOf(answer.body) ?? rejectAnswer(answer, 'has no inputs');
}

/** For an answer of success without what it is to hold. */
function rejectAnswer({ status }: SentAnswer, what: string): never {
  throw new UnexpectedAnswerError(`the answer ${what} (code ${status.code})`);
}
