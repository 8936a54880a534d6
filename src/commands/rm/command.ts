import type { Command } from 'commander';
import { UsageError } from '../../errors.js';
import { collect, decimal, number, texts, whole, type Flags } from '../options/values.js';
import type { Start } from '../../session/session.js';

const defaultWaitSeconds = 1800;

export interface RmRequest {
  /** As given; `-` stands for stdin. */
  readonly words: readonly string[];
  readonly all: boolean;
  /** As given: `KEY=VALUE`. */
  readonly where: readonly string[];
  readonly confirmed: boolean;
  readonly dryRun: boolean;
  readonly curl: boolean;
  readonly waitMs: number | undefined;
  readonly maxDelete: number | undefined;
}

/** Declares `rm`. */
export function declareRm(command: Command, start: Start): void {
  command
    .description('Delete inputs: by id, by what holds of them, or all of the app. Asks first.')
    .argument('[id...]', 'ids; - reads them from stdin')
    .option('--all', 'delete every input of the app')
    .option('--where <key=value>', 'delete the inputs of which this holds (repeatable)', collect)
    .option('-y, --yes', 'do not ask')
    .option('--max-delete <n>', 'refuse to delete more than this', whole({ min: 0 }))
    .option('--dry-run', 'show what would be deleted, delete nothing')
    .option('--curl', 'print the equal curl commands, delete nothing')
    .option('--wait', 'wait until they are gone')
    .option('--wait-timeout <seconds>', 'how long to wait', decimal({ min: 0 }), defaultWaitSeconds)
    .addHelpText('before', examples)
    .action((words: string[], flags: Flags) =>
      start(async () => (await import('./run.js')).runRm, parseRm(words, flags)),
    );
}

const examples = `Examples:
  clarifai-inputs rm train1
  clarifai-inputs list --all -o ids | clarifai-inputs rm - --yes --wait
  clarifai-inputs rm --where status=failed --max-delete 1000
`;

/** Reads the words of `rm`. Throws UsageError. */
export function parseRm(words: readonly string[], flags: Flags): RmRequest {
  const all = flags['all'] === true;
  const where = texts(flags, 'where');
  const ways = [all, words.length > 0, where.length > 0].filter((given) => given).length;
  if (ways > 1) throw new UsageError('ids, --where and --all exclude each other', { hint: 'give one of them' });
  if (ways === 0) {
    throw new UsageError('rm: nothing named', {
      hint: 'clarifai-inputs rm ID, --where KEY=VALUE, or --all for every input of the app',
    });
  }
  return {
    words,
    all,
    where,
    confirmed: flags['yes'] === true,
    dryRun: flags['dryRun'] === true,
    curl: flags['curl'] === true,
    waitMs: flags['wait'] === true ? (number(flags, 'waitTimeout') ?? defaultWaitSeconds) * 1000 : undefined,
    maxDelete: number(flags, 'maxDelete'),
  };
}
