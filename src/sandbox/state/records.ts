import type { Json, JsonObject } from '../../wire/json.js';
import type { MediaKind, WireGeo } from '../../wire/messages.js';

/** Whose inputs: state is kept apart for each pair. */
export interface App {
  readonly user: string;
  readonly app: string;
}

/** A URL that was given, or bytes that are hosted under the hash of their content. */
export interface StoredMedia {
  readonly url?: string;
  readonly hosted?: { readonly hash: string; readonly contentType: string };
  /** Media info read from the bytes: `image_info` and its like. */
  readonly info?: JsonObject;
}

export interface StoredConcept {
  readonly id: string;
  readonly name: string;
  readonly value: number;
}

export interface StoredRegion {
  readonly id: string;
  readonly info?: JsonObject | undefined;
  readonly value?: number | undefined;
  readonly trackId?: string | undefined;
  readonly annotations?: Annotations | undefined;
}

/** The fields that PATCH changes. */
export interface Annotations {
  readonly concepts?: readonly StoredConcept[] | undefined;
  readonly metadata?: JsonObject | undefined;
  /** null: named, with no point in it. */
  readonly geo?: WireGeo | null | undefined;
  readonly regions?: readonly StoredRegion[] | undefined;
}

/** How an input ends. */
export interface End {
  readonly code: number;
  readonly details?: string | undefined;
}

/** When an input turns from pending to in progress to its end; ms since the epoch. */
export interface Life {
  readonly inProgressMs: number;
  readonly doneMs: number;
  readonly end: End;
}

export interface StoredInput extends Life {
  readonly app: App;
  readonly id: string;
  /** The order of adding, given in the write's own transaction. */
  readonly seq: number;
  /** The datasets that it is in, with the time that it joined each. */
  readonly datasets?: Readonly<Record<string, number>> | undefined;
  /** The job that it was added under. */
  readonly jobId?: string | undefined;
  readonly media: Readonly<Partial<Record<MediaKind, StoredMedia>>>;
  readonly annotations: Annotations;
  readonly createdMs: number;
  readonly modifiedMs: number;
  /** Once deleted: the time it will be gone; until then it is found and its id is taken. */
  readonly goneMs?: number;
}

/** A set of inputs, by its name. */
export interface StoredDataset {
  readonly app: App;
  readonly id: string;
  readonly createdMs: number;
}

/** Inputs that were added under one name, in one request or in many. */
export interface StoredAddJob {
  readonly app: App;
  readonly id: string;
  /** The order of beginning. */
  readonly seq: number;
  readonly isCancelled: boolean;
  readonly createdMs: number;
  readonly modifiedMs: number;
}

/** How the files of a bucket become inputs. */
export interface InputTemplate {
  readonly annotations: Annotations;
  readonly datasetIds: readonly string[];
}

/** The files that a prefix holds, read one after the other in the order of their names. */
export interface StoredExtraction {
  readonly app: App;
  readonly id: string;
  /** The order of beginning. */
  readonly seq: number;
  readonly addJobId: string;
  readonly url: string;
  readonly template: InputTemplate;
  readonly conflictResolution: number;
  /** When reading begins, and when it is to end; ms since the epoch. */
  readonly runningMs: number;
  readonly doneMs: number;
  /** Files in all, and those that were read. */
  readonly total: number;
  readonly taken: number;
  /** Files read that became inputs, by kind. */
  readonly found: Readonly<Partial<Record<MediaKind, number>>>;
  readonly failedArchives: number;
  /** Why nothing can be read. */
  readonly failure: End | undefined;
  readonly isCancelled: boolean;
  readonly createdMs: number;
  readonly modifiedMs: number;
}

/** The fields that have a value, as a JSON object. */
export function present(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, Json] => field[1] !== undefined));
}
