import { Option, type Command } from 'commander';
import { otherColumnsChoices, type ColumnOptions } from '../../core/rows/schema.js';
import { UsageError } from '../../errors.js';
import { collect, texts, type Flags } from './values.js';

/** Declares how the columns of a table are read whose names are not those of fields. */
export function addColumnOptions(command: Command): Command {
  return command
    .option(
      '--map <column=field>',
      'read a CSV column as a field: id, url, latitude, metadata.KEY, … (repeatable)',
      collect,
    )
    .addOption(
      new Option(
        '--other-columns <what>',
        'what to do with unknown CSV columns: ignore them, or keep them as metadata',
      ).choices(otherColumnsChoices),
    );
}

/** Throws UsageError for a `--map` that is not COLUMN=FIELD. */
export function parseColumns(flags: Flags): ColumnOptions {
  return {
    map: new Map(texts(flags, 'map').map(parseMapping)),
    other: otherColumnsChoices.find((choice) => choice === flags['otherColumns']),
  };
}

function parseMapping(pair: string): readonly [string, string] {
  const at = pair.lastIndexOf('=');
  if (at < 1 || at === pair.length - 1) {
    throw new UsageError(`--map '${pair}' is not COLUMN=FIELD`, { hint: 'for example --map file=path' });
  }
  return [pair.slice(0, at), pair.slice(at + 1)];
}

/** @throws UsageError for these options without the one that names a table */
export function assertNoColumnOptions({ map, other }: ColumnOptions, option: string): void {
  if (map.size > 0) throw new UsageError(`--map is only supported with ${option}`);
  if (other !== undefined) throw new UsageError(`--other-columns is only supported with ${option}`);
}
