import { loadDecoder, type PictureRenderer } from '../../render/picture/picture.js';
import { pictureProtocol } from '../../render/picture/protocol.js';
import type { Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';

/**
 * What stderr can draw pictures with; undefined where it shows none. What it takes for that is loaded while the service
 * is asked.
 */
export function pictureRendererFor(session: Session): PictureRenderer | undefined {
  const colours = stderrColours(session);
  const protocol = pictureProtocol(session.context.env, colours);
  if (protocol === undefined) return undefined;
  // if it can't be loaded, the place of each picture says so
  void loadDecoder().catch(() => undefined);
  return { protocol, colours };
}
