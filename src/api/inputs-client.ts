import type { JsonObject } from '../wire/json.js';
import type { PatchAction } from '../wire/messages.js';
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
} from './answers.js';
import { NotFoundError, UnexpectedAnswerError, unlessMissing } from './errors.js';
import { extractionOf, jobOf, jobsOf, type AddJob, type DataSource, type ExtractionJob } from './jobs.js';
import type { NewInput } from './new-input.js';
import type {
  AddAnswer,
  InputPatch,
  InputsService,
  ListPage,
  OnBody,
  PageNumber,
  RequestOptions,
  RequestSizes,
  StreamPage,
  UploadProgress,
} from './service.js';

/** The requests of a transport, one for each thing that can be asked of the app. */
export interface Calls<Call> {
  readonly lookUp: (ids: readonly string[], background: boolean) => Call;
  readonly list: (page: ListPage) => Call;
  readonly stream: (page: StreamPage) => Call;
  readonly get: (id: string) => Call;
  readonly count: (background: boolean) => Call;
  readonly patch: (action: PatchAction, patches: readonly InputPatch[]) => Call;
  readonly delete: (id: string) => Call;
  readonly deleteMany: (ids: readonly string[]) => Call;
  /** What services up to 7.2 knew. */
  readonly deleteAll: () => Call;
  readonly concepts: (page: PageNumber) => Call;
  readonly datasets: (page: PageNumber) => Call;
  readonly datasetInputs: (dataset: string, page: PageNumber) => Call;
  readonly join: (dataset: string, ids: readonly string[]) => Call;
  readonly leave: (dataset: string, ids: readonly string[]) => Call;
  readonly startJobs: (sources: readonly DataSource[]) => Call;
  readonly job: (id: string, background: boolean) => Call;
  readonly jobs: (page: PageNumber) => Call;
  readonly extraction: (id: string, background: boolean) => Call;
}

/** An answer of success, as every transport decodes it, and how it was reached. */
export interface SentAnswer {
  readonly status: Status;
  readonly body: JsonObject;
  /** Undefined where the transport has none. */
  readonly httpStatus?: number;
  /** True if an earlier try of this request may have done the work already. */
  readonly repeated: boolean;
}

export interface Sender<Call> {
  /** Throws what `InputsService` tells of. */
  send(call: Call): Promise<SentAnswer>;
}

export interface ClientParts<Call> {
  readonly sender: Sender<Call>;
  readonly calls: Calls<Call>;
  readonly sizes: RequestSizes;
}

/** What the service does is the same over every transport: its requests differ, and how files and media travel. */
export abstract class InputsClient<Call> implements InputsService {
  readonly maxRequestBytes: number;
  readonly emptyRequestBytes: number;
  readonly sizeOf: RequestSizes['sizeOf'];
  readonly sizeOfPatch: RequestSizes['sizeOfPatch'];
  readonly #sender: Sender<Call>;
  readonly #calls: Calls<Call>;

  constructor({ sender, calls, sizes }: ClientParts<Call>) {
    this.#sender = sender;
    this.#calls = calls;
    this.maxRequestBytes = sizes.maxRequestBytes;
    this.emptyRequestBytes = sizes.emptyRequestBytes;
    this.sizeOf = sizes.sizeOf;
    this.sizeOfPatch = sizes.sizeOfPatch;
  }

  abstract addInputs(inputs: readonly NewInput[], upload: UploadProgress): Promise<AddAnswer>;
  abstract fetchMedia(url: URL, onBody: OnBody, signal?: AbortSignal): Promise<void>;
  abstract close(): Promise<void>;

  async getInputs(ids: readonly string[], { background = false }: RequestOptions = {}): Promise<readonly AppInput[]> {
    return await this.#inputs(this.#calls.lookUp(ids, background));
  }

  async listInputs(page: ListPage): Promise<readonly AppInput[]> {
    return await this.#inputs(this.#calls.list(page));
  }

  async streamInputs(page: StreamPage): Promise<readonly AppInput[]> {
    return await this.#inputs(this.#calls.stream(page));
  }

  async getInput(id: string): Promise<AppInput | undefined> {
    return await unlessMissing(async () => {
      const answer = await this.#sender.send(this.#calls.get(id));
      return inputOf(answer.body) ?? rejectAnswer(answer, 'has no input');
    });
  }

