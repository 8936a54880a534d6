import type { Context } from '../context.js';

/** Asks yes or no on stderr. Only where a person is there to answer. */
export async function confirmed(question: string, context: Context, byDefault = false): Promise<boolean> {
  const { confirm } = await import('@inquirer/prompts');
  return await confirm({ message: question, default: byDefault }, promptContext(context));
}

/** True, or what is wrong with a text, to be told before the next try. */
export type Validate = (text: string) => true | string;

/** Asks for a line of text; blanks around it do not count. */
export async function asked(question: string, context: Context, validate: Validate): Promise<string> {
  const { input } = await import('@inquirer/prompts');
  return (await input({ message: question, validate }, promptContext(context))).trim();
}

/** Asks for a text that is not shown while it is typed. */
export async function askedSecret(question: string, context: Context, validate: Validate): Promise<string> {
  const { password } = await import('@inquirer/prompts');
  return (await password({ message: question, mask: '*', validate }, promptContext(context))).trim();
}

/** Asks for an exact text to be typed. */
export async function typed(question: string, expected: string, context: Context): Promise<boolean> {
  const { input } = await import('@inquirer/prompts');
  return (await input({ message: question }, promptContext(context))).trim() === expected;
}

function promptContext(context: Context): {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
} {
  return { input: context.stdin, output: context.stderr, signal: context.stopping };
}
