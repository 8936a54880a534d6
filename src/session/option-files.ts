import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Context } from '../context.js';
import { messageOf, UsageError } from '../errors.js';
import type { Stdin } from './stdin.js';

/** Where texts that options name are read. */
export interface TextPlaces {
  readonly context: Pick<Context, 'cwd'>;
  readonly stdin: Stdin;
}

/**
 * The text of an option's file, or of stdin for `-`.
 *
 * @param option - as typed, for the error: `--api-key-file`
 * @throws UsageError where it can't be read, or stdin has a reader already
 */
async function textOrStdin(file: string, option: string, { context, stdin }: TextPlaces): Promise<string> {
  return file === '-' ? await text(stdin.take(`${option} -`)) : await fileText(file, option, context.cwd);
}

/** A key from an option's file, or from stdin for `-`; blanks around it do not count. Throws UsageError where there is none. */
export async function keyText(file: string, option: string, places: TextPlaces): Promise<string> {
  const key = (await textOrStdin(file, option, places)).trim();
  if (key === '') throw new UsageError(`${option} ${file} contains no key`);
  return key;
}

/**
 * The text of an option's file. Throws UsageError.
 *
 * @param sign - stands before the name where an option may take something else as well: `--metadata @file`
 */
export async function fileText(file: string, option: string, cwd: string, sign = ''): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`${option} ${sign}${file}: ${messageOf(error)}`, { cause: error });
  }
}
