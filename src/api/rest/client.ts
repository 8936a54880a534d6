import type { PatchAction } from '../../wire/messages.js';
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
import type { RestAnswer, RestCall } from './attempt.js';
import { encodeBuffers, postInputsBody, type EncodeBuffers } from './body.js';
import type { RestConnection } from './exchange.js';
import { MediaFetcher } from './fetch-media.js';
import { isIdempotentPatch } from '../policy/repeatable.js';
import {
  conceptsCall,
  datasetInputsCall,
  datasetsCall,
  inputCall,
  isPathWord,
  jsonBody,
  listCall,
  lookUpCall,
  membershipCall,
  patchBody,
  restSizes,
  streamCall,
} from './requests.js';
import { extractionCall, jobCall, jobsCall, startJobsCall } from './job-requests.js';
import { RestSender } from './sender.js';

/** The service by its REST API. */
export class RestClient implements InputsService {
  readonly maxRequestBytes = restSizes.maxRequestBytes;
  readonly emptyRequestBytes = restSizes.emptyRequestBytes;
  readonly sizeOf = restSizes.sizeOf;
  readonly sizeOfPatch = restSizes.sizeOfPatch;
  readonly #sender: RestSender;
  readonly #media: MediaFetcher;
  /** Encode buffers of finished requests, for the next ones. */
  readonly #idleBuffers: EncodeBuffers[] = [];

  constructor(delivery: Delivery, connection: RestConnection) {
    this.#sender = new RestSender(delivery, connection);
    this.#media = new MediaFetcher(delivery, connection);
  }

  async addInputs(inputs: readonly NewInput[], upload: UploadProgress): Promise<AddAnswer> {
    const buffers = this.#idleBuffers.pop() ?? encodeBuffers();
    try {
      const answer = await this.#sender.send({
        method: 'POST',
        path: '/inputs',
        body: postInputsBody(inputs, buffers, upload),
        repeatable: inputs.every((input) => input.id !== undefined),
        divisible: inputs.length > 1,
      });
      return { inputs: inputsFrom(answer), repeated: answer.repeated };
    } finally {
      this.#idleBuffers.push(buffers);
    }
  }

  async getInputs(ids: readonly string[], { background = false }: RequestOptions = {}): Promise<readonly AppInput[]> {
    return await this.#inputs(lookUpCall(ids, background));
  }

  async listInputs(page: ListPage): Promise<readonly AppInput[]> {
    return await this.#inputs(listCall(page));
  }

  async streamInputs(page: StreamPage): Promise<readonly AppInput[]> {
    return await this.#inputs(streamCall(page));
  }

  async getInput(id: string): Promise<AppInput | undefined> {
    if (isPathWord(id)) return (await this.getInputs([id])).find((input) => input.id === id);
    return await unlessMissing(async () => {
      const answer = await this.#sender.send(inputCall('GET', id));
      return inputOf(answer.body) ?? rejectAnswer(answer, 'has no input');
    });
  }

  async countInputs({ background = false }: RequestOptions = {}): Promise<Counts> {
    const answer = await this.#sender.send({ method: 'GET', path: '/inputs/status', background });
    return countsOf(answer.body) ?? rejectAnswer(answer, 'has no counts');
  }

  async patchInputs(action: PatchAction, patches: readonly InputPatch[]): Promise<readonly AppInput[]> {
    const body = jsonBody(patchBody(action, patches));
    const repeatable = patches.every(({ data }) => isIdempotentPatch(action, data));
    return await this.#inputs({ method: 'PATCH', path: '/inputs', body, repeatable });
  }

  async deleteInput(id: string): Promise<boolean> {
    if (isPathWord(id)) {
      const isThere = (await this.getInputs([id])).length > 0;
      if (isThere) await this.deleteInputs([id]);
      return isThere;
    }
    try {
      await this.#sender.send(inputCall('DELETE', id));
      return true;
    } catch (error) {
      if (error instanceof NotFoundError) return error.repeated;
      throw error;
    }
  }

  async deleteInputs(ids: readonly string[]): Promise<void> {
    // no request may go out that names no input to delete
    if (ids.length === 0) return;
    await this.#sender.send({ method: 'DELETE', path: '/inputs', body: jsonBody({ ids }) });
  }

  async deleteAllInputs(): Promise<void> {
    await this.#sender.send({ method: 'DELETE', path: '/inputs', body: jsonBody({ delete_all: true }) });
  }

  async listConcepts(page: PageNumber): Promise<readonly Concept[]> {
    const answer = await this.#sender.send(conceptsCall(page));
    return conceptsOf(answer.body) ?? rejectAnswer(answer, 'has no concepts');
  }

  async listDatasets(page: PageNumber): Promise<readonly string[]> {
    const answer = await this.#sender.send(datasetsCall(page));
    return datasetIdsOf(answer.body) ?? rejectAnswer(answer, 'has no datasets');
  }

  async listDatasetInputs(dataset: string, page: PageNumber): Promise<readonly string[]> {
    const answer = await this.#sender.send(datasetInputsCall(dataset, page));
    const inputs = datasetInputsOf(answer.body) ?? rejectAnswer(answer, 'has no dataset inputs');
    return inputs.map(({ id }) => id);
  }

  async addToDataset(dataset: string, ids: readonly string[]): Promise<ReadonlyMap<string, Status>> {
    const answer = await this.#sender.send(membershipCall('POST', dataset, ids));
    const inputs = datasetInputsOf(answer.body) ?? rejectAnswer(answer, 'has no dataset inputs');
    return new Map(inputs.map(({ id, status }) => [id, status]));
  }

  async removeFromDataset(dataset: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#sender.send(membershipCall('DELETE', dataset, ids));
  }

  async startJobs(sources: readonly DataSource[]): Promise<readonly AddJob[]> {
    const answer = await this.#sender.send(startJobsCall(sources));
    return jobsOf(answer.body) ?? rejectAnswer(answer, 'has no jobs');
  }

  async getJob(id: string, { background = false }: RequestOptions = {}): Promise<AddJob | undefined> {
    return await unlessMissing(async () => {
      const answer = await this.#sender.send(jobCall(id, background));
      return jobOf(answer.body) ?? rejectAnswer(answer, 'has no job');
    });
  }

  async listJobs(page: PageNumber): Promise<readonly AddJob[]> {
    const answer = await this.#sender.send(jobsCall(page));
    return jobsOf(answer.body) ?? rejectAnswer(answer, 'has no jobs');
  }

  async getExtraction(id: string, { background = false }: RequestOptions = {}): Promise<ExtractionJob | undefined> {
    return await unlessMissing(async () => {
      const answer = await this.#sender.send(extractionCall(id, background));
      return extractionOf(answer.body) ?? rejectAnswer(answer, 'has no job');
    });
  }

  async fetchMedia(url: URL, onBody: OnBody, signal?: AbortSignal): Promise<void> {
    await this.#media.fetch(url, onBody, signal);
  }

  async close(): Promise<void> {
    await this.#sender.close();
  }

  async #inputs(call: RestCall): Promise<readonly AppInput[]> {
    return inputsFrom(await this.#sender.send(call));
  }
}

function inputsFrom(answer: RestAnswer): readonly AppInput[] {
  return inputsOf(answer.body) ?? rejectAnswer(answer, 'has no inputs');
}

/** For an answer of success without what it is to hold. */
function rejectAnswer({ httpStatus, status }: RestAnswer, what: string): never {
  throw new UnexpectedAnswerError(`the answer ${what} (HTTP ${httpStatus}, code ${status.code})`);
}
