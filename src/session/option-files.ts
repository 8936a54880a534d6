import { text } from 'node:stream/consumers';
import type { Context } from '../context.js';
import { UsageError } from '../errors.js';
import { fileChunks, type ReadingContext } from './file-chunks.js';
import type { Stdin } from './stdin.js';

/** Where texts that options name are read. */
export interface TextPlaces {
  readonly context: Pick<Context, 'cwd' | 'stopping'>;
  readonly stdin: Stdin;
}

/**
 * The text of an option's file, or of stdin for `-`.
 *
 * @param option - as typed, for the error: `--api-key-file`
 * @throws UsageError where it can't be read, or stdin has a reader already
 */
async function textOrStdin(file: string, option: string, { context, stdin }: TextPlaces): Promise<string> {
  return file === '-' ? await text(stdin.take(`${option} -`)) : await fileText(file, option, context);
}

/** A key from an option's file, or from stdin for `-`; blanks around it do not count. Throws UsageError where there is none. */
export async function keyText(file: string, option: string, places: TextPlaces): Promise<string> {
  const key = (await textOrStdin(file, option, places)).trim();
  if (key === '') throw new UsageError(`${option} ${file} contains no key`);
  return key;
}

/** The whole text of an option's file; see `fileChunks`. */
export async function fileText(file: string, option: string, context: ReadingContext): Promise<string> {
  return await text(fileChunks(file, option, context));
}
