import type { SkipReason } from '../../core/files/inspect-file.js';
import type { Skipped, SourceNotice } from '../../core/model/steps.js';
import { countText } from '../plural.js';
import { sanitizedExcerpt, shellWord } from '../text.js';

/** Singular and plural for files skipped for each reason. */
const nouns: Readonly<Record<SkipReason, readonly [string, string]>> = {
  image: ['image', 'images'],
  video: ['video', 'videos'],
  audio: ['audio file', 'audio files'],
  text: ['text file', 'text files'],
  other: ['other file', 'other files'],
  empty: ['empty file', 'empty files'],
  'unfinished download': ['unfinished download', 'unfinished downloads'],
  'system file': ['system file', 'system files'],
  'dead link': ['dead link', 'dead links'],
  'special file': ['FIFO, socket or device', 'FIFOs, sockets or devices'],
  'had failed': ['input that had failed', 'inputs that had failed'],
  unsupported: ['file that cannot be added', 'files that cannot be added'],
};

/** Counts the files skipped in folders by reason: `skipped: 60 text files, 1 dead link`. */
export function skippedLine(skipped: ReadonlyMap<SkipReason, number>): string {
  const parts = [...skipped].map(([reason, count]) => `${count} ${nouns[reason][count === 1 ? 0 : 1]}`);
  return `skipped: ${parts.join(', ')}`;
}

/** Why one file was skipped. */
export function skipText({ reason, detail }: Skipped): string {
  return detail ?? nouns[reason][0];
}

export function noticeLine({ notice, source, detail = '', count = 0 }: SourceNotice): string {
  switch (notice) {
    case 'empty':
      return `note: nothing to add in '${sanitizedExcerpt(source)}'`;
    case 'regions':
      return `note: regions of ${countText(count, 'row')} were not sent; send them with: clarifai-inputs patch --from ${shellWord(source)}`;
    case 'other-content':
      return `warning: '${sanitizedExcerpt(source)}' was not sent: ${sanitizedExcerpt(detail)}; --on-conflict replace sends it`;
    case 'unused-exclusion':
      return `warning: '${sanitizedExcerpt(source)}' excluded nothing; patterns start at the working folder, '!**/NAME' matches anywhere`;
    case 'watching':
      return `watching ${sanitizedExcerpt(source)}; press Ctrl-C to stop`;
    case 'change-not-sent':
      return `warning: '${sanitizedExcerpt(source)}' changed, and its input did not; --on-conflict replace replaces it`;
  }
}
