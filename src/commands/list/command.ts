import type { Command } from 'commander';
import { UsageError } from '../../errors.js';
import { maxPerPage } from '../../wire/messages.js';
import { collect, number, texts, whole, type Flags } from '../options/values.js';
import type { Start } from '../../session/session.js';

const defaultPerPage = 128;

/** Which pages to print. */
export type ListRequest =
  | { readonly pages: 'one'; readonly page: number; readonly perPage: number }
  | {
      readonly pages: 'all';
      readonly perPage: number;
      readonly limit: number | undefined;
      /** As given: `KEY=VALUE`. */
      readonly where: readonly string[];
    };

/** Declares `list`. */
export function declareList(command: Command, start: Start): void {
  command
    .description('Print inputs, one page or with --all every page.')
    .option('--page <n>', 'the page, from 1', whole({ min: 1 }))
    .option(
      '--per-page <n>',
      `inputs a page (1-${maxPerPage}, default ${defaultPerPage})`,
      whole({ min: 1, max: maxPerPage }),
    )
    .option('--all', 'every page')
    .option('--limit <n>', 'inputs at most, from as many pages as that takes', whole({ min: 1 }))
    .option('--where <key=value>', 'only inputs of which this holds (repeatable)', collect)
    .addHelpText('before', examples)
    .action((flags: Flags) => start(async () => (await import('./run.js')).runList, parseList(flags)));
}

const examples = `Examples:
  clarifai-inputs list --all -o ids
  clarifai-inputs list --where status=failed --where since=2h
  clarifai-inputs list --limit 500 -o csv --fields id,status.code,created_at
`;

/** Reads the words of `list`. Throws UsageError. */
export function parseList(flags: Flags): ListRequest {
  const page = number(flags, 'page');
  const perPage = number(flags, 'perPage');
  const limit = number(flags, 'limit');
  const where = texts(flags, 'where');
  const all = flags['all'] === true || limit !== undefined || where.length > 0;
  if (all && page !== undefined) {
    throw new UsageError('--page asks for one page; --all, --limit and --where for more', { hint: 'leave --page out' });
  }
  if (!all) return { pages: 'one', page: page ?? 1, perPage: perPage ?? defaultPerPage };
  return { pages: 'all', perPage: perPage ?? wholeWalk(limit, where), limit, where };
}

/** Filtering reads more than it prints, so its pages are large. */
function wholeWalk(limit: number | undefined, where: readonly string[]): number {
  return where.length > 0 ? maxPerPage : Math.min(maxPerPage, limit ?? maxPerPage);
}
