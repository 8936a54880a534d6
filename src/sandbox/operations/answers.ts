import type { JsonObject } from '../../wire/json.js';
import { type CountName, type MediaKind, mediaKinds } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import { Refusal } from '../requests/refusals.js';
import { isFailure, statusAt } from '../state/lifecycle.js';
import type { AddJobProgress } from '../state/queries.js';
import type {
  Annotations,
  App,
  End,
  InputTemplate,
  StoredExtraction,
  StoredInput,
  StoredMedia,
} from '../state/records.js';

/** The answer to a request; each protocol prints it in its own way. */
export interface Answer {
  readonly status: End;
  readonly inputs?: readonly ShownInput[];
  readonly input?: ShownInput;
  readonly counts?: Readonly<Record<CountName, number>>;
  readonly concepts?: readonly ShownConcept[];
  readonly concept?: ShownConcept;
  readonly datasets?: readonly ShownDataset[];
  readonly datasetInputs?: readonly ShownDatasetInput[];
  readonly addJob?: ShownAddJob | undefined;
  readonly addJobs?: readonly ShownAddJob[];
  readonly extraction?: ShownExtraction;
  readonly extractions?: readonly ShownExtraction[];
}

/** An input as an answer shows it. */
export interface ShownInput {
  readonly id: string;
  readonly app: App;
  readonly media: readonly ShownMedium[];
  readonly annotations: Annotations;
  /** Undefined for an input that was refused, and so never was. */
  readonly times: { readonly createdMs: number; readonly modifiedMs: number } | undefined;
  readonly status: End;
}

export interface ShownMedium {
  readonly kind: MediaKind;
  readonly url?: string | undefined;
  /** Where the bytes are, once they have been looked at: prefix, size and suffix make an address. */
  readonly hosted?: { readonly prefix: string; readonly suffix: string } | undefined;
  /** `image_info` and its like. */
  readonly info?: JsonObject | undefined;
}

export interface ShownConcept {
  readonly id: string;
  readonly name: string;
  readonly app: App;
}

export interface ShownDataset {
  readonly id: string;
  readonly app: App;
  readonly createdMs: number;
}

/** An input of a dataset; undefined where it is not in it. */
export interface ShownDatasetInput {
  readonly joinedMs: number | undefined;
  readonly input: ShownInput;
}

/** Counts the inputs that were added under its name. */
export interface ShownAddJob {
  readonly id: string;
  readonly progress: AddJobProgress;
  /** Undefined in the answer to an add, which tells no more than the id. */
  readonly state: { readonly createdMs: number; readonly modifiedMs: number; readonly status: End } | undefined;
  /** The buckets that it reads. */
  readonly extractions?: readonly ShownExtraction[];
}

/** The reading of a bucket. */
export interface ShownExtraction {
  readonly id: string;
  readonly url: string;
  readonly app: App;
  readonly status: End;
  readonly found: StoredExtraction['found'];
  readonly failedArchives: number;
  readonly conflictResolution: number;
  readonly template: InputTemplate;
  readonly createdMs: number;
  readonly modifiedMs: number;
}

/** How inputs are shown: as of when, and with hosted media at addresses of the host that asks. */
export interface View {
  readonly now: number;
  readonly origin: string;
}

const internalError = 99009;

/** An input as it is now, or with the status that the request gave it. */
export function showInput(input: StoredInput, view: View, status: End = statusAt(input, view.now)): ShownInput {
  const { id, app, annotations, createdMs, modifiedMs } = input;
  return { id, app, media: showMedia(input, view), annotations, times: { createdMs, modifiedMs }, status };
}

/** The reading of a bucket as it is now. */
export function showExtraction(job: StoredExtraction, status: End): ShownExtraction {
  const { id, url, app, found, failedArchives, conflictResolution, template, createdMs, modifiedMs } = job;
  return { id, url, app, status, found, failedArchives, conflictResolution, template, createdMs, modifiedMs };
}

/** A page of inputs: mixed as soon as one of them has failed. */
export function answerPage(inputs: readonly StoredInput[], view: View): Answer {
  const isMixed = inputs.some((input) => isFailure(statusAt(input, view.now).code));
  const code = isMixed ? statusCodes.mixed : statusCodes.ok;
  return { status: { code }, inputs: inputs.map((input) => showInput(input, view)) };
}

/** The answer to a request on several inputs, some of which may be refused. */
export function answerOutcomes(inputs: readonly ShownInput[], details?: string): Answer {
  const refused = inputs.filter(({ times }) => times === undefined).length;
  if (refused === 0) return { status: { code: statusCodes.ok, details }, inputs };
  return { status: { code: refused < inputs.length ? statusCodes.mixed : statusCodes.failure }, inputs };
}

/** The one place where what was thrown becomes an answer. */
export function answerThrown(thrown: unknown): Answer {
  if (thrown instanceof Refusal) return { status: { code: thrown.code, details: thrown.details } };
  return { status: { code: internalError, details: thrown instanceof Error ? thrown.message : String(thrown) } };
}

function showMedia(input: StoredInput, { now, origin }: View): readonly ShownMedium[] {
  const isProcessed = statusAt(input, now).code === statusCodes.inputOk;
  return mediaKinds.flatMap((kind) => {
    const medium = input.media[kind];
    return medium === undefined ? [] : [showMedium(medium, { kind, origin, isProcessed, app: input.app })];
  });
}

interface MediumView {
  readonly kind: MediaKind;
  readonly origin: string;
  readonly isProcessed: boolean;
  readonly app: App;
}

function showMedium({ url, hosted, info }: StoredMedia, { kind, origin, isProcessed, app }: MediumView): ShownMedium {
  const prefix = `${origin}/media`;
  const suffix = hosted && `${encodeURIComponent(app.user)}/${encodeURIComponent(app.app)}/${hosted.hash}`;
  return {
    kind,
    url: suffix === undefined ? url : `${prefix}/${suffix}`,
    hosted: isProcessed && suffix !== undefined ? { prefix, suffix } : undefined,
    info: isProcessed ? info : undefined,
  };
}
