/** A sandbox that cannot start: what is in the way, on one line, and the next thing to try. */
export class SandboxError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'SandboxError';
    this.hint = options.hint;
  }
}

/** What the system said, in words and on one line: without Node's code before it and the call behind it. */
export function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const words = text.replace(/^(?:\w+ )?E[A-Z]+: /, '').replace(/, \w+ '.*$/s, '');
  return words.replaceAll(/\s+/g, ' ');
}
