import type { Context, TextOutput } from '../../context.js';
import type { TagSession } from '../../core/tag/session.js';
import type { Key } from '../../core/tag/state.js';
import type { Colours } from '../colour.js';
import type { Gallery } from './picture-cache.js';
import type { Stage } from './screen.js';
import { taggerLines, type Saves } from './lines.js';

/** Inputs whose pictures are fetched and drawn before they are looked at. */
const inputsAhead = 3;

export interface Tagger {
  readonly session: TagSession;
  readonly gallery: Gallery;
  readonly stage: Stage;
  readonly colours: Colours;
}

/**
 * Lets a person tag until all is done or they leave.
 *
 * @throws ExitPromptError after Ctrl-C, AbortPromptError once the run is stopped from outside
 */
export async function runTagger(tagger: Tagger, { stdin, stderr, stopping }: Context): Promise<void> {
  const { createPrompt, useEffect, useKeypress, useState } = await import('@inquirer/core');
  const { session, stage } = tagger;
  // one prompt for the whole session: keys typed between two prompts would be lost
  const prompt = createPrompt<undefined, undefined>((_, done) => {
    const [drawing, draw] = useState(0);
    const redraw = (): void => {
      draw((before) => before + 1);
    };
    useEffect((keyboard) => listen({ session, stage, stderr, keyboard, redraw }), []);
    useEffect(() => {
      stage.show(linesAbove(tagger));
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
  stage.open();
  try {
    await prompt(undefined, { input: stdin, output: stage.output, signal: stopping });
  } finally {
    tagger.gallery.close();
    stage.close();
  }
}

interface Listening {
  readonly session: TagSession;
  readonly stage: Stage;
  readonly stderr: TextOutput;
  readonly keyboard: {
    on(event: string, listener: () => void): void;
    removeListener(event: string, listener: () => void): void;
  };
  readonly redraw: () => void;
}

/** Follows what happens beside the keys. Returns what ends that. */
function listen({ session, stage, stderr, keyboard, redraw }: Listening): () => void {
  const resized = (): void => {
    stage.resized();
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
function keyOf(name: string | undefined = '', typed: string): Key {
  return { name: names[name] ?? name, typed: /\p{Cc}/u.test(typed) ? '' : typed };
}

function linesAbove({ session, gallery, stage }: Tagger): readonly string[] {
  const { at, sheets } = session.state;
  const inputs = sheets.slice(at, at + 1 + inputsAhead).map(({ input }) => input);
  gallery.prepare(inputs, stage.above);
  return inputs[0] === undefined ? nothingAbove : gallery.linesOf(inputs[0]);
}

const nothingAbove: readonly string[] = [];

function linesBelow({ session, stage, colours }: Tagger): string {
  const lines = taggerLines(session.state, { columns: stage.columns, colours, saves: savesOf(session) });
  return lines.join('\n') + hideCursor;
}

const hideCursor = '\u001b[?25l';

function savesOf({ waiting, records }: TagSession): Saves {
  const failures = records.filter(({ outcome }) => outcome === 'failed');
  const last = failures.at(-1);
  const news =
    last === undefined
      ? ''
      : `failed: ${last.id ?? ''}: ${last.status.code ?? last.status.name} ${last.status.description}`;
  return { waiting, saved: records.length - failures.length, failed: failures.length, news };
}
