import type { AppInput } from '../../api/answers.js';
import type { NewInput } from '../../api/new-input.js';
import type { SkipReason } from '../files/inspect-file.js';
import type { MediaKind, WireConcept, WireGeo } from '../../wire/messages.js';
import type { JsonObject } from '../../wire/json.js';

/** The data sent with a source beside its media. */
export interface Payload {
  readonly concepts: readonly WireConcept[];
  readonly metadata: JsonObject | undefined;
  readonly geo: WireGeo | undefined;
  readonly datasetIds: readonly string[];
  /** A text that an image has beside it. */
  readonly textBeside?: string | undefined;
}

export const emptyPayload: Payload = { concepts: [], metadata: undefined, geo: undefined, datasetIds: [] };

/** Where a source's media is. */
export type Media =
  | { readonly at: 'file'; readonly path: string }
  | { readonly at: 'url'; readonly url: string; readonly allowDuplicate?: boolean | undefined }
  /** Only another service hands it out: its bytes are fetched before they are sent. */
  | { readonly at: 'hosted'; readonly url: string }
  | { readonly at: 'text'; readonly text: string };

/** A source as it was named, before anything of it was read. */
export interface Draft {
  /** The path or URL, as shown and recorded. */
  readonly source: string;
  readonly media: Media;
  /** True if it was found in a folder: files there that are not media are skipped. */
  readonly found: boolean;
  /** The id asked for, if any. */
  readonly id: string | undefined;
  /** The kind asked for, if any. */
  readonly kind: MediaKind | undefined;
  /** The payload that every source is given. */
  readonly payload: Payload;
  /** The payload of its row in a manifest, which wins. */
  readonly own: Partial<Payload> | undefined;
  /** Where it was listed, such as `urls.txt line 3`; undefined for an argument. */
  readonly location: string | undefined;
  /** How often it was sent in earlier runs. */
  readonly tries: number;
  /** The file as it was when it was taken, where files are watched. */
  readonly fingerprint?: string;
}

/** A path or pattern of which nothing was found, or a folder that could not be read. */
export interface Unexpanded extends Pick<Draft, 'kind' | 'payload' | 'own'> {
  /** A pattern that finds the same from every working folder. */
  readonly pattern: string;
}

/** A source that was read, is sound, and has its id. */
export interface Candidate {
  readonly source: string;
  readonly draft: Draft;
  readonly input: NewInput;
  /** Raw bytes; 0 for a URL. */
  readonly sizeBytes: number;
}

/** The status of an input in a record: the service's code, or null where it has none for the case. */
export interface RecordStatus {
  readonly code: number | null;
  readonly name: string;
  readonly description: string;
}

export type Outcome = 'added' | 'updated' | 'exists' | 'duplicate' | 'failed' | 'pending' | 'unsent';

/** The outcome of one source; printed as it stands. */
export interface AddRecord {
  readonly id: string | null;
  readonly source: string;
  readonly status: RecordStatus;
  readonly outcome: Outcome;
}

/** The end of a source's way. */
export interface Final {
  readonly at: 'final';
  readonly record: AddRecord;
  /** True if the app has an input of that id, good or bad. */
  readonly inApp: boolean;
  /** The input in the app, if it was looked up. */
  readonly input?: AppInput;
  /** The source as named, if it was rejected. */
  readonly draft?: Draft;
  /** The argument that found nothing, where that is why there is none. */
  readonly unexpanded?: Unexpanded;
  /** The row that named it, where that could not be read: as it can be written for another try. */
  readonly row?: JsonObject;
  /** How often this run sent it, where that is not once. */
  readonly tries?: number;
  /** True for a duplicate whose concepts, metadata, geo or data sets differ from those that are sent. */
  readonly annotationsIgnored?: boolean;
  /** What a duplicate would send beside its media, where that is not the same as its original sends. */
  readonly duplicate?: Duplicate;
}

/** A source with the content of an earlier one. */
export interface Duplicate {
  readonly candidate: Candidate;
  /** The earlier source. */
  readonly original: string;
}

/** A source whose id the app has already, and what it has there. */
export interface Found {
  readonly candidate: Candidate;
  readonly input: AppInput;
}

/** How an input came to be in the app, before it is known whether it gets indexed. */
export type AcceptedAs = Extract<Outcome, 'added' | 'updated' | 'exists'>;

/** A source on its way through the stages of `add`. */
export type Step =
  | { readonly at: 'draft'; readonly draft: Draft }
  | { readonly at: 'candidate'; readonly candidate: Candidate }
  /** The app has these already, at most 128 at a time; what that means is still open. */
  | { readonly at: 'found'; readonly found: readonly Found[] }
  /** A file changed on its way: it goes on as what it is now, perhaps with another id. */
  | { readonly at: 'changed'; readonly before: Candidate; readonly now: Candidate }
  /** The service took it; whether it gets indexed is still open. */
  | { readonly at: 'accepted'; readonly id: string; readonly source: string; readonly was: AcceptedAs }
  | Final
  | Skipped
  | SourcePause
  /** A watched file that changed on its way: it does not count, and comes again once it is whole. */
  | { readonly at: 'withdrawn' }
  | SourceBound
  | SourceNotice;

/** A file in a folder that is not to be added, and so is not a source. */
export interface Skipped {
  readonly at: 'skipped';
  readonly source: string;
  readonly reason: SkipReason;
  /** The reason why media was skipped that would have failed without `skipUnsupported`. */
  readonly detail?: string;
}

/** The next source lets itself be waited for: what was gathered up to here goes on without it. */
export interface SourcePause {
  readonly at: 'pause';
}

/** Where the sources of a folder or list begin and end among all others. */
export interface SourceBound {
  readonly at: 'bound';
  readonly edge: 'begin' | 'end';
  readonly source: string;
}

/** Something that a user has to know about what was named, beside what became of each source. */
export interface SourceNotice {
  readonly at: 'notice';
  readonly notice: 'empty' | 'unused-exclusion' | 'regions' | 'other-content' | 'watching' | 'change-not-sent';
  readonly source: string;
  readonly detail?: string;
  /** Of the rows that it is about. */
  readonly count?: number;
}
