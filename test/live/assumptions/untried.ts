import type { Untried } from '../assumption.js';

/** What would harm the account, cost money or take another key. */
export const untried: readonly Untried[] = [
  {
    name: 'throttled',
    source: '0, 4.1',
    assumed: '429 11005, perhaps with Retry-After',
    reason: 'it would take more requests than this command may send, and slow down others',
  },
  {
    name: 'usage-limits',
    source: '4.1',
    assumed: '429 11003, 11004',
    reason: 'it would use up the plan',
  },
  {
    name: 'account-issues',
    source: '4.1',
    assumed: '402 or 403 11000, 11006',
    reason: 'it takes an account that is in arrears',
  },
  {
    name: 'scopes-missing',
    source: '1, 4.1',
    assumed: '403 11007',
    reason: 'it takes a key with fewer scopes',
  },
  {
    name: 'token-outdated',
    source: '1',
    assumed: '401 11001',
    reason: 'it takes a token of a kind that is no longer given out',
  },
  {
    name: 'app-key-in-long-path',
    source: '1',
    assumed: 'works as a PAT does',
    reason: "it takes the app's own key",
  },
  {
    name: 'delete-all',
    source: '0, 6',
    assumed: '400 11100, or all inputs are deleted',
    reason: 'it may delete what this command did not add',
  },
  {
    name: 'list-default-page',
    source: '2.1',
    assumed: '128 inputs',
    reason: 'it takes more inputs than this command adds',
  },
  {
    name: 'body-above-128-mb',
    source: '3.1, gRPC A4',
    assumed: '413 40033, over gRPC 40033 or gRPC 8',
    reason: 'it would send more than 128 MB',
  },
  {
    name: 'picture-above-20-mb',
    source: '9',
    assumed: '30105, at once or later',
    reason: 'it would send more than 20 MB',
  },
  {
    name: 'gateway-trouble',
    source: '9',
    assumed: '502, 503 or 504, as JSON or HTML',
    reason: 'it happens by itself or not at all',
  },
  {
    name: 'input-timeouts',
    source: '7',
    assumed: 'an answer within 60 s, with bytes within 120 s',
    reason: 'it takes a service under load',
  },
  {
    name: 'bucket-jobs',
    source: 'B',
    assumed: 'extraction jobs of 64000, 64001 and 64002',
    reason: 'it takes a bucket, and inputs whose ids cannot be chosen',
  },
  {
    name: 'bucket-job-id-twice',
    source: 'B4',
    assumed: 'refused with 64007, or joined',
    reason: 'it takes a bucket, and inputs whose ids cannot be chosen',
  },
  {
    name: 'bucket-limits',
    source: 'B3',
    assumed: 'those of single files, and ids made of their names',
    reason: 'it takes a bucket, and inputs whose ids cannot be chosen',
  },
  {
    name: 'id-made-by-service',
    source: '2.2',
    assumed: '32 hex digits',
    reason: 'such an id does not show that it is of this command',
  },
];
