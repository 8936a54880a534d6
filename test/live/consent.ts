import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { sanitizeForTerminal } from '../../src/render/text.js';
import type { AppState } from './app-state.js';
import { UsageError, type LiveOptions } from './options.js';
import { familyPrefix } from './wording.js';

/** Where questions are asked. */
export interface Asking {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stderr: Writable;
  readonly signal: AbortSignal;
}

/** Returns once the user has agreed to all that a run does; throws UsageError if not. */
export async function askConsent(options: LiveOptions, { others }: AppState, asking: Asking): Promise<void> {
  const { apiBase, userId, appId } = options.target;
  const app = `the app ${sanitizeForTerminal(appId)} of ${sanitizeForTerminal(userId)} at ${new URL(apiBase).host}`;
  asking.stderr.write(
    `This adds up to 400 inputs to ${app}, changes them and deletes them, and nothing else.\n` +
      `Their ids begin with ${familyPrefix}; a few concepts and a dataset of such names may stay.\n`,
  );
  if (others > 0 && !options.shared) {
    const count = others === 1 ? '1 input' : `${others} inputs`;
    await agree(`The app holds ${count} that this command did not make. Use it all the same?`, '--shared', asking);
  }
  if (!options.yes) await agree('Add inputs and delete them again?', '--yes', asking);
}

async function agree(question: string, option: string, asking: Asking): Promise<void> {
  if (asking.stdin.isTTY !== true) throw new UsageError(`${question} Without a terminal, agree by ${option}`, false);
  if (!/^y(?:es)?$/i.test((await ask(`${question} [y/N] `, asking)).trim())) {
    throw new UsageError('nothing was done', false);
  }
}

/** The answer; empty where the input ends, or is interrupted. */
async function ask(question: string, { stdin, stderr, signal }: Asking): Promise<string> {
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    return await new Promise((resolve) => {
      const leave = (): void => {
        resolve('');
      };
      lines.once('close', leave).once('SIGINT', leave);
      signal.addEventListener('abort', leave, { once: true });
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}
