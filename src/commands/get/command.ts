import type { Command } from '@commander-js/extra-typings';
import { UsageError } from '../../errors.js';
import type { OptionsOf, Start } from '../command.js';

export interface GetRequest {
  /** Ids as given; `-` stands for stdin. */
  readonly words: readonly string[];
  /** A folder to save their media in. */
  readonly download: string | undefined;
  /** Draw their pictures in the terminal. */
  readonly preview: boolean;
}

export function declareGet(command: Command, start: Start<GetRequest>): void {
  addGetOptions(command).action((words, options) => start(parseGet(words, options)));
}

function addGetOptions(command: Command) {
  return command
    .description('Print inputs by ID; optionally draw their pictures or save their media.')
    .argument('[id...]', 'input IDs; - to read them from stdin')
    .option('--download <dir>', 'save their media as ID.ext in this folder')
    .option('--preview', 'draw their pictures in the terminal')
    .addHelpText('before', examples);
}

const examples = `Examples:
  clarifai-inputs get train1 puppy1 -o json --fields id,data.metadata
  clarifai-inputs get train1 --preview --download ./media
  cut -f1 ids.tsv | clarifai-inputs get - -o ndjson
`;

/** Throws UsageError if no id is given. */
export function parseGet(words: readonly string[], options: OptionsOf<typeof addGetOptions>): GetRequest {
  if (words.length === 0)
    throw new UsageError('get: no ID specified', {
      hint: 'clarifai-inputs get ID; see IDs with: clarifai-inputs list -o ids',
    });
  return { words, download: options.download, preview: options.preview === true };
}
