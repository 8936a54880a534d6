import type { Command } from '@commander-js/extra-typings';
import { assertNotTogether } from '../../session/option-rules.js';
import { maxPerPage } from '../../wire/messages.js';
import type { OptionsOf, Start } from '../command.js';
import { collect, integer } from '../options/values.js';

export interface StreamRequest {
  readonly lastId: string | undefined;
  readonly perPage: number;
  readonly descending: boolean;
  readonly limit: number | undefined;
  readonly follow: boolean;
  /** The raw options: `KEY=VALUE`. */
  readonly where: readonly string[];
}

export function declareStream(command: Command, start: Start<StreamRequest>): void {
  addStreamOptions(command).action((options) => start(parseStream(options)));
}

function addStreamOptions(command: Command) {
  return command
    .description(
      'Print every input by cursor, oldest first. Nothing is skipped or repeated while others add or delete.',
    )
    .option('--last-id <id>', 'start after this input')
    .option('--per-page <n>', `inputs per request (1-${maxPerPage})`, integer({ min: 1, max: maxPerPage }), maxPerPage)
    .option('--descending', 'newest first')
    .option('--limit <n>', 'maximum number of inputs', integer({ min: 1 }))
    .option('--follow', 'keep printing new inputs as they are added')
    .option('--where <key=value>', 'only inputs that match (repeatable)', collect)
    .addHelpText('before', examples);
}

const examples = `Examples:
  clarifai-inputs stream -o ndjson > inputs.ndjson
  clarifai-inputs stream --descending --limit 10
  clarifai-inputs stream --follow --where concept=dog -o ids
`;

/** Throws UsageError for directions that exclude each other. */
export function parseStream(options: OptionsOf<typeof addStreamOptions>): StreamRequest {
  const { lastId, perPage, limit, where = [] } = options;
  const descending = options.descending === true;
  const follow = options.follow === true;
  assertNotTogether({ '--follow': follow }, { '--descending': descending });
  return {
    lastId,
    perPage: where.length > 0 ? perPage : Math.min(perPage, limit ?? perPage),
    descending,
    limit,
    follow,
    where,
  };
}
