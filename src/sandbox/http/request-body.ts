import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { maxBodyBytes } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import { badFormat, Refusal } from '../requests/refusals.js';

/**
 * The body of a request as JSON; undefined where there is none.
 *
 * @param begin - called once before the body is read, unless it is refused by its announced length
 */
export async function receiveJson(request: IncomingMessage, begin: () => void): Promise<unknown> {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge();
  begin();
  const bytes = await receive(request);
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw badFormat('The body is not UTF-8.');
  if (hasTornPair(bytes)) throw badFormat('A string of the body has half of a surrogate pair.');
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw badFormat('The body is not JSON.');
  }
}

/** True for JSON with an escape that is not a character by itself (`\\ud800`). */
function hasTornPair(json: Buffer): boolean {
  if (!json.includes('\\ud') && !json.includes('\\uD')) return false;
  const rest = json.toString().replaceAll(/\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]../g, '');
  return /\\u[dD][89a-fA-F]/.test(rest);
}

function receive(request: IncomingMessage): Promise<Buffer> {
  // it left before anybody listened, and nothing more will be told of it
  if (request.destroyed) return Promise.reject(new Error('the client left'));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= maxBodyBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      request.off('data', onData).pause();
      reject(tooLarge());
    };
    request.on('data', onData);
    request.once('end', () => {
      resolve(Buffer.concat(chunks));
    });
    request.once('close', () => {
      reject(new Error('the client left')); // does nothing once the body is whole
    });
  });
}

function tooLarge(): Refusal {
  return new Refusal(statusCodes.messageTooLarge, `A request body holds at most ${maxBodyBytes} bytes.`);
}
