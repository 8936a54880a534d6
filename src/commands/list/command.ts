import type { Command } from '@commander-js/extra-typings';
import { assertNotTogether } from '../../session/option-rules.js';
import { maxPerPage } from '../../wire/messages.js';
import type { OptionsOf, Start } from '../command.js';
import { collect, integer } from '../options/values.js';

const defaultPerPage = 128;

/** Which pages to print. */
export type ListRequest =
  | { readonly pages: 'one'; readonly page: number; readonly perPage: number }
  | {
      readonly pages: 'all';
      readonly perPage: number;
      readonly limit: number | undefined;
      /** The raw options: `KEY=VALUE`. */
      readonly where: readonly string[];
    };

export function declareList(command: Command, start: Start<ListRequest>): void {
  addListOptions(command).action((options) => start(parseList(options)));
}

function addListOptions(command: Command) {
  return command
    .description('Print inputs, one page or, with --all, all of them.')
    .option('--page <n>', 'page number, from 1', integer({ min: 1 }))
    .option(
      '--per-page <n>',
      `inputs per page (1-${maxPerPage}, default ${defaultPerPage})`,
      integer({ min: 1, max: maxPerPage }),
    )
    .option('--all', 'print all inputs')
    .option('--limit <n>', 'maximum number of inputs', integer({ min: 1 }))
    .option('--where <key=value>', 'only inputs that match (repeatable)', collect)
    .addHelpText('before', examples);
}

const examples = `Examples:
  clarifai-inputs list --all -o ids
  clarifai-inputs list --where status=failed --where since=2h
  clarifai-inputs list --limit 500 -o csv --fields id,status.code,created_at
`;

/** Throws UsageError for one page and more than one. */
export function parseList({ page, perPage, limit, where = [], all }: OptionsOf<typeof addListOptions>): ListRequest {
  const moreThanOne = { '--all': all === true, '--limit': limit !== undefined, '--where': where.length > 0 };
  assertNotTogether({ '--page': page !== undefined }, moreThanOne);
  if (!Object.values(moreThanOne).includes(true)) {
    return { pages: 'one', page: page ?? 1, perPage: perPage ?? defaultPerPage };
  }
  return { pages: 'all', perPage: perPage ?? pageSizeFor(limit, where), limit, where };
}

/** Filtering reads more than it prints, so its pages are large. */
function pageSizeFor(limit: number | undefined, where: readonly string[]): number {
  return where.length > 0 ? maxPerPage : Math.min(maxPerPage, limit ?? maxPerPage);
}
