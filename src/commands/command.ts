import type { Command } from '@commander-js/extra-typings';
import type { Command as Program } from 'commander';
import type { ExitCode } from '../errors.js';
import type { Session } from '../session/session.js';

/** Does what a request asks for, and returns the exit code. */
export type CommandRunner<R> = (request: R, session: Session) => Promise<ExitCode>;

/** Hands a request to the command's runner, which is loaded only then: a mistyped line, or help, loads no work. */
export type Start<R> = (request: R) => Promise<void>;

/**
 * Fills in a command that has only its name and summary: arguments, options, help and action.
 *
 * @param declareAll - returns the program with every command filled in, for help and completion
 */
export type Declare<R> = (command: Command, start: Start<R>, declareAll: () => Promise<Program>) => void;

/** Fills in what only shows help: the `help` command and the topics. */
export type DeclareHelp = (command: Command, declareAll: () => Promise<Program>) => void;

/** The options of a command as its declaration types them: a misspelt key does not compile. */
export type OptionsOf<Declaration extends (command: Command) => { opts(): unknown }> = ReturnType<
  ReturnType<Declaration>['opts']
>;
