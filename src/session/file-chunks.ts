import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { readFailure } from '../core/files/read-failure.js';
import { LocalError, UsageError } from '../errors.js';

/** The bytes of an option's file. Throws UsageError if it can't be opened, LocalError if it can't be read on. */
export async function* fileChunks(file: string, option: string, cwd: string): AsyncGenerator<Uint8Array> {
  let begun = false;
  try {
    for await (const chunk of createReadStream(resolve(cwd, file)) as AsyncIterable<Buffer>) {
      begun = true;
      yield chunk;
    }
  } catch (error) {
    const message = `${option} ${file}: ${readFailure(error)}`;
    throw begun ? new LocalError(message, { cause: error }) : new UsageError(message, { cause: error });
  }
}
