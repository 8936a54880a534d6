import type { Command } from 'commander';
import { exitCodes, UsageError, type ExitCode } from '../errors.js';
import type { Session, Start } from './session.js';

export interface GetRequest {
  /** As given; `-` stands for stdin. */
  readonly words: readonly string[];
}

/** Declares `get`. */
export function registerGet(program: Command, start: Start): void {
  program
    .command('get')
    .summary('print inputs by id')
    .description('Print inputs by id.')
    .argument('[id...]', 'ids; - reads them from stdin')
    .addHelpText('before', examples)
    .action((words: string[]) => start(runGet, parseGet(words)));
}

const examples = `Examples:
  clarifai-inputs get train1
  clarifai-inputs get train1 puppy1 -o json --fields id,data.metadata
  cut -f1 ids.tsv | clarifai-inputs get - -o ndjson
`;

/** Reads the words of `get`. Throws UsageError. */
export function parseGet(words: readonly string[]): GetRequest {
  if (words.length === 0) throw new UsageError('get: no id', { hint: 'clarifai-inputs get ID, or list to see ids' });
  return { words };
}

/** Prints the inputs that are there, and names those that are not. */
export async function runGet(request: GetRequest, session: Session): Promise<ExitCode> {
  const { fetched } = await import('../core/fetching.js');
  const { idsFrom, mustReadStdinOnce } = await import('./ids-argument.js');
  const { inputWriter } = await import('./input-output.js');
  const { MissingInputs } = await import('./missing-inputs.js');
  mustReadStdinOnce(request.words, session);
  const ids = await idsFrom(request.words, session);
  const missing = new MissingInputs(session);
  const writer = inputWriter(session);
  try {
    for await (const found of ids.length === 0 ? [] : fetched(await session.client(), ids)) {
      await writer.write(found.inputs.map(({ raw }) => raw));
      missing.name(found.missing);
      if (writer.closed) break;
    }
  } finally {
    await writer.end();
  }
  if (ids.length === 0) missing.nothingAsked();
  return missing.any ? exitCodes.partial : exitCodes.ok;
}
