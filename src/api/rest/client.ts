import type { AppInput } from '../answers.js';
import { InputsClient, inputsFrom, type Calls } from '../inputs-client.js';
import type { NewInput } from '../new-input.js';
import type { Delivery } from '../policy/delivery.js';
import type { AddAnswer, OnBody, UploadProgress } from '../service.js';
import type { RestCall } from './attempt.js';
import { encodeBuffers, type EncodeBuffers } from './body.js';
import type { RestConnection } from './exchange.js';
import { MediaFetcher } from './fetch-media.js';
import { extractionCall, jobCall, jobsCall, startJobsCall } from './job-requests.js';
import {
  addCall,
  conceptsCall,
  countCall,
  datasetInputsCall,
  datasetsCall,
  deleteManyCall,
  inputCall,
  isPathWord,
  listCall,
  lookUpCall,
  membershipCall,
  patchCall,
  restSizes,
  streamCall,
} from './requests.js';
import { RestSender } from './sender.js';

const calls: Calls<RestCall> = {
  lookUp: lookUpCall,
  list: listCall,
  stream: streamCall,
  get: (id) => inputCall('GET', id),
  count: countCall,
  patch: patchCall,
  delete: (id) => inputCall('DELETE', id),
  deleteMany: (ids) => deleteManyCall({ ids }),
  deleteAll: () => deleteManyCall({ delete_all: true }),
  concepts: conceptsCall,
  datasets: datasetsCall,
  datasetInputs: datasetInputsCall,
  join: (dataset, ids) => membershipCall('POST', dataset, ids),
  leave: (dataset, ids) => membershipCall('DELETE', dataset, ids),
  startJobs: startJobsCall,
  job: jobCall,
  jobs: jobsCall,
  extraction: extractionCall,
};

/** The service by its REST API. */
export class RestClient extends InputsClient<RestCall> {
  readonly #sender: RestSender;
  readonly #media: MediaFetcher;
  /** Encode buffers of finished requests, for the next ones. */
  readonly #idleBuffers: EncodeBuffers[] = [];

  constructor(delivery: Delivery, connection: RestConnection) {
    const sender = new RestSender(delivery, connection);
    super({ sender, calls, sizes: restSizes });
    this.#sender = sender;
    this.#media = new MediaFetcher(delivery, connection);
  }

  async addInputs(inputs: readonly NewInput[], upload: UploadProgress): Promise<AddAnswer> {
    const buffers = this.#idleBuffers.pop() ?? encodeBuffers();
    try {
      const answer = await this.#sender.send(addCall(inputs, buffers, upload));
      return { inputs: inputsFrom(answer), repeated: answer.repeated };
    } finally {
      this.#idleBuffers.push(buffers);
    }
  }

  /** An id that a path of the API already means is looked up instead. */
  override async getInput(id: string): Promise<AppInput | undefined> {
    if (!isPathWord(id)) return await super.getInput(id);
    return (await this.getInputs([id])).find((input) => input.id === id);
  }

  override async deleteInput(id: string): Promise<boolean> {
    if (!isPathWord(id)) return await super.deleteInput(id);
    const isThere = (await this.getInputs([id])).length > 0;
    if (isThere) await this.deleteInputs([id]);
    return isThere;
  }

  async fetchMedia(url: URL, onBody: OnBody, signal?: AbortSignal): Promise<void> {
    await this.#media.fetch(url, onBody, signal);
  }

  async close(): Promise<void> {
    await this.#sender.close();
  }
}