  async countInputs({ background = false }: RequestOptions = {}): Promise<Counts> {
    const answer = await this.#sender.send(this.#calls.count(background));
    return countsOf(answer.body) ?? rejectAnswer(answer, 'has no counts');
  }

  async patchInputs(action: PatchAction, patches: readonly InputPatch[]): Promise<readonly AppInput[]> {
    return await this.#inputs(this.#calls.patch(action, patches));
  }

  async deleteInput(id: string): Promise<boolean> {
    try {
      await this.#sender.send(this.#calls.delete(id));
      return true;
    } catch (error) {
      if (error instanceof NotFoundError) return error.repeated;
      throw error;
    }
  }

  async deleteInputs(ids: readonly string[]): Promise<void> {
    // no request may go out that names no input to delete
    if (ids.length === 0) return;
    await this.#sender.send(this.#calls.deleteMany(ids));
  }

  async deleteAllInputs(): Promise<void> {
    await this.#sender.send(this.#calls.deleteAll());
  }

  async listConcepts(page: PageNumber): Promise<readonly Concept[]> {
    const answer = await this.#sender.send(this.#calls.concepts(page));
    return conceptsOf(answer.body) ?? rejectAnswer(answer, 'has no concepts');
  }

  async listDatasets(page: PageNumber): Promise<readonly string[]> {
    const answer = await this.#sender.send(this.#calls.datasets(page));
    return datasetIdsOf(answer.body) ?? rejectAnswer(answer, 'has no datasets');
  }

  async listDatasetInputs(dataset: string, page: PageNumber): Promise<readonly string[]> {
    const answer = await this.#sender.send(this.#calls.datasetInputs(dataset, page));
    const inputs = datasetInputsOf(answer.body) ?? rejectAnswer(answer, 'has no dataset inputs');
    return inputs.map(({ id }) => id);
  }

  async addToDataset(dataset: string, ids: readonly string[]): Promise<ReadonlyMap<string, Status>> {
    const answer = await this.#sender.send(this.#calls.join(dataset, ids));
    const inputs = datasetInputsOf(answer.body) ?? rejectAnswer(answer, 'has no dataset inputs');
    return new Map(inputs.map(({ id, status }) => [id, status]));
  }

  async removeFromDataset(dataset: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#sender.send(this.#calls.leave(dataset, ids));
  }

  async startJobs(sources: readonly DataSource[]): Promise<readonly AddJob[]> {
    const answer = await this.#sender.send(this.#calls.startJobs(sources));
    return jobsOf(answer.body) ?? rejectAnswer(answer, 'has no jobs');
  }

  async getJob(id: string, { background = false }: RequestOptions = {}): Promise<AddJob | undefined> {
    return await unlessMissing(async () => {
      const answer = await this.#sender.send(this.#calls.job(id, background));
      return jobOf(answer.body) ?? rejectAnswer(answer, 'has no job');
    });
  }

  async listJobs(page: PageNumber): Promise<readonly AddJob[]> {
    const answer = await this.#sender.send(this.#calls.jobs(page));
    return jobsOf(answer.body) ?? rejectAnswer(answer, 'has no jobs');
  }

  async getExtraction(id: string, { background = false }: RequestOptions = {}): Promise<ExtractionJob | undefined> {
    return await unlessMissing(async () => {
      const answer = await this.#sender.send(this.#calls.extraction(id, background));
      return extractionOf(answer.body) ?? rejectAnswer(answer, 'has no job');
    });
  }

  async #inputs(call: Call): Promise<readonly AppInput[]> {
    return inputsFrom(await this.#sender.send(call));
  }
}

/** Throws UnexpectedAnswerError. */
export function inputsFrom(answer: SentAnswer): readonly AppInput[] {
  return inputsOf(answer.body) ?? rejectAnswer(answer, 'has no inputs');
}

/** For an answer of success without what it is to hold. */
function rejectAnswer({ httpStatus, status }: SentAnswer, what: string): never {
  const http = httpStatus === undefined ? '' : `HTTP ${httpStatus}, `;
  throw new UnexpectedAnswerError(`the answer ${what} (${http}code ${status.code})`);
}
