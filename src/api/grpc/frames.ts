import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** Bytes before each message: whether it is compressed, and its length. Source: gRPC over HTTP/2, "Length-Prefixed-Message". */
export const prefixBytes = 5;
/** Bytes of an answer at most, as over REST; the service's own limit is 128 MB. */
export const maxAnswerBytes = 256_000_000;

/** The bytes before a message. */
export function messagePrefix(lengthBytes: number): Buffer {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(lengthBytes, 1);
  return prefix;
}

/**
 * The one message of an answer.
 *
 * @param encoding - the header `grpc-encoding`
 * @returns undefined where there is none
 * @throws Error for one that is cut short, or compressed in a way that was not offered
 */
export async function readMessage(body: Buffer, encoding: string | undefined): Promise<Uint8Array | undefined> {
  if (body.length === 0) return undefined;
  const lengthBytes = body.length < prefixBytes ? Infinity : body.readUInt32BE(1);
  if (body.length - prefixBytes < lengthBytes) throw new Error('the answer was cut short');
  const message = body.subarray(prefixBytes, prefixBytes + lengthBytes);
  if (body[0] === 0) return message;
  if (encoding !== 'gzip') throw new Error(`the answer is compressed as '${encoding ?? ''}', which was not offered`);
  return await promisify(gunzip)(message, { maxOutputLength: maxAnswerBytes });
}
