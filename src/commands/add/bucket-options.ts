import { parseBucketAddress, type BucketAddress } from '../../core/buckets/address.js';
import { UsageError } from '../../errors.js';
import { assertNotTogether, assertOnlyWith } from '../../session/option-rules.js';

/** The options that hold for a bucket as a whole: all others need each file, which only the service sees. */
const bucketOptions = new Set([
  '--concept',
  '--metadata',
  '--meta',
  '--geo',
  '--dataset',
  '--no-wait',
  '--wait-timeout',
  '--fail-empty',
  '--send-credentials',
]);

/**
 * The buckets among the sources.
 *
 * @param given - the options on the command line, as a person writes them
 * @throws UsageError where files stand beside them, or an option that needs each file
 */
export function parseBuckets(words: readonly string[], given: readonly string[]): readonly BucketAddress[] {
  const addresses = words.map(parseBucketAddress);
  const buckets = addresses.filter((address) => address !== undefined);
  const areAllS3 = buckets.length > 0 && buckets.every(({ isS3 }) => isS3);
  const sendsCredentials = given.includes('--send-credentials');
  assertOnlyWith({ '--send-credentials': sendsCredentials }, { 'buckets of S3 (s3://BUCKET/PREFIX)': areAllS3 });
  if (buckets.length === 0) return [];
  const others = given.filter((name) => !bucketOptions.has(name));
  assertNotTogether(
    { 'a bucket': true },
    Object.fromEntries(others.map((name) => [name, true])),
    'the service reads the bucket itself: download the files for what needs each of them',
  );
  if (buckets.length === words.length) return buckets;
  throw new UsageError('buckets cannot be added together with other sources', { hint: 'use one command for each' });
}

interface DeclaredOption {
  readonly long?: string | undefined;
  attributeName(): string;
}

/** The options of the command that were given, by their long names. */
export function optionsGiven(
  options: readonly DeclaredOption[],
  sourceOf: (attribute: string) => string | undefined,
): readonly string[] {
  return options.filter((option) => sourceOf(option.attributeName()) === 'cli').flatMap(({ long }) => long ?? []);
}
