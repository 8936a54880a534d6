import { isList, isObject, valueAt, type Json, type JsonObject } from '../wire/json.js';
import type { MediaKind } from '../wire/messages.js';
import { statusOf, type Status } from './answers.js';
import type { NewInput } from './new-input.js';

/** Keys of an AWS account or session. They go to the service with a request, and appear nowhere else. */
export interface AwsCredentials {
  readonly id: string;
  readonly secret: string;
  readonly token: string | undefined;
  readonly region: string | undefined;
}

/** A bucket's prefix that the service is to read, by itself and on its own machines. */
export interface DataSource {
  /** The job under which its inputs are added; the service takes the name that it is given. */
  readonly jobId: string;
  readonly url: string;
  /** Undefined for a bucket that is public. */
  readonly credentials: AwsCredentials | undefined;
  /** The data that every input is given. */
  readonly template: Pick<NewInput, 'concepts' | 'metadata' | 'geo' | 'datasetIds'>;
}

/** Inputs that are added under one name. */
export interface AddJob {
  readonly id: string;
  /** The service's own word, which says "done" before anything has begun. */
  readonly status: Status;
  readonly progress: AddProgress;
  /** The buckets and archives that it reads, as far as the answer lists them. */
  readonly extractions: readonly ExtractionJob[];
  /** As the API spells it; '' where the answer has none. */
  readonly createdAt: string;
}

export interface AddProgress {
  readonly pending: number;
  readonly inProgress: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** The reading of one bucket. */
export interface ExtractionJob {
  readonly id: string;
  readonly url: string;
  readonly status: Status;
  /** Files that were found, by kind. */
  readonly found: Readonly<Record<MediaKind, number>>;
  readonly failedArchives: number;
}

/** The texts of a request that nothing may show. */
export function secretsOf(sources: readonly DataSource[]): readonly string[] {
  return sources.flatMap(({ credentials }) =>
    credentials === undefined ? [] : [credentials.secret, credentials.token ?? '', credentials.id].filter(isSecret),
  );
}

/** Hiding a shorter text would blot out half of what is said. */
const minSecretChars = 4;

export function isSecret(text: string): boolean {
  return text.length >= minSecretChars;
}

/** The jobs of an answer; proto3's JSON leaves an empty list out. Undefined if it is not a list. */
export function jobsOf(body: JsonObject): readonly AddJob[] | undefined {
  const jobs = body['inputs_add_jobs'] ?? [];
  return isList(jobs) ? jobs.filter(isObject).map(decodeJob) : undefined;
}

/** The one job of an answer, or undefined if it has none. */
export function jobOf(body: JsonObject): AddJob | undefined {
  return isObject(body['inputs_add_job']) ? decodeJob(body['inputs_add_job']) : undefined;
}

/** The one extraction job of an answer, or undefined if it has none. */
export function extractionOf(body: JsonObject): ExtractionJob | undefined {
  return isObject(body['inputs_extraction_job']) ? decodeExtraction(body['inputs_extraction_job']) : undefined;
}

function decodeJob(job: JsonObject): AddJob {
  const { extraction_jobs: extractions, created_at: createdAt } = job;
  const count = (name: string): number => countAt(job, name);
  return {
    id: textOf(job['id']),
    status: statusOf(job),
    progress: {
      pending: count('pending_count'),
      inProgress: count('in_progress_count'),
      succeeded: count('success_count'),
      failed: count('failed_count'),
    },
    extractions: isList(extractions) ? extractions.filter(isObject).map(decodeExtraction) : [],
    createdAt: textOf(createdAt),
  };
}

function decodeExtraction(job: JsonObject): ExtractionJob {
  const count = (kind: MediaKind): number => countAt(job, `${kind}_inputs_count`);
  return {
    id: textOf(job['id']),
    url: textOf(job['url']),
    status: statusOf(job),
    found: { image: count('image'), video: count('video'), audio: count('audio'), text: count('text') },
    failedArchives: countAt(job, 'failed_archives_count'),
  };
}

/** A count of a job's progress; 64-bit numbers are text in some answers, and what is left out is 0. */
function countAt(job: JsonObject, name: string): number {
  const count = Number(valueAt(job, ['progress', name]) ?? 0);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
