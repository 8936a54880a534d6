import type { Command, Option } from '@commander-js/extra-typings';
import { assertMappable } from '../../core/rows/header.js';
import { otherColumnsChoices, type ColumnOptions, type OtherColumns, type RowField } from '../../core/rows/schema.js';
import { UsageError } from '../../errors.js';
import { assertOnlyWith } from '../../session/option-rules.js';
import { collect, readOption } from './values.js';

/** `--map`, as commander's `option` takes it. */
export const mapOption = [
  '--map <column=field>',
  'read a CSV column as a field, such as url, latitude or metadata.KEY (repeatable)',
  collect,
] as const;

/** `--other-columns`, as commander's `addOption` takes it. */
export function otherColumnsOption(
  command: Command,
): Option<'--other-columns <what>', undefined, undefined, undefined, false, OtherColumns> {
  return command
    .createOption(
      '--other-columns <what>',
      'what to do with unknown CSV columns: ignore them, or keep them as metadata',
    )
    .choices(otherColumnsChoices);
}

/** @throws UsageError for a `--map` to something that the rows of a command don't have */
export function assertMapOption(columns: ColumnOptions, fields: ReadonlyMap<string, RowField>): void {
  readOption('--map', () => {
    assertMappable(columns, fields);
  });
}

interface ColumnValues {
  readonly map?: readonly string[];
  readonly otherColumns?: OtherColumns;
}

/**
 * Reads how columns are taken whose names are not those of fields.
 *
 * @param table - the option that names a table, true if it was given
 * @throws UsageError for a `--map` that is not COLUMN=FIELD, and for these options without a table
 */
export function parseColumns(
  { map = [], otherColumns }: ColumnValues,
  table: Readonly<Record<string, boolean>>,
): ColumnOptions {
  assertOnlyWith({ '--map': map.length > 0 }, table);
  assertOnlyWith({ '--other-columns': otherColumns !== undefined }, table);
  return { map: new Map(map.map(parseMapping)), other: otherColumns };
}

function parseMapping(pair: string): readonly [string, string] {
  const at = pair.lastIndexOf('=');
  if (at < 1 || at === pair.length - 1) {
    throw new UsageError(`--map '${pair}' is not COLUMN=FIELD`, { hint: 'for example --map file=path' });
  }
  return [pair.slice(0, at), pair.slice(at + 1)];
}
