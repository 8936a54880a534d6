/** A sandbox that cannot start: what is in the way, on one line, and the next thing to try. */
export class SandboxError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'SandboxError';
    this.hint = options.hint;
  }
}
