import type { Context } from '../context.js';

/** Asks yes or no on stderr; no is the default. Only where a person is there to answer. */
export async function confirmed(question: string, context: Context): Promise<boolean> {
  const { confirm } = await import('@inquirer/prompts');
  return await confirm({ message: question, default: false }, promptContext(context));
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
