import type { Command } from 'commander';
import { UsageError } from '../../errors.js';
import { fileName, text, type Flags } from '../options/values.js';
import type { Start } from '../../session/session.js';

export interface GetRequest {
  /** As given; `-` stands for stdin. */
  readonly words: readonly string[];
  /** A folder to save their media in. */
  readonly download: string | undefined;
  /** Draw their pictures in the terminal. */
  readonly preview: boolean;
}

/** Declares `get`. */
export function declareGet(command: Command, start: Start): void {
  command
    .description('Print inputs by id; draw their pictures, save their media.')
    .argument('[id...]', 'ids; - reads them from stdin')
    .option('--download <dir>', 'save their media as ID.ext in this folder', fileName)
    .option('--preview', 'draw their pictures in the terminal')
    .addHelpText('before', examples)
    .action((words: string[], flags: Flags) =>
      start(async () => (await import('./run.js')).runGet, parseGet(words, flags)),
    );
}

const examples = `Examples:
  clarifai-inputs get train1 puppy1 -o json --fields id,data.metadata
  clarifai-inputs get train1 --preview --download ./media
  cut -f1 ids.tsv | clarifai-inputs get - -o ndjson
`;

/** Reads the words of `get`. Throws UsageError. */
export function parseGet(words: readonly string[], flags: Flags): GetRequest {
  if (words.length === 0) throw new UsageError('get: no id', { hint: 'clarifai-inputs get ID, or list to see ids' });
  return { words, download: text(flags, 'download'), preview: flags['preview'] === true };
}
