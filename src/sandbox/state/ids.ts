import { createHash, randomBytes } from 'node:crypto';

/** An id as the service makes them: 32 hex digits. */
export function newId(): string {
  return randomBytes(16).toString('hex');
}

/** The SHA-256 of text or bytes, in hex. */
export function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
