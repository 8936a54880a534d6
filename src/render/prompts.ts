import type { Context } from '../context.js';
import { wrapWords } from './wrap.js';

/** Asks yes or no on stderr. Only where a person is there to answer. */
export async function confirm(question: string, context: Context, byDefault = false): Promise<boolean> {
  const { confirm } = await import('@inquirer/prompts');
  return await runPrompt(context, (terminal) =>
    confirm({ message: wrapQuestion(question, context), default: byDefault }, terminal),
  );
}

/** True, or what is wrong with a text, to be told before the next try. */
export type Validate = (text: string) => true | string;

/** Asks for a line of text; blanks around it do not count. */
export async function promptText(question: string, context: Context, validate: Validate): Promise<string> {
  const { input } = await import('@inquirer/prompts');
  return (
    await runPrompt(context, (terminal) => input({ message: wrapQuestion(question, context), validate }, terminal))
  ).trim();
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
  return await runPrompt(context, (terminal) => search({ message: wrapQuestion(question, context), source }, terminal));
}

/** Asks for a text that is not shown while it is typed, whatever is pressed. */
export async function promptSecret(question: string, context: Context, validate: Validate): Promise<string> {
  const { password } = await import('@inquirer/prompts');
  const shown = { message: wrapQuestion(question, context), mask: '*', toggleMask: false };
  return (await runPrompt(context, (terminal) => password({ ...shown, validate }, terminal))).trim();
}

/** Asks for an exact text to be typed. */
export async function typed(question: string, expected: string, context: Context): Promise<boolean> {
  return (await promptText(question, context, () => true)) === expected;
}

/** Room for the mark before a question, and the answers that it offers. */
const besideQuestion = 8;

/** Inquirer breaks a long question within its words. */
function wrapQuestion(question: string, { stderr }: Context): string {
  return wrapWords(question, (stderr.columns ?? 80) - besideQuestion);
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
