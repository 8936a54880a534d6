import { statusCodes } from '../../wire/status.js';
import {
  type ListRequest,
  type PageRequest,
  sliceOf,
  streamLimitOf,
  type StreamRequest,
} from '../requests/list-requests.js';
import { notFound } from '../requests/refusals.js';
import { keys } from '../state/keys.js';
import { Queries } from '../state/queries.js';
import type { StoredInput } from '../state/records.js';
import type { ConceptUse } from '../state/store.js';
import { type Answer, answerPage, type ShownConcept, showInput } from './answers.js';
import type { Scope, Service } from './service.js';

/** One input. */
export function getInput({ store }: Service, id: string, scope: Scope): Answer {
  return { status: { code: statusCodes.ok }, input: showInput(requireInput(store.find(scope.app, id)), scope) };
}

/** A page of inputs, newest first. */
export function listInputs({ store }: Service, request: ListRequest, scope: Scope): Answer {
  const { ids, code } = request;
  const slice = sliceOf(request);
  const queries = new Queries(store, scope.app, scope.now);
  if (ids.length > 0) {
    return answerPage(queries.withIds(ids, code).slice(slice.offset, slice.offset + slice.limit), scope);
  }
  return answerPage(code === 0 ? queries.newest(slice) : queries.withStatus(code, slice), scope);
}

/** The inputs after a given one, oldest first unless asked otherwise. */
export function streamInputs({ store }: Service, request: StreamRequest, scope: Scope): Answer {
  const { lastId, descending, byId } = request;
  const limit = streamLimitOf(request);
  const last = lastId === '' ? undefined : requireInput(store.find(scope.app, lastId));
  return answerPage(new Queries(store, scope.app, scope.now).walk({ last, limit, descending, byId }), scope);
}

/** How many inputs are in each state. */
export function countInputs({ store }: Service, { app, now }: Scope): Answer {
  return { status: { code: statusCodes.ok }, counts: new Queries(store, app, now).counts() };
}

/** A page of the concepts that inputs have. */
export function listConcepts({ store }: Service, request: PageRequest, scope: Scope): Answer {
  const concepts = new Queries(store, scope.app, scope.now).concepts(sliceOf(request));
  return { status: { code: statusCodes.ok }, concepts: concepts.map((concept) => showConcept(concept, scope)) };
}

/** One concept that inputs have. */
export function getConcept({ store }: Service, id: string, scope: Scope): Answer {
  const concept = store.concepts.get(keys.concept(scope.app, id));
  if (concept === undefined) throw notFound();
  return { status: { code: statusCodes.ok }, concept: showConcept(concept, scope) };
}

function showConcept({ id, name }: ConceptUse, { app }: Scope): ShownConcept {
  return { id, name, app };
}

function requireInput(input: StoredInput | undefined): StoredInput {
  if (input === undefined) throw notFound();
  return input;
}
