import type { Context, TextOutput } from '../../context.js';

/** True where lines can be drawn over. A CI's log may say that it is a terminal, but keeps every line. */
export function drawsLive(stream: TextOutput, env: Context['env']): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';
}
