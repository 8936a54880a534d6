import { plain } from '../../render/text.js';
import type { Session } from '../../session/session.js';

/** Names on stderr what was asked for and is not there. */
export class MissingInputs {
  readonly #session: Session;
  any = false;

  constructor(session: Session) {
    this.#session = session;
  }

  name(ids: readonly string[]): void {
    for (const id of ids) {
      this.any = true;
      this.#session.context.stderr.write(`error: no input '${plain(id)}' in the app\n`);
    }
  }

  /** An empty list of ids is nothing to do, and no error. */
  nothingAsked(): void {
    if (!this.#session.options.quiet) this.#session.context.stderr.write('no ids given: nothing to do\n');
  }
}
