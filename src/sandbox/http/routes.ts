import { cancelAddJob, getAddJob, listAddJobs } from '../operations/add-jobs.js';
import { addInputs } from '../operations/add.js';
import type { Answer } from '../operations/answers.js';
import {
  addDatasetInputs,
  addDatasets,
  deleteDatasetInputs,
  listDatasetInputs,
  listDatasets,
} from '../operations/datasets.js';
import { cancelExtractions, getExtraction, listExtractions, startDataSources } from '../operations/data-sources.js';
import { deleteInput, deleteInputs } from '../operations/delete.js';
import { patchInputs } from '../operations/patch.js';
import { countInputs, getConcept, getInput, listConcepts, listInputs, streamInputs } from '../operations/read.js';
import type { Scope, Service } from '../operations/service.js';
import type { App } from '../state/records.js';
import {
  readAdd,
  readDatasetIds,
  readDatasetInputs,
  readDatasets,
  readDataSources,
  readDelete,
  readJobIds,
  readPatch,
} from './json-requests.js';
import { readList, readPage, readStream } from './query.js';

/** A request as its route gets it. */
export interface RestRequest {
  /** From the path. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** One verb of one path. */
export interface Endpoint {
  readonly run: (service: Service, request: RestRequest, scope: Scope) => Answer | Promise<Answer>;
  /** Lists that are printed, empty, even when the whole request is refused. */
  readonly lists: readonly string[];
}

/** Where a path leads: `app` as the path names it, if it does; `endpoint` is undefined for a verb that the path does not take. */
export interface Route {
  readonly user: string | undefined;
  readonly app: string | undefined;
  readonly id: string;
  readonly endpoint: Endpoint | undefined;
}

const lists = ['inputs'] as const;

const endpoints: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> = {
  inputs: {
    POST: { run: (service, { body }, scope) => addInputs(service, readAdd(body), scope), lists },
    GET: { run: (service, { query }, scope) => listInputs(service, readList(query), scope), lists },
    PATCH: { run: (service, { body }, scope) => patchInputs(service, readPatch(body), scope), lists },
    DELETE: {
      run: (service, { body }, scope) => deleteInputs(service, readDelete(body, service.deleteAll), scope),
      lists: [],
    },
  },
  'inputs/status': { GET: { run: (service, _, scope) => countInputs(service, scope), lists: [] } },
  'inputs/stream': {
    GET: { run: (service, { query }, scope) => streamInputs(service, readStream(query), scope), lists },
  },
  'inputs/{id}': {
    GET: { run: (service, { id }, scope) => getInput(service, id, scope), lists: [] },
    DELETE: { run: (service, { id }, scope) => deleteInput(service, id, scope), lists: [] },
  },
  'inputs/jobs/add': {
    GET: {
      run: (service, { query }, scope) => listAddJobs(service, readPage(query), scope),
      lists: ['inputs_add_jobs'],
    },
  },
  'inputs/jobs/add/{id}': {
    GET: { run: (service, { id }, scope) => getAddJob(service, id, scope), lists: [] },
    PATCH: { run: (service, { id }, scope) => cancelAddJob(service, id, scope), lists: [] },
  },
  'inputs/data_sources': {
    POST: {
      run: (service, { body }, scope) => startDataSources(service, readDataSources(body), scope),
      lists: ['inputs_add_jobs'],
    },
  },
  'inputs/jobs/extraction': {
    GET: {
      run: (service, { query }, scope) => listExtractions(service, readPage(query), scope),
      lists: ['inputs_extraction_jobs'],
    },
    PATCH: {
      run: (service, { body }, scope) => cancelExtractions(service, readJobIds(body), scope),
      lists: ['inputs_extraction_jobs'],
    },
  },
  'inputs/jobs/extraction/{id}': {
    GET: { run: (service, { id }, scope) => getExtraction(service, id, scope), lists: [] },
  },
  concepts: {
    GET: { run: (service, { query }, scope) => listConcepts(service, readPage(query), scope), lists: ['concepts'] },
  },
  datasets: {
    GET: { run: (service, { query }, scope) => listDatasets(service, readPage(query), scope), lists: ['datasets'] },
    POST: { run: (service, { body }, scope) => addDatasets(service, readDatasets(body), scope), lists: ['datasets'] },
  },
  'datasets/{id}/inputs': {
    GET: {
      run: (service, { id, query }, scope) => listDatasetInputs(service, id, readPage(query), scope),
      lists: ['dataset_inputs'],
    },
    POST: {
      run: (service, { id, body }, scope) => addDatasetInputs(service, id, readDatasetInputs(body), scope),
      lists: ['dataset_inputs'],
    },
    DELETE: {
      run: (service, { id, body }, scope) => deleteDatasetInputs(service, id, readDatasetIds(body), scope),
      lists: [],
    },
  },
  'concepts/{id}': { GET: { run: (service, { id }, scope) => getConcept(service, id, scope), lists: [] } },
};

// Words that the service has routes for, so that they are no ids; most of those routes are not here
const reserved = ['status', 'stream', 'searches', 'uploads', 'data_sources', 'jobs'];

// Paths that an id follows
const rootsOfIds = ['inputs', 'concepts', 'inputs/jobs/add', 'inputs/jobs/extraction'];

/** The route of a path, in parts after /v2; undefined if no path is like it, without endpoint if the verb is not served. */
export function findRoute(verb: string, parts: readonly string[]): Route | undefined {
  const { app, rest } = scopeOf(parts);
  const { pattern, id } = patternOf(rest);
  const verbs = Object.hasOwn(endpoints, pattern) ? endpoints[pattern] : undefined;
  const endpoint = verbs && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  return verbs && { user: app?.user, app: app?.app, id, endpoint };
}

function scopeOf(parts: readonly string[]): { readonly app: App | undefined; readonly rest: readonly string[] } {
  const [users, user = '', apps, app = '', ...rest] = parts;
  const isLong = users === 'users' && apps === 'apps' && user !== '' && app !== '';
  return isLong ? { app: { user, app }, rest } : { app: undefined, rest: parts };
}

/** The key of `endpoints` that a path fits, and the id in it. */
function patternOf(parts: readonly string[]): { readonly pattern: string; readonly id: string } {
  if (parts.length === 3 && parts[0] === 'datasets' && parts[2] === 'inputs') {
    return { pattern: 'datasets/{id}/inputs', id: parts[1] ?? '' };
  }
  const id = parts.at(-1) ?? '';
  const root = parts.slice(0, -1).join('/');
  const hasId = rootsOfIds.includes(root) && id !== '' && !(root === 'inputs' && reserved.includes(id));
  return hasId ? { pattern: `${root}/{id}`, id } : { pattern: parts.join('/'), id: '' };
}
