import { coloursFor, type Colours } from '../render/colour.js';
import type { Session } from './session.js';

/** Colours for what is told on stderr. */
export function stderrColours({ context, options }: Session): Colours {
  return coloursFor(context.stderr, { env: context.env, wanted: options.colour });
}
