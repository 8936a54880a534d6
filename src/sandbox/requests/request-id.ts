import { randomBytes } from 'node:crypto';

/** An answer's `req_id`: 32 hex digits, after the prefix that the request may ask for. */
export function newRequestId(prefix: string | readonly string[] | undefined): string {
  const id = randomBytes(16).toString('hex');
  return typeof prefix === 'string' && prefix !== '' ? `${prefix}-${id}` : id;
}

/** The header or metadata that asks for a prefix. */
export const prefixHeader = 'x-clarifai-request-id-prefix';
