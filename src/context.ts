/** The world as a command sees it: what `process` would give, so that a test can give something else. */
export interface Context {
  readonly stdin: TextInput;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** Opens the terminal itself for its keys, where stdin gives something else; undefined where there is none. */
  readonly openTerminal: () => TerminalInput | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working folder, absolute. */
  readonly cwd: string;
  readonly homeDir: string;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  /** Aborted by the first Ctrl-C: take no new work, let requests in flight end. Its reason is an InterruptedError. */
  readonly stopping: AbortSignal;
  /** Aborted some seconds after `stopping`: cut requests in flight. */
  readonly leaving: AbortSignal;
}

export interface TextInput extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  /** True while a terminal gives each key as it is pressed. */
  readonly isRaw?: boolean;
  setRawMode?(isRaw: boolean): unknown;
  /** Lets go of it, so that it no longer keeps the process. */
  destroy?(): unknown;
}

/** A terminal that was opened, to be closed by who did. */
export interface TerminalInput extends TextInput {
  destroy(): unknown;
}

export interface TextOutput extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  /** The terminal's size; it emits `resize` when that changes. */
  readonly columns?: number;
  readonly rows?: number;
}

export interface Clock {
  /** Milliseconds since the epoch; never set back while the process runs. */
  now(): number;
  /** Waits; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
