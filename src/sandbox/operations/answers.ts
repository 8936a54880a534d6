import type { Json, JsonObject } from '../../wire/json.js';
import { statusCodes } from '../../wire/status.js';
import { isFailure, statusAt } from '../state/lifecycle.js';
import {
  type App,
  type End,
  mediaKinds,
  type Notes,
  present,
  type StoredInput,
  type StoredMedia,
  type StoredRegion,
} from '../state/records.js';

/** What a request is answered with; the HTTP status follows from the code. */
export interface Answer {
  readonly code: number;
  readonly details?: string | undefined;
  readonly fields: JsonObject;
}

/** How an input is shown: as of when, and with hosted media at addresses of the host that asks. */
export interface View {
  readonly now: number;
  readonly origin: string;
}

const descriptions: ReadonlyMap<number, string> = new Map<number, string>([
  [statusCodes.ok, 'Ok'],
  [statusCodes.mixed, 'Mixed Success'],
  [statusCodes.failure, 'Failure'],
  [statusCodes.throttled, 'Request was throttled'],
  [statusCodes.keyInvalid, 'Invalid API key or Invalid API key/application pair'],
  [statusCodes.keyNotFound, 'API key not found'],
  [statusCodes.badRequestFormat, 'Bad request format'],
  [statusCodes.doesNotExist, 'Resource does not exist'],
  [statusCodes.invalidRequest, 'Invalid request'],
  [statusCodes.methodNotAllowed, 'Method not allowed'],
  [statusCodes.inputOk, 'Download complete'],
  [statusCodes.inputPending, 'Download pending'],
  [statusCodes.inputFailed, 'Download failed; check URL'],
  [statusCodes.inputInProgress, 'Download in progress'],
  [statusCodes.inputDuplicateUrl, 'Duplicate URL in your application. Check the documentation to allow duplications.'],
  [statusCodes.inputUnsupportedFormat, 'Input image format unsupported'],
  [statusCodes.inputDoesNotExist, 'Input does not exist'],
  [30103, 'Input permission denied'],
  [statusCodes.inputInvalidArgument, 'Input invalid argument'],
  [statusCodes.inputOverLimit, 'Input image is larger than the allowed limit'],
  [statusCodes.inputInvalidUrl, 'Input image URL invalid'],
  [statusCodes.inputModified, 'Input image modification success'],
  [statusCodes.inputModifyPending, 'Input image modification pending'],
  [30203, 'Input image modification failed'],
  [statusCodes.inputInvalidBytes, 'Input image decoding failed. Check URLs and bytes sent'],
  [statusCodes.inputConnectionFailed, 'Connection attempts to the input URL failed'],
  [statusCodes.inputInvalidRequest, 'Invalid input request'],
  [statusCodes.messageTooLarge, 'Request sent is larger than the allowed limit'],
]);

// As a recording shows inputs that were never stored
const noTime = '0001-01-01T00:00:00Z';

/** A `status` object. */
export function statusBody({ code, details }: End): JsonObject {
  return present({ code, description: descriptionOf(code), details });
}

/** What a code says, in the service's words. */
export function descriptionOf(code: number): string {
  return descriptions.get(code) ?? `Status ${code}`;
}

/** An input as it is now, or with the status that the request gave it. */
export function inputBody(input: StoredInput, view: View, status: End = statusAt(input, view.now)): JsonObject {
  return {
    id: input.id,
    data: { ...mediaBody(input, view), ...notesBody(input.notes, input.app) },
    created_at: new Date(input.createdMs).toISOString(),
    modified_at: new Date(input.modifiedMs).toISOString(),
    status: statusBody(status),
  };
}

/** An input that was refused: its data as far as it was read, without bytes. */
export function refusedBody(id: string, data: JsonObject, status: End): JsonObject {
  return { id, data, created_at: noTime, status: statusBody(status) };
}

/** A page of inputs: mixed as soon as one of them has failed. */
export function pageAnswer(inputs: readonly StoredInput[], view: View): Answer {
  const mixed = inputs.some((input) => isFailure(statusAt(input, view.now).code));
  return {
    code: mixed ? statusCodes.mixed : statusCodes.ok,
    fields: { inputs: inputs.map((input) => inputBody(input, view)) },
  };
}

/** The answer to a request on several inputs, some of which may be refused. */
export function outcomeAnswer(inputs: readonly JsonObject[], refused: number, details?: string): Answer {
  if (refused === 0) return { code: statusCodes.ok, details, fields: { inputs } };
  return { code: refused < inputs.length ? statusCodes.mixed : statusCodes.failure, fields: { inputs } };
}

/** Concepts, metadata, geo and regions; what is empty is left out. */
export function notesBody(notes: Notes, app: App): JsonObject {
  return present({
    concepts: filled(notes.concepts?.map(({ id, name, value }) => ({ id, name, value, app_id: app.app }))),
    metadata: notes.metadata && Object.keys(notes.metadata).length > 0 ? notes.metadata : undefined,
    geo: notes.geo ? { geo_point: { ...notes.geo.geo_point } } : undefined,
    regions: filled(notes.regions?.map((region) => regionBody(region, app))),
  });
}

function regionBody({ id, info, value, trackId, notes }: StoredRegion, app: App): JsonObject {
  return present({ id, region_info: info, data: notes && notesBody(notes, app), value, track_id: trackId });
}

function filled(list: readonly Json[] | undefined): readonly Json[] | undefined {
  return list !== undefined && list.length > 0 ? list : undefined;
}

function mediaBody(input: StoredInput, { now, origin }: View): JsonObject {
  const processed = statusAt(input, now).code === statusCodes.inputOk;
  return present(
    Object.fromEntries(
      mediaKinds.map((kind) => {
        const media = input.media[kind];
        return [kind, media && mediumBody(media, { kind, origin, processed, app: input.app })];
      }),
    ),
  );
}

interface MediumView {
  readonly kind: string;
  readonly origin: string;
  readonly processed: boolean;
  readonly app: App;
}

function mediumBody({ url, hosted, info }: StoredMedia, { kind, origin, processed, app }: MediumView): JsonObject {
  const suffix = hosted && `${encodeURIComponent(app.user)}/${encodeURIComponent(app.app)}/${hosted.hash}`;
  const prefix = `${origin}/media`;
  const shown = processed && suffix !== undefined;
  return present({
    url: suffix === undefined ? url : `${prefix}/${suffix}`,
    hosted: shown ? { prefix, suffix, sizes: ['orig'], crossorigin: 'use-credentials' } : undefined,
    [`${kind}_info`]: processed ? info : undefined,
  });
}
