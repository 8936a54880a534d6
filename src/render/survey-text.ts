import type { Survey } from '../core/add/survey.js';
import { countText } from './plural.js';
import { bytesText } from './text.js';

const nouns = { image: 'image', video: 'video', audio: 'audio file', text: 'text' } as const;

/** `38 images and 2 videos, 2.5 MB`; sizes of what is behind URLs are not known. */
export function inputsText({ kinds, bytes }: Survey): string {
  const counts = [...kinds].map(([kind, count]) => countText(count, nouns[kind]));
  const last = counts.pop() ?? countText(0, 'input');
  const inputs = counts.length === 0 ? last : `${counts.join(', ')} and ${last}`;
  return bytes === 0 ? inputs : `${inputs}, ${bytesText(bytes)},`;
}

/** What was found, before anything is asked about it. */
export function surveyLine(survey: Survey): string {
  const failed = survey.failed === 0 ? '' : `; ${countText(survey.failed, 'source')} cannot be sent`;
  return `found ${inputsText(survey).replace(/,$/, '')}${failed}`;
}
