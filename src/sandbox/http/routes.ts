import { addInputs } from '../operations/add.js';
import type { Answer } from '../operations/answers.js';
import { deleteInput, deleteInputs } from '../operations/delete.js';
import { patchInputs } from '../operations/patch.js';
import type { App } from '../state/records.js';
import { countInputs, getInput, listConcepts, listInputs, streamInputs } from '../operations/read.js';
import type { Call, Service } from '../operations/service.js';

/** One verb of one path. */
export interface Endpoint {
  readonly run: (service: Service, call: Call) => Answer | Promise<Answer>;
  /** Lists that are printed, empty, even when the whole request is refused. */
  readonly lists: readonly string[];
}

/** Where a path leads: `app` as the path names it, if it does; `endpoint` undefined for a verb it has not. */
export interface Route {
  readonly user: string | undefined;
  readonly app: string | undefined;
  readonly id: string;
  readonly endpoint: Endpoint | undefined;
}

const inputs = ['inputs'] as const;

const endpoints: ReadonlyMap<string, ReadonlyMap<string, Endpoint>> = new Map([
  [
    'inputs',
    new Map<string, Endpoint>([
      ['POST', { run: addInputs, lists: inputs }],
      ['GET', { run: listInputs, lists: inputs }],
      ['PATCH', { run: patchInputs, lists: inputs }],
      ['DELETE', { run: deleteInputs, lists: [] }],
    ]),
  ],
  ['inputs/status', new Map<string, Endpoint>([['GET', { run: countInputs, lists: [] }]])],
  ['inputs/stream', new Map<string, Endpoint>([['GET', { run: streamInputs, lists: inputs }]])],
  [
    'inputs/{id}',
    new Map<string, Endpoint>([
      ['GET', { run: getInput, lists: [] }],
      ['DELETE', { run: deleteInput, lists: [] }],
    ]),
  ],
  ['concepts', new Map<string, Endpoint>([['GET', { run: listConcepts, lists: ['concepts'] }]])],
]);

// Words that the service has routes for, so that they are no ids; most of those routes are not here
const reserved = ['status', 'stream', 'searches', 'uploads', 'data_sources', 'jobs'];

/** The route of the parts of a path after /v2, or undefined where there is none. */
export function routeOf(verb: string, parts: readonly string[]): Route | undefined {
  const { app, rest } = scopeOf(parts);
  const [root = '', id = '', ...more] = rest;
  if (more.length > 0) return undefined;
  const verbs = endpoints.get(patternOf(root, id));
  return verbs && { user: app?.user, app: app?.app, id, endpoint: verbs.get(verb) };
}

function scopeOf(parts: readonly string[]): { readonly app: App | undefined; readonly rest: readonly string[] } {
  const [users, user = '', apps, app = '', ...rest] = parts;
  const isLong = users === 'users' && apps === 'apps' && user !== '' && app !== '';
  return isLong ? { app: { user, app }, rest } : { app: undefined, rest: parts };
}

function patternOf(root: string, id: string): string {
  if (id === '') return root;
  return root === 'inputs' && !reserved.includes(id) ? 'inputs/{id}' : `${root}/${id}`;
}
