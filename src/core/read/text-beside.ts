import type { AppInput } from '../../api/answers.js';
import { MediaError } from '../../api/errors.js';
import { mediaOf, mediaUrl, textBeside } from '../../api/media.js';
import type { InputsService } from '../../api/service.js';
import { maxRowChars } from '../rows/schema.js';
import { decodeText, hasInvalidUtf8, invalidUtf8 } from '../rows/text-decoder.js';

/**
 * The text that an image has beside it, fetched where only the service's copy holds it; undefined where it has none.
 *
 * @throws MediaError for one that is not UTF-8 or too long for a row, and what fetching throws
 */
export async function readTextBeside(input: AppInput, service: InputsService): Promise<string | undefined> {
  const text = textBeside(input);
  if (text === undefined) return undefined;
  const place = mediaOf({ media: [text] });
  if (place === undefined) throw new MediaError('has no address');
  if (place.at === 'text') return place.text;
  let bytes = Buffer.alloc(0);
  await service.fetchMedia(mediaUrl(place.url), async (body) => {
    bytes = await collect(body);
  });
  const decoded = decodeText(bytes);
  if (hasInvalidUtf8(decoded)) throw new MediaError(invalidUtf8);
  return decoded;
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let lengthBytes = 0;
  for await (const chunk of body) {
    lengthBytes += chunk.length;
    if (lengthBytes > maxRowChars) throw new MediaError(`is longer than ${maxRowChars} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
