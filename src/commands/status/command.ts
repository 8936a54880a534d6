import type { Command } from 'commander';
import { decimal, number, type Flags } from '../options/values.js';
import type { Start } from '../../session/session.js';

const defaultWaitSeconds = 1800;

export interface StatusRequest {
  /** As given; `-` stands for stdin. Empty: the counts of the app. */
  readonly words: readonly string[];
  readonly waitMs: number | undefined;
}

/** Declares `status`. */
export function declareStatus(command: Command, start: Start): void {
  command
    .description("Print the app's counts as a bar, or the inputs of the ids given.")
    .argument('[id...]', 'ids; - reads them from stdin')
    .option('--wait', 'follow until nothing is pending')
    .option('--wait-timeout <seconds>', 'how long to wait', decimal({ min: 0 }), defaultWaitSeconds)
    .addHelpText('before', examples)
    .action((words: string[], flags: Flags) =>
      start(async () => (await import('./run.js')).runStatus, parseStatus(words, flags)),
    );
}

const examples = `Examples:
  clarifai-inputs status
  clarifai-inputs status --wait
  clarifai-inputs add ./photos --no-wait -o ids | clarifai-inputs status --wait -
`;

/** Reads the words of `status`. */
export function parseStatus(words: readonly string[], flags: Flags): StatusRequest {
  const waitMs = (number(flags, 'waitTimeout') ?? defaultWaitSeconds) * 1000;
  return { words, waitMs: flags['wait'] === true ? waitMs : undefined };
}
