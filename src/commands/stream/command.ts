import type { Command } from 'commander';
import { UsageError } from '../../errors.js';
import { maxPerPage } from '../../wire/messages.js';
import { collect, number, text, texts, whole, type Flags } from '../options/values.js';
import type { Start } from '../../session/session.js';

export interface StreamRequest {
  readonly lastId: string | undefined;
  readonly perPage: number;
  readonly descending: boolean;
  readonly limit: number | undefined;
  readonly follow: boolean;
  /** As given: `KEY=VALUE`. */
  readonly where: readonly string[];
}

/** Declares `stream`. */
export function declareStream(command: Command, start: Start): void {
  command
    .description('Print every input by cursor, oldest first. The walk stays exact while others write.')
    .option('--last-id <id>', 'begin after this input')
    .option('--per-page <n>', `inputs a request (1-${maxPerPage})`, whole({ min: 1, max: maxPerPage }), maxPerPage)
    .option('--descending', 'newest first')
    .option('--limit <n>', 'inputs at most', whole({ min: 1 }))
    .option('--follow', 'go on with new inputs as they are added')
    .option('--where <key=value>', 'only inputs of which this holds (repeatable)', collect)
    .addHelpText('before', examples)
    .action((flags: Flags) => start(async () => (await import('./run.js')).runStream, parseStream(flags)));
}

const examples = `Examples:
  clarifai-inputs stream -o ndjson > inputs.ndjson
  clarifai-inputs stream --descending --limit 10
  clarifai-inputs stream --follow --where concept=dog -o ids
`;

/** Reads the words of `stream`. Throws UsageError. */
export function parseStream(flags: Flags): StreamRequest {
  const descending = flags['descending'] === true;
  const follow = flags['follow'] === true;
  if (follow && descending) {
    throw new UsageError('--follow goes on with new inputs, --descending away from them', { hint: 'give one of them' });
  }
  const limit = number(flags, 'limit');
  const where = texts(flags, 'where');
  const perPage = number(flags, 'perPage') ?? maxPerPage;
  return {
    lastId: text(flags, 'lastId'),
    perPage: where.length > 0 ? perPage : Math.min(perPage, limit ?? perPage),
    descending,
    limit,
    follow,
    where,
  };
}
