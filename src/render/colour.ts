import { Chalk, type ChalkInstance } from 'chalk';
import type { TextOutput } from '../context.js';

export type Colours = ChalkInstance;

export interface ColourChoice {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** False after `--no-color`. */
  readonly wanted: boolean;
}

/** Colours for one stream: none off a terminal, with NO_COLOR, TERM=dumb or `--no-color`. */
export function coloursFor(stream: TextOutput, choice: ColourChoice): Colours {
  return new Chalk({ level: colourLevel(stream, choice) });
}

function colourLevel(stream: TextOutput, { env, wanted }: ColourChoice): 0 | 1 | 2 | 3 {
  const forbidden = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb' || !wanted;
  if (forbidden || stream.isTTY !== true) return 0;
  if (/truecolor|24bit/i.test(env['COLORTERM'] ?? '')) return 3;
  return (env['TERM'] ?? '').includes('256') ? 2 : 1;
}
