import type { JsonObject } from '../wire/json.js';
import type { PatchAction } from '../wire/messages.js';
import type { AppInput, Concept, Counts, Status } from './answers.js';
import type { AddJob, DataSource, ExtractionJob } from './jobs.js';
import type { NewInput } from './new-input.js';

/** How large requests get: each transport encodes inputs in its own way. */
export interface RequestSizes {
  /** Bytes of one request at most. */
  readonly maxRequestBytes: number;
  /** Bytes of a request to add that holds no input yet. */
  readonly emptyRequestBytes: number;
  /** Bytes by which an input makes a request to add longer. */
  readonly sizeOf: (input: NewInput) => number;
  /** Bytes by which a patch makes a request to patch longer. */
  readonly sizeOfPatch: (patch: InputPatch) => number;
}

/**
 * The inputs of one app, whatever the transport. An answer that refuses some of many inputs is an answer; what is
 * thrown speaks of the request as a whole: AccountError, ApiError, NotFoundError, TooLargeError, SplitRequestError,
 * UnavailableError, UnknownOutcomeError, UntrustedServerError, and the reason of a run that was stopped.
 */
export interface InputsService extends RequestSizes, JobsService {
  /**
   * Adds a batch, at most 128 inputs. Files are read as they are sent, anew for each try.
   *
   * @param upload - told how far the present try is
   * @throws FileChangedError where a file is not what it was when it was looked at: nothing of the batch was added
   */
  addInputs(inputs: readonly NewInput[], upload: UploadProgress): Promise<AddAnswer>;
  /** Looks up at most 128 ids. Those that the app does not have are left out of the answer. */
  getInputs(ids: readonly string[], options?: RequestOptions): Promise<readonly AppInput[]>;
  /** One page, by its number. A page past the end is empty. */
  listInputs(page: ListPage): Promise<readonly AppInput[]>;
  /**
   * The inputs after a cursor, by the time they were added. Empty at the end.
   *
   * @throws NotFoundError if the cursor's input is not there any more
   */
  streamInputs(page: StreamPage): Promise<readonly AppInput[]>;
  /** Undefined if the app has no such input. */
  getInput(id: string): Promise<AppInput | undefined>;
  /** The counts of the whole app. */
  countInputs(options?: RequestOptions): Promise<Counts>;
  /**
   * Changes at most 128 inputs.
   *
   * @returns one per input as the service answered, each with the state it has after the change
   */
  patchInputs(action: PatchAction, patches: readonly InputPatch[]): Promise<readonly AppInput[]>;
  /**
   * Deletes one input, in the background of the service.
   *
   * @returns false if the app has no such input, and no earlier try of this request can have deleted it
   */
  deleteInput(id: string): Promise<boolean>;
  /** Deletes at most 128 inputs. The service does not tell which of them were there. */
  deleteInputs(ids: readonly string[]): Promise<void>;
  /** Deletes all inputs of the app in one request, which newer services refuse. */
  deleteAllInputs(): Promise<void>;
  /** One page of the app's concepts. A run can do without: a refusal is thrown as ApiError and ends nothing. */
  listConcepts(page: PageNumber): Promise<readonly Concept[]>;
  /** The ids of one page of the app's datasets. A run can do without: a refusal is thrown as ApiError and ends nothing. */
  listDatasets(page: PageNumber): Promise<readonly string[]>;
  /** The ids of one page of a dataset's inputs. */
  listDatasetInputs(dataset: string, page: PageNumber): Promise<readonly string[]>;
  /** Puts at most 128 inputs into a dataset; one that is in it already is good. One status per id. */
  addToDataset(dataset: string, ids: readonly string[]): Promise<ReadonlyMap<string, Status>>;
  /** Takes at most 128 inputs out of a dataset. The service does not tell which of them were in it. */
  removeFromDataset(dataset: string, ids: readonly string[]): Promise<void>;
  /**
   * Fetches media, again where that may help; `onBody` then begins anew. The key goes to the service's own hosts alone.
   *
   * @param signal - for what can be done without: it lets other requests go first, is tried twice at most, and is
   *   given up once this is aborted
   * @throws ApiError, UnavailableError
   */
  fetchMedia(url: URL, onBody: OnBody, signal?: AbortSignal): Promise<void>;
  /** Gives up what is not answered yet. */
  close(): Promise<void>;
}

/** The jobs by which the service reads buckets. */
export interface JobsService {
  /**
   * Starts a job for each source. It is not sent again once its answer may have been lost: the jobs can be looked up by
   * the ids that they were given.
   *
   * @returns as many jobs as the answer lists
   */
  startJobs(sources: readonly DataSource[]): Promise<readonly AddJob[]>;
  /** Undefined if the app has no such job. */
  getJob(id: string, options?: RequestOptions): Promise<AddJob | undefined>;
  /** One page of the app's jobs. */
  listJobs(page: PageNumber): Promise<readonly AddJob[]>;
  /** Undefined if the app has no such job. */
  getExtraction(id: string, options?: RequestOptions): Promise<ExtractionJob | undefined>;
}

/** The answer to adding a batch. */
export interface AddAnswer {
  /** One per input sent, as the service answered; without ids of our own, in the order sent. */
  readonly inputs: readonly AppInput[];
  /** True if an earlier try may have added them already. */
  readonly repeated: boolean;
}

/** How far the present try to add a batch is. */
export interface UploadProgress {
  /** Raw bytes of files that went out so far; a further try begins with 0. */
  bytes: number;
}

export interface RequestOptions {
  /** True for polls: every other request goes first. */
  readonly background?: boolean;
}

/** A change to one input, its data as the API spells it. */
export interface InputPatch {
  readonly id: string;
  readonly data: JsonObject;
}

export interface PageNumber {
  /** The first one is 1. */
  readonly page: number;
  readonly perPage: number;
}

export interface ListPage extends PageNumber {
  /** Only inputs that stand so. */
  readonly statusCode?: number | undefined;
}

export interface StreamPage extends RequestOptions {
  /** Begin after this input; undefined to begin with the first. */
  readonly lastId: string | undefined;
  readonly perPage: number;
  /** Newest first. */
  readonly descending: boolean;
}

export type OnBody = (body: AsyncIterable<Uint8Array>) => Promise<void>;
