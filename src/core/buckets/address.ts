import { UsageError } from '../../errors.js';

/** A place in a cloud's storage: everything whose address begins with it. */
export interface BucketAddress {
  /** As it was typed, and is shown. */
  readonly source: string;
  /** As the service takes it. */
  readonly url: string;
  /** True for S3, whose credentials can be sent along. */
  readonly isS3: boolean;
}

const schemes: Readonly<Record<string, { readonly form: string; readonly url: (rest: string) => string | undefined }>> =
  {
    s3: { form: 's3://BUCKET/PREFIX', url: (rest) => bucketUrl('s3', rest) },
    gs: { form: 'gs://BUCKET/PREFIX', url: (rest) => bucketUrl('gs', rest) },
    azure: { form: 'azure://ACCOUNT/CONTAINER/PREFIX', url: azureUrl },
  };

/**
 * Reads the address of a bucket; undefined for a word that is none.
 *
 * @throws UsageError for an address that names no bucket, or brings a token that every output would show
 */
export function parseBucketAddress(word: string): BucketAddress | undefined {
  const [, name = '', rest = ''] = /^(s3|gs|azure):\/\/(.*)$/is.exec(word.trim()) ?? [];
  const scheme = schemes[name.toLowerCase()];
  if (scheme === undefined) return undefined;
  if (/[?&](?:sig|X-Amz-Signature|X-Goog-Signature)=/i.test(rest)) {
    throw new UsageError(`a signature in the address of a bucket would be shown in every output`, {
      hint: 'only public buckets can be added, and those of S3 with credentials from the environment',
    });
  }
  const url = /\p{Cc}/u.test(rest) ? undefined : scheme.url(rest);
  if (url === undefined) throw new UsageError(`'${word}' is not an address such as ${scheme.form}`);
  return { source: word, url, isS3: name.toLowerCase() === 's3' };
}

function bucketUrl(scheme: string, rest: string): string | undefined {
  return /^[^/\s]+(?:\/|$)/.test(rest) ? `${scheme}://${rest}` : undefined;
}

/** The address by which Azure itself names a blob. */
function azureUrl(rest: string): string | undefined {
  const [, account, path] = /^([A-Za-z0-9-]+)\/([^/\s]+(?:\/.*)?)$/s.exec(rest) ?? [];
  return account === undefined || path === undefined ? undefined : `https://${account}.blob.core.windows.net/${path}`;
}
