import type { InputsService } from '../../api/service.js';
import { MediaError } from '../../api/errors.js';
import { mediaUrl } from '../../api/media.js';

/** Limit for media that are shown. The service takes images up to 20 MB. */
const maxBytes = 25_000_000;

/**
 * Fetches media to look at.
 *
 * @param signal - aborted once nobody looks any more
 * @throws MediaError if the address is invalid or the file too large, ApiError, UnavailableError
 */
export async function mediaBytes(service: InputsService, address: string, signal: AbortSignal): Promise<Buffer> {
  let chunks: Uint8Array[] = [];
  const read = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
    chunks = [];
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > maxBytes) throw new MediaError(`it is larger than ${maxBytes / 1e6} MB`);
      chunks.push(chunk);
    }
  };
  await service.fetchMedia(mediaUrl(address), read, signal);
  return Buffer.concat(chunks);
}
