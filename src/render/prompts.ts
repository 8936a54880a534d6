import type { Context } from '../context.js';

/** Asks yes or no on stderr. Only where a person is there to answer. */
export async function confirm(question: string, context: Context, byDefault = false): Promise<boolean> {
  const { confirm } = await import('@inquirer/prompts');
  return await runPrompt(context, (terminal) => confirm({ message: question, default: byDefault }, terminal));
}

/** True, or what is wrong with a text, to be told before the next try. */
export type Validate = (text: string) => true | string;

/** Asks for a line of text; blanks around it do not count. */
export async function promptText(question: string, context: Context, validate: Validate): Promise<string> {
  const { input } = await import('@inquirer/prompts');
  return (await runPrompt(context, (terminal) => input({ message: question, validate }, terminal))).trim();
}

/** One of the answers that are offered. */
export interface Choice {
  readonly value: string;
  /** The label shown. */
  readonly name: string;
}

/** Asks for one of the choices that what is being typed leaves. */
export async function promptChoice(
  question: string,
  choices: (confirmByTyping: string) => readonly Choice[],
  context: Context,
): Promise<string> {
  const { search } = await import('@inquirer/prompts');
  const source = (typed: string | undefined): readonly Choice[] => choices((typed ?? '').trim());
  return await runPrompt(context, (terminal) => search({ message: question, source }, terminal));
}

/** Asks for a text that is not shown while it is typed, whatever is pressed. */
export async function promptSecret(question: string, context: Context, validate: Validate): Promise<string> {
  const { password } = await import('@inquirer/prompts');
  const shown = { message: question, mask: '*', toggleMask: false };
  return (await runPrompt(context, (terminal) => password({ ...shown, validate }, terminal))).trim();
}

/** Asks for an exact text to be typed. */
export async function typed(question: string, expected: string, context: Context): Promise<boolean> {
  return (await promptText(question, context, () => true)) === expected;
}

/** The streams that inquirer's prompts use. */
interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/**
 * Shows a prompt until it is answered, or left: with Ctrl-C, by a signal, or at the end of its input. Of the last inquirer
 * 8 takes no notice and would wait forever; all that shows is that readline pauses what it reads.
 */
async function runPrompt<T>(context: Context, prompt: (terminal: Terminal) => Promise<T>): Promise<T> {
  const { stdin: input, stderr: output, stopping } = context;
  const ended = new AbortController();
  const paused = (): void => {
    // back from Ctrl-Z and fg it is raw again, and readline leaves resuming it to us
    setImmediate(() => {
      if (input.isRaw === true) input.resume();
      else ended.abort();
    });
  };
  input.on('pause', paused);
  try {
    return await prompt({ input, output, signal: AbortSignal.any([stopping, ended.signal]) });
  } finally {
    input.off('pause', paused);
  }
}
