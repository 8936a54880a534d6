import { maxInputsPerRequest, type MediaKind, type PatchAction, patchActions } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import type { Annotations } from '../state/records.js';
import { badFormat, invalidRequest, Refusal } from './refusals.js';

/** Media as a request gives it. */
export interface GivenMedia {
  readonly kind: MediaKind;
  readonly url: string | undefined;
  readonly bytes: Buffer | undefined;
  readonly isDuplicateUrlAllowed: boolean;
}

/** An input as a request gives it. */
export interface GivenInput {
  readonly id: string | undefined;
  readonly media: readonly GivenMedia[];
  readonly annotations: Annotations;
  readonly datasetIds: readonly string[];
}

export interface AddRequest {
  readonly inputs: readonly GivenInput[];
  readonly jobId: string | undefined;
  /** One of `conflictResolutions`. */
  readonly conflictResolution: number;
}

/** How to treat an input whose id is taken; unset means skip. */
export const conflictResolutions = { INPUT_ID_CONFLICT_RESOLUTION_NOT_SET: 0, SKIP: 1, SUFFIX: 2 } as const;

export interface PatchedInput {
  readonly id: string;
  readonly annotations: Annotations;
}

export interface PatchRequest {
  readonly action: string;
  readonly inputs: readonly PatchedInput[];
}

export interface DeleteRequest {
  readonly ids: readonly string[];
  readonly all: boolean;
}

// Source: the service's upload page ("1 video per request")
const maxVideosPerRequest = 1;

const idForm = /^[A-Za-z0-9_-]{1,48}$/;

/** Throws a Refusal for what is wrong with the whole request; what is wrong with one input is left in it. */
export function checkAdd({ inputs }: AddRequest): void {
  checkCount(inputs.length);
  const badId = inputs.find(({ id }) => id !== undefined && !idForm.test(id))?.id;
  if (badId !== undefined) throw badIdRefusal(badId);
  if (inputs.filter(({ media }) => media.some(({ kind }) => kind === 'video')).length > maxVideosPerRequest) {
    throw invalidRequest(`A request holds at most ${maxVideosPerRequest} video`);
  }
}

/** The action of a request that can be worked on; any other throws a Refusal. */
export function checkPatch({ inputs, action }: PatchRequest): PatchAction {
  checkCount(inputs.length);
  const known = patchActions.find((name) => name === action);
  if (known === undefined) throw invalidRequest(`action must be one of ${patchActions.join(', ')}`);
  return known;
}

/** Throws a Refusal for a list of ids that is empty or too long. */
export function checkIds(ids: readonly string[], name: string): void {
  if (ids.length === 0) throw invalidRequest(`${name} must not be empty`);
  if (ids.length > maxInputsPerRequest) throw invalidRequest(`${name} must be at most ${maxInputsPerRequest}`);
}

/** Throws a Refusal where nothing or too much is named. */
export function checkDelete({ ids, all }: DeleteRequest): void {
  if (!all && ids.length === 0) throw invalidRequest('ids must not be empty');
  if (ids.length > maxInputsPerRequest) throw invalidRequest(`ids must be at most ${maxInputsPerRequest}`);
}

function checkCount(inputs: number): void {
  if (inputs === 0) throw badFormat("Must supply the 'inputs' field. Check the JSON body of your request.");
  if (inputs > maxInputsPerRequest) throw invalidRequest(`inputs must be at most ${maxInputsPerRequest}`);
}

function badIdRefusal(id: string): Refusal {
  return new Refusal(
    statusCodes.inputInvalidRequest,
    id.length > 48 ? 'id must be between 1 and 48 characters long' : "id may hold only letters, digits, '_' and '-'",
  );
}
