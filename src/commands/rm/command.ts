import type { Command } from '@commander-js/extra-typings';
import { UsageError } from '../../errors.js';
import { assertOnlyOne } from '../../session/option-rules.js';
import type { OptionsOf, Start } from '../command.js';
import { collect, decimal, defaultWaitSeconds, integer } from '../options/values.js';

export interface RmRequest {
  /** Ids as given; `-` stands for stdin. */
  readonly words: readonly string[];
  readonly all: boolean;
  /** The raw options: `KEY=VALUE`. */
  readonly where: readonly string[];
  readonly confirmed: boolean;
  readonly dryRun: boolean;
  readonly curl: boolean;
  readonly waitMs: number | undefined;
  readonly maxDelete: number | undefined;
}

export function declareRm(command: Command, start: Start<RmRequest>): void {
  addRmOptions(command).action((words, options) => start(parseRm(words, options)));
}

function addRmOptions(command: Command) {
  return command
    .description('Delete inputs by ID, by selector, or all inputs of the app. Asks for confirmation.')
    .argument('[id...]', 'input IDs; - to read them from stdin')
    .option('--all', 'delete all inputs of the app')
    .option('--where <key=value>', 'delete the inputs that match (repeatable)', collect)
    .option('-y, --yes', 'skip the confirmation prompt')
    .option('--max-delete <n>', 'refuse to delete more inputs than this', integer({ min: 0 }))
    .option('--dry-run', 'list what would be deleted without deleting it')
    .option('--curl', 'print equivalent curl commands instead of deleting')
    .option('--wait', 'wait until they are gone')
    .option('--wait-timeout <seconds>', 'how long to wait', decimal({ min: 0 }), defaultWaitSeconds)
    .addHelpText('before', examples);
}

const examples = `Examples:
  clarifai-inputs rm train1
  clarifai-inputs list --all -o ids | clarifai-inputs rm - --yes --wait
  clarifai-inputs rm --where status=failed --max-delete 1000
`;

/** Throws UsageError unless the inputs are named in exactly one way. */
export function parseRm(words: readonly string[], options: OptionsOf<typeof addRmOptions>): RmRequest {
  const { where = [], maxDelete } = options;
  const all = options.all === true;
  const selections = { IDs: words.length > 0, '--where': where.length > 0, '--all': all };
  assertOnlyOne(selections);
  if (!Object.values(selections).includes(true)) {
    throw new UsageError('rm: no inputs specified', {
      hint: 'clarifai-inputs rm ID, --where KEY=VALUE, or --all for every input of the app',
    });
  }
  return {
    words,
    all,
    where,
    confirmed: options.yes === true,
    dryRun: options.dryRun === true,
    curl: options.curl === true,
    waitMs: options.wait === true ? options.waitTimeout * 1000 : undefined,
    maxDelete,
  };
}
