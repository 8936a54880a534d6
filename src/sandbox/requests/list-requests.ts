import { maxPerPage } from '../../wire/messages.js';
import type { Slice } from '../state/queries.js';
import { invalidRequest } from './refusals.js';

/** Which page; 0 is unset, as proto3 has it. */
export interface PageRequest {
  readonly page: number;
  readonly perPage: number;
}

export interface ListRequest extends PageRequest {
  readonly ids: readonly string[];
  /** The status code of the inputs wanted; 0 for all. */
  readonly code: number;
}

export interface StreamRequest {
  readonly perPage: number;
  /** The input before the first one wanted; '': from the beginning. */
  readonly lastId: string;
  readonly descending: boolean;
  readonly byId: boolean;
}

// Sources: the proto's comments on the two per_page fields
const listPerPage = 128;
const streamPerPage = 20;

/** Where a page begins and ends in the whole list. */
export function sliceOf({ page, perPage }: PageRequest): Slice {
  const limit = checkPerPage(perPage) || listPerPage;
  return { offset: ((page || 1) - 1) * limit, limit };
}

/** How many inputs one answer of a stream holds at most. */
export function streamLimitOf({ perPage }: StreamRequest): number {
  return checkPerPage(perPage) || streamPerPage;
}

function checkPerPage(perPage: number): number {
  if (perPage > maxPerPage) throw invalidRequest(`per_page must be from 1 to ${maxPerPage}`);
  return perPage;
}
