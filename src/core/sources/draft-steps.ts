import { resolve } from 'node:path';
import { statusCodes } from '../../wire/status.js';
import type { MediaKind } from '../../wire/messages.js';
import type { Draft, Final, Media, Payload, Step } from '../model/steps.js';
import { finalStep, recordStatus, type LocalStatus } from '../model/status-catalog.js';
import { isUrl, readUrl } from './urls.js';

/** The defaults of every source, wherever it was named. */
export interface SourceDefaults {
  readonly cwd: string;
  readonly id: string | undefined;
  readonly kind: MediaKind | undefined;
  readonly payload: Payload;
}

/** A source and what is known of it where it was named, beyond what every source is given. */
export interface NamedSource extends Partial<Pick<Draft, 'found' | 'id' | 'kind' | 'own' | 'location'>> {
  /** How often it was sent in earlier runs, if that is known. */
  readonly tries?: number | undefined;
  /** The path or URL, as shown and recorded. */
  readonly source: string;
  readonly media: Media;
}

export function draftStep(named: NamedSource, defaults: SourceDefaults): Step {
  return { at: 'draft', draft: draftOf(named, defaults) };
}

/** A source before anything of it was read. */
export function draftOf({ source, media, ...known }: NamedSource, defaults: SourceDefaults): Draft {
  const { id = defaults.id, kind = defaults.kind, own, location, found = false, tries = 0 } = known;
  return { source, media, found, id, kind, payload: defaults.payload, own, location, tries };
}

/** A path or URL as it stands. */
export function literalStep(text: string, location: string | undefined, defaults: SourceDefaults): Step {
  if (isUrl(text)) return urlStep(text, location, defaults);
  return fileStep({ source: text, location }, defaults);
}

/**
 * A URL as it was given.
 *
 * @param location - where it was listed; undefined for an argument, in which a blank is part of the URL
 */
export function urlStep(text: string, location: string | undefined, defaults: SourceDefaults): Step {
  const reading = readUrl(text, { blanks: location === undefined ? 'encode' : 'refuse' });
  if ('problem' in reading) {
    // of a line with a blank in it nobody knows which part is the URL
    const draft = location === undefined && {
      draft: draftOf({ source: text, media: { at: 'url', url: text } }, defaults),
    };
    return failedStep(text, reading.problem, { location, code: statusCodes.inputInvalidUrl, ...draft });
  }
  const { url } = reading;
  return draftStep({ source: url, media: { at: 'url', url }, location }, defaults);
}

/** A file, named relative to the working folder. */
export function fileStep(named: Omit<NamedSource, 'media'>, defaults: SourceDefaults): Step {
  return draftStep({ ...named, media: { at: 'file', path: resolve(defaults.cwd, named.source) } }, defaults);
}

/**
 * A source that fails before anything of it was read.
 *
 * @param location - where it was listed, if it was
 */
export function failedStep(
  source: string,
  reason: string,
  {
    location,
    code = 'UNREADABLE',
    id = null,
    ...named
  }: Pick<Final, 'draft' | 'unexpanded' | 'row'> & {
    readonly location?: string | undefined;
    /** The id that was asked for. */
    readonly id?: string | null;
    readonly code?: number | LocalStatus;
  } = {},
): Final {
  return { ...finalStep({ id, source }, 'failed', recordStatus(code, withLocation(reason, location))), ...named };
}

/** A reason, with where the user has to fix it. */
export function withLocation(reason: string, location: string | undefined): string {
  return location === undefined ? reason : `${reason} (${location})`;
}
