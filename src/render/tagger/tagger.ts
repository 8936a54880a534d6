import type { Context, TextInput, TextOutput } from '../../context.js';
import type { TagSession } from '../../core/tag/session.js';
import type { TagKey } from '../../core/tag/state.js';
import type { Colours } from '../colour.js';
import { escapeCharacter, Keyboard } from './keyboard.js';
import { helpLines, taggerLines, type Saves } from './lines.js';
import type { PictureCache } from './picture-cache.js';
import type { Screen } from './screen.js';

/** Inputs whose pictures are fetched and drawn before they are looked at. */
const inputsAhead = 3;

export interface Tagger {
  readonly session: TagSession;
  readonly pictures: PictureCache;
  readonly screen: Screen;
  /** The terminal whose keys are read. */
  readonly terminal: TextInput;
  readonly colours: Colours;
}

/**
 * Lets a person tag until all is done or they leave.
 *
 * @throws ExitPromptError after Ctrl-C, AbortPromptError once the run is stopped from outside
 */
export async function runTagger(tagger: Tagger, { stderr, stopping }: Context): Promise<void> {
  const { createPrompt, useEffect, useKeypress, useState } = await import('@inquirer/core');
  const { session, screen } = tagger;
  // one prompt for the whole session: keys typed between two prompts would be lost
  const prompt = createPrompt<undefined, undefined>((_, done) => {
    const [drawing, draw] = useState(0);
    const redraw = (): void => {
      draw((before) => before + 1);
    };
    useEffect((keyboard) => listen({ session, screen, stderr, keyboard, redraw }), []);
    useEffect(() => {
      screen.show(linesAbove(tagger));
      if (session.state.done) done(undefined);
    }, [drawing]);
    useKeypress((event, keyboard) => {
      const typed = keyboard.line;
      keyboard.clearLine(0);
      session.press(keyOf(event.name, typed));
      redraw();
    });
    return linesBelow(tagger);
  });
  const keys = new Keyboard(tagger.terminal);
  screen.open();
  try {
    await prompt(undefined, { input: keys, output: screen.output, signal: stopping });
  } finally {
    keys.release();
    tagger.pictures.close();
    screen.close();
  }
}

interface Listeners {
  readonly session: TagSession;
  readonly screen: Screen;
  readonly stderr: TextOutput;
  readonly keyboard: {
    on(event: string, listener: () => void): void;
    removeListener(event: string, listener: () => void): void;
  };
  readonly redraw: () => void;
}

/** Follows what happens beside the keys. Returns what ends that. */
function listen({ session, screen, stderr, keyboard, redraw }: Listeners): () => void {
  const resized = (): void => {
    screen.resized();
    redraw();
  };
  const closed = (): void => {
    session.quit();
    redraw();
  };
  session.onChange = redraw;
  stderr.on('resize', resized);
  // as when the terminal is closed
  keyboard.on('close', closed);
  // after a pause, nothing would draw it anew
  keyboard.on('SIGTSTP', nothing);
  return () => {
    session.onChange = nothing;
    stderr.off('resize', resized);
    keyboard.removeListener('close', closed);
    keyboard.removeListener('SIGTSTP', nothing);
  };
}

function nothing(): void {
  // on purpose
}

const names: Readonly<Record<string, string>> = { return: 'enter' };

/** @param typed - what the key put into the line, control characters among it on terminals that know nothing */
function keyOf(name: string | undefined = '', typed: string): TagKey {
  if (typed === escapeCharacter) return { name: 'escape', typed: '' };
  return { name: names[name] ?? name, typed: /\p{Cc}/u.test(typed) ? '' : typed };
}

function linesAbove({ session, pictures, screen }: Tagger): readonly string[] {
  const { at, inputs: known, showsKeys } = session.state;
  const inputs = known.slice(at, at + 1 + inputsAhead).map(({ input }) => input);
  pictures.prepare(inputs, screen.above);
  if (showsKeys) return helpLines;
  return inputs[0] === undefined ? nothingAbove : pictures.linesOf(inputs[0]);
}

const nothingAbove: readonly string[] = [];

function linesBelow({ session, screen, colours }: Tagger): string {
  const lines = taggerLines(session.state, { columns: screen.columns, colours, saves: savesOf(session) });
  return lines.join('\n') + hideCursor;
}

const hideCursor = '\u001b[?25l';

function savesOf({ waiting, records }: TagSession): Saves {
  const failures = records.filter(({ outcome }) => outcome === 'failed');
  const last = failures.at(-1);
  const failure =
    last === undefined
      ? ''
      : `failed: ${last.id ?? ''}: ${last.status.code ?? last.status.name} ${last.status.description}`;
  return { waiting, saved: records.length - failures.length, failed: failures.length, failure };
}
