import { invalidRequest } from './refusals.js';
import type { InputTemplate } from '../state/records.js';

/** A bucket to be read, as a request gives it. */
export interface DataSource {
  /** Undefined: the service names it. */
  readonly addJobId: string | undefined;
  readonly url: string;
  readonly credentials: BucketCredentials | undefined;
  /** One of `conflictResolutions`. */
  readonly conflictResolution: number;
  readonly template: InputTemplate;
}

/** What opens a bucket. A service account's file counts as a secret without a name. */
export interface BucketCredentials {
  readonly id: string;
  readonly secret: string;
}

/** The place that a URL names: everything in the bucket whose path begins with the prefix. */
export interface BucketPlace {
  readonly bucket: string;
  readonly prefix: string;
}

// The last form is Azure's: its account is the host's first label, its container the bucket
const urlForms = [
  /^s3:\/\/(?<bucket>[^/]+)\/?(?<prefix>.*)$/s,
  /^gs:\/\/(?<bucket>[^/]+)\/?(?<prefix>.*)$/s,
  /^https:\/\/storage\.(?:googleapis|cloud\.google)\.com\/(?<bucket>[^/]+)\/?(?<prefix>.*)$/s,
  /^https:\/\/[^/.]+\.blob\.core\.windows\.net\/(?<bucket>[^/]+)\/?(?<prefix>.*)$/s,
];

/** Throws a Refusal for an address of no known kind. */
export function placeOf(url: string): BucketPlace {
  for (const form of urlForms) {
    const { bucket, prefix } = form.exec(url)?.groups ?? {};
    if (bucket !== undefined && prefix !== undefined) return { bucket, prefix };
  }
  throw invalidRequest('data_sources: url must be an address in S3, Google Cloud Storage or Azure Blob Storage');
}

/** Throws a Refusal where nothing is named. */
export function checkDataSources(sources: readonly DataSource[]): void {
  if (sources.length === 0) throw invalidRequest('data_sources must not be empty');
}
