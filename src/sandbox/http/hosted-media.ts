import type { Reply } from '../reply.js';
import type { Store } from '../state/store.js';
import type { MediaStore } from '../state/media-store.js';

const hashForm = /^[0-9a-f]{64}$/;

/**
 * A hosted file, or undefined where there is none.
 *
 * @param parts - of the path after /media: user, app and hash; `orig`, the only size, may stand before them
 */
export async function mediaReply(
  parts: readonly string[],
  store: Store,
  mediaStore: MediaStore,
): Promise<Reply | undefined> {
  const [user = '', app = '', hash = '', ...more] = parts.length === 4 && parts[0] === 'orig' ? parts.slice(1) : parts;
  if (more.length > 0 || !hashForm.test(hash)) return undefined;
  const contentType = store.contentType({ user, app }, hash);
  if (contentType === undefined) return undefined;
  const content = await mediaStore.read(hash);
  if (content === undefined) return undefined;
  return {
    http: 200,
    contentType,
    content,
    headers: { 'Content-Security-Policy': "default-src 'none'; sandbox" },
  };
}
