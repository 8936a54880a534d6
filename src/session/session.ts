import type { Command } from 'commander';
import type { InputsService } from '../api/service.js';
import type { Context } from '../context.js';
import type { Settings } from '../core/settings/settings.js';
import type { ExitCode } from '../errors.js';
import type { DataOutput } from '../render/output/data-output.js';
import type { OutputForm } from '../render/output/output-forms.js';
import type { GlobalOptions } from '../commands/options/values.js';
import type { Stdin } from './stdin.js';

/** What a command works with: the world, its settings, where its data goes. */
export interface Session {
  readonly context: Context;
  /** With the key of `--api-key-file` among what was given. */
  readonly options: GlobalOptions;
  /** Read when first asked for: not every command needs them. Throws UsageError, LocalError. */
  readonly settings: Settings;
  readonly stdin: Stdin;
  readonly out: DataOutput;
  /** The command line as typed, to be printed in a hint. */
  readonly commandLine: string;
  /** The service, opened when it is first asked for. Throws MissingKeyError, UsageError. */
  service(): Promise<InputsService>;
}

/** Does what a command was asked, once its words are read. */
export type Run<R> = (request: R, session: Session) => Promise<ExitCode>;

/**
 * Runs a request; given to each command by the program, which never lets it see `process`. What does the work is
 * loaded only then, so that every other command starts without it.
 */
export type Start = <R>(load: () => Promise<Run<R>>, request: R) => Promise<void>;

/**
 * Fills in a command whose name stands: its arguments, its options, its help, what it does.
 *
 * @param whole - gives the program with every command filled in
 */
export type Declare = (command: Command, start: Start, whole: () => Promise<Command>) => void;

/** The form that is asked for, else a table for a person and NDJSON for a program. */
export function outputForm(session: Session): OutputForm {
  return session.options.output ?? (session.out.isTTY ? 'table' : 'ndjson');
}

/** True if a person is there to be asked. */
export function canPrompt(session: Session): boolean {
  const { context, options, stdin } = session;
  return options.input && !stdin.taken && context.stdin.isTTY === true && context.stderr.isTTY === true;
}
