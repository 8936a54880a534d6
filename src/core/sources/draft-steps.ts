import { resolve } from 'node:path';
import { statusCodes } from '../../wire/status.js';
import type { MediaKind } from '../../wire/messages.js';
import type { Draft, Media, Payload, Step } from '../model/steps.js';
import { finalStep, recordStatus, type CodelessCase } from '../model/status-catalog.js';
import { isUrl, readUrl } from './urls.js';

/** What every source is given, wherever it was named. */
export interface Drafting {
  readonly cwd: string;
  readonly id: string | undefined;
  readonly kind: MediaKind | undefined;
  readonly payload: Payload;
}

/** A source and what is known of it where it was named, beyond what every source is given. */
export interface Named extends Partial<Pick<Draft, 'found' | 'id' | 'kind' | 'own' | 'place'>> {
  /** How often it was sent in earlier runs, if that is known. */
  readonly tries?: number | undefined;
  /** As it is shown and recorded. */
  readonly source: string;
  readonly media: Media;
}

export function draftStep({ source, media, ...known }: Named, drafting: Drafting): Step {
  const { id = drafting.id, kind = drafting.kind, own, place, found = false, tries = 0 } = known;
  return { at: 'draft', draft: { source, media, found, id, kind, payload: drafting.payload, own, place, tries } };
}

/** A path or URL as it stands. */
export function literalStep(text: string, place: string | undefined, drafting: Drafting): Step {
  if (isUrl(text)) return urlStep(text, place, drafting);
  return fileStep({ source: text, place }, drafting);
}

/**
 * A URL as it was given.
 *
 * @param place - where it was listed; undefined for an argument, in which a blank is part of the URL
 */
export function urlStep(text: string, place: string | undefined, drafting: Drafting): Step {
  const reading = readUrl(text, { blanks: place === undefined ? 'encode' : 'refuse' });
  if ('problem' in reading) return failedStep(text, reading.problem, { place, code: statusCodes.inputInvalidUrl });
  const { url } = reading;
  return draftStep({ source: url, media: { at: 'url', url }, place }, drafting);
}

/** A file, named relative to the working folder. */
export function fileStep(named: Omit<Named, 'media'>, drafting: Drafting): Step {
  return draftStep({ ...named, media: { at: 'file', path: resolve(drafting.cwd, named.source) } }, drafting);
}

/**
 * A source that fails before anything of it was read.
 *
 * @param place - where it was listed, if it was
 */
export function failedStep(
  source: string,
  reason: string,
  { place, code = 'UNREADABLE' }: { readonly place?: string | undefined; readonly code?: number | CodelessCase } = {},
): Step {
  return finalStep({ id: null, source }, 'failed', recordStatus(code, withPlace(reason, place)));
}

/** A reason, with the place that a user has to mend. */
export function withPlace(reason: string, place: string | undefined): string {
  return place === undefined ? reason : `${reason} (${place})`;
}
