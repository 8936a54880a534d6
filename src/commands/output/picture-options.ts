import { loadDecoder, type Brush } from '../../render/picture/picture.js';
import { pictureWay } from '../../render/picture/protocol.js';
import type { Session } from '../../session/session.js';
import { stderrColours } from '../../session/stderr-colours.js';

/**
 * What stderr can draw pictures with; undefined where it shows none. What it takes for that is loaded while the service
 * is asked.
 */
export function brushFor(session: Session): Brush | undefined {
  const colours = stderrColours(session);
  const way = pictureWay(session.context.env, colours);
  if (way === undefined) return undefined;
  // if it can't be loaded, the place of each picture says so
  void loadDecoder().catch(() => undefined);
  return { way, colours };
}
