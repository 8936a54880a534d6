import { CliError, exitCodes } from '../../errors.js';
import type { Session } from '../../session/session.js';

class MissingInputError extends CliError {
  readonly exitCode = exitCodes.partial;

  constructor(id: string) {
    super(`no input '${id}' in the app`);
  }
}

/** Names on stderr what was asked for and is not there. */
export class MissingInputs {
  readonly #session: Session;
  /** How many were named so far. */
  count = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  name(ids: readonly string[]): void {
    for (const id of ids) {
      this.count += 1;
      this.#session.messages.fail(new MissingInputError(id));
    }
  }

  /** An empty list of ids is nothing to do, and no error. */
  nothingAsked(): void {
    this.#session.messages.info('no IDs given: nothing to do');
  }
}
