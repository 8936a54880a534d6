import { coloursFor, type Colours } from '../render/colour.js';
import type { Session } from './session.js';

/** Colours for what is told on stderr; apart from the messages, so that a command without any does not load them. */
export function stderrColours({ context, options }: Pick<Session, 'context' | 'options'>): Colours {
  return coloursFor(context.stderr, { env: context.env, wanted: options.colour });
}
