import { constants, createReadStream, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { readFailure } from '../core/files/read-failure.js';
import { interruptible } from '../core/model/interruptible.js';
import { InterruptedError, LocalError, UsageError } from '../errors.js';

/** Where an option's file is read from. */
export interface ReadingContext {
  readonly cwd: string;
  /** Ends the reading at once, whatever is awaited. */
  readonly stopping: AbortSignal;
}

/**
 * The bytes of an option's file.
 *
 * @param option - as typed before the name of the file: `--manifest`, `--metadata @`
 * @throws UsageError if it can't be opened, LocalError if it can't be read on
 */
export async function* fileChunks(
  file: string,
  option: string,
  { cwd, stopping }: ReadingContext,
): AsyncGenerator<Uint8Array> {
  let begun = false;
  try {
    const stream = await openStream(resolve(cwd, file));
    const chunks: AsyncIterable<Buffer> = stream;
    for await (const chunk of interruptible(chunks, stopping, () => stream.destroy())) {
      begun = true;
      yield chunk;
    }
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    const name = option.endsWith('@') ? option + file : `${option} ${file}`;
    const message = `${name}: ${readFailure(error)}`;
    throw begun ? new LocalError(message, { cause: error }) : new UsageError(message, { cause: error });
  }
}

/** A FIFO is opened without waiting for its writer: while a thread waited, no signal could end the process. */
async function openStream(path: string): Promise<Readable> {
  if (!(await stat(path)).isFIFO()) return createReadStream(path);
  const { Socket } = await import('node:net');
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}
