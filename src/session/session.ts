import type { InputsService } from '../api/service.js';
import type { Context } from '../context.js';
import type { Settings } from '../core/settings/settings.js';
import type { DataOutput } from '../render/output/data-output.js';
import type { OutputForm } from '../render/output/output-forms.js';
import type { GlobalOptions } from './global-options.js';
import type { Messages } from './messages.js';
import type { Stdin } from './stdin.js';

/** The environment of a command: the process, its settings, its output. */
export interface Session {
  readonly context: Context;
  /** With the key of `--api-key-file` among what was given. */
  readonly options: GlobalOptions;
  /** All that is written to stderr. */
  readonly messages: Messages;
  readonly stdin: Stdin;
  readonly out: DataOutput;
  /** The command line as typed, to be printed in a hint. */
  readonly commandLine: string;
  /** Resolved when first asked for: not every command needs them. Throws UsageError, LocalError. */
  settings(): Settings;
  /** The service, opened when it is first asked for. Throws MissingKeyError, UsageError. */
  service(options?: ServiceOptions): Promise<InputsService>;
}

export interface ServiceOptions {
  /** Waits for a service that is gone, however long that takes. */
  readonly patient: boolean;
}

/** The form that is asked for, else a table for a person and NDJSON for a program. */
export function outputForm(session: Session): OutputForm {
  return session.options.output ?? (session.out.isTTY ? 'table' : 'ndjson');
}

/** True if a person is there to be asked. */
export function canPrompt(session: Session): boolean {
  const { context, options, stdin } = session;
  return options.input && !stdin.taken && context.stdin.isTTY === true && context.stderr.isTTY === true;
}
