import type { Colours } from '../colour.js';

/** How a terminal can be made to show a picture: two protocols for real pixels, or two coloured halves a place. */
export type PictureProtocol = 'kitty' | 'iterm' | 'half-blocks';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The best way that a terminal has; undefined for one without colours, or with 16 only. What a terminal can do it tells
 * in its environment; inside tmux and screen, the variables are those of the terminal around them, which pixels do
 * not reach.
 */
export function pictureProtocol(env: Env, colours: Colours): PictureProtocol | undefined {
  if (colours.level === 0) return undefined;
  const term = env['TERM'] ?? '';
  const isInside = (env['TMUX'] ?? '') !== '' || /^(tmux|screen)/.test(term);
  if (!isInside && speaksKitty(env, term)) return 'kitty';
  if (!isInside && speaksIterm(env)) return 'iterm';
  return colours.level >= 2 ? 'half-blocks' : undefined;
}

/** Source: the list of terminals in the documentation of kitty's graphics protocol. */
function speaksKitty(env: Env, term: string): boolean {
  return (env['KITTY_WINDOW_ID'] ?? '') !== '' || /kitty|ghostty/.test(term) || env['TERM_PROGRAM'] === 'ghostty';
}

/** Source: the documentation of iTerm2, WezTerm and mintty. Over ssh, iTerm2 is known by LC_TERMINAL. */
function speaksIterm(env: Env): boolean {
  return ['iTerm.app', 'WezTerm', 'mintty'].includes(env['TERM_PROGRAM'] ?? '') || env['LC_TERMINAL'] === 'iTerm2';
}
