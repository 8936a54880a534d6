import { maxPerPage } from '../../wire/messages.js';
import { codesByName, statusCodes } from '../../wire/status.js';
import { type Answer, inputBody, pageAnswer } from './answers.js';
import { Queries, type Slice } from '../state/queries.js';
import type { StoredInput } from '../state/records.js';
import { invalidRequest, notFound } from '../requests/refusals.js';
import type { Call, Service } from './service.js';

// Sources: the proto's comments on the two per_page fields
const listPerPage = 128;
const streamPerPage = 20;
const maxUint32 = 0xffff_ffff;

/** GET /inputs/{id} */
export function getInput({ store }: Service, call: Call): Answer {
  return { code: statusCodes.ok, fields: { input: inputBody(existing(store.find(call.app, call.id)), call) } };
}

/** GET /inputs */
export function listInputs({ store }: Service, call: Call): Answer {
  const slice = pageOf(call.query);
  const queries = new Queries(store, call.app, call.now);
  const code = wantedCode(call.query);
  const ids = call.query.getAll('ids').filter((id) => id !== '');
  if (ids.length > 0) {
    const found = queries.withIds(ids, code);
    return pageAnswer(found.slice(slice.offset, slice.offset + slice.limit), call);
  }
  return pageAnswer(code === 0 ? queries.newest(slice) : queries.withStatus(code, slice), call);
}

/** GET /inputs/stream */
export function streamInputs({ store }: Service, call: Call): Answer {
  const { query } = call;
  const lastId = query.get('last_id') ?? '';
  const inputs = new Queries(store, call.app, call.now).walk({
    last: lastId === '' ? undefined : existing(store.find(call.app, lastId)),
    limit: sizeIn(query, 'per_page', { unset: streamPerPage, most: maxPerPage }),
    descending: flagIn(query, 'descending'),
    byId: flagIn(query, 'order_by_id'),
  });
  return pageAnswer(inputs, call);
}

/** GET /inputs/status */
export function countInputs({ store }: Service, call: Call): Answer {
  return { code: statusCodes.ok, fields: { counts: new Queries(store, call.app, call.now).counts() } };
}

/** GET /concepts */
export function listConcepts({ store }: Service, call: Call): Answer {
  const concepts = new Queries(store, call.app, call.now).concepts(pageOf(call.query));
  const bodies = concepts.map(({ id, name }) => ({ id, name, app_id: call.app.app }));
  return { code: statusCodes.ok, fields: { concepts: bodies } };
}

function existing(input: StoredInput | undefined): StoredInput {
  if (input === undefined) throw notFound();
  return input;
}

function pageOf(query: URLSearchParams): Slice {
  const limit = sizeIn(query, 'per_page', { unset: listPerPage, most: maxPerPage });
  return { offset: (sizeIn(query, 'page', { unset: 1, most: maxUint32 }) - 1) * limit, limit };
}

/** A number of the query; 0 is unset, as proto3 has it. */
function sizeIn(query: URLSearchParams, name: string, { unset, most }: { unset: number; most: number }): number {
  const text = query.get(name) ?? '';
  if (!/^\d*$/.test(text) || Number(text) > most) throw invalidRequest(`${name} must be from 1 to ${most}`);
  return Number(text) || unset;
}

function flagIn(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? '';
  if (/^(?:true|1)$/i.test(text)) return true;
  if (/^(?:false|0|)$/i.test(text)) return false;
  throw invalidRequest(`${name} must be true or false`);
}

/** The code of `status.code`, given by name or number; 0 where all are wanted. */
function wantedCode(query: URLSearchParams): number {
  const text = query.get('status.code') ?? '';
  if (/^\d*$/.test(text)) return Number(text);
  const code = Object.hasOwn(codesByName, text) ? codesByName[text] : undefined;
  if (code === undefined) throw invalidRequest('status.code must be the name or the number of a status code');
  return code;
}
