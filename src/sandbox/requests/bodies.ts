import { maxInputsPerRequest } from '../../wire/messages.js';
import { Fields, textItem, words } from './fields.js';
import { notesOf } from './annotations.js';
import type { Notes } from '../state/records.js';
import { type MediaKind, mediaKinds } from '../state/records.js';
import { badFormat, invalidRequest, Refusal } from './refusals.js';
import { statusCodes } from '../../wire/status.js';

/** Media as a request gives it. */
export interface GivenMedia {
  readonly kind: MediaKind;
  readonly url: string | undefined;
  readonly bytes: Buffer | undefined;
  readonly duplicateUrlAllowed: boolean;
}

/** An input as a request gives it. */
export interface GivenInput {
  readonly id: string | undefined;
  readonly media: readonly GivenMedia[];
  readonly notes: Notes;
}

export interface AddBody {
  readonly inputs: readonly GivenInput[];
  readonly jobId: string | undefined;
  readonly suffix: boolean;
}

const patchActions = ['merge', 'overwrite', 'remove'] as const;

export type PatchAction = (typeof patchActions)[number];

export interface PatchBody {
  readonly action: PatchAction;
  readonly inputs: readonly { readonly id: string; readonly notes: Notes }[];
}

export interface DeleteBody {
  readonly ids: readonly string[];
  readonly all: boolean;
}

export interface AppFields {
  readonly user: string | undefined;
  readonly app: string | undefined;
}

// Names that are known and not used are in the proto: what a client read may be sent back as it is
const known = {
  inputs: words('id data dataset_ids created_at modified_at status settings'),
  data: words(
    'image video audio text concepts metadata geo regions frames time_segments tracks colors clusters embeddings ' +
      'hits heatmaps parts ndarray int_value float_value bytes_value bool_value string_value',
  ),
  media: words(
    'url allow_duplicate_url hosted hosted_thumbnail thumbnail_url image_info hosted_image_info video_info ' +
      'audio_info text_info',
  ),
};

const conflictResolutions = { INPUT_ID_CONFLICT_RESOLUTION_NOT_SET: 0, SKIP: 1, SUFFIX: 2 } as const;

// Source: the service's upload page ("1 video per request")
const maxVideosPerRequest = 1;

const idForm = /^[A-Za-z0-9_-]{1,48}$/;

/** The body of POST /inputs; what is wrong with the whole request is thrown, what is wrong with one input is left in. */
export function addBody(json: unknown): AddBody {
  const fields = new Fields(json, '', ['inputs', 'inputs_add_job_id', 'input_id_conflict_resolution', 'user_app_id']);
  const inputs = counted(fields.list('inputs', givenInput));
  if (inputs.filter(({ media }) => media.some(({ kind }) => kind === 'video')).length > maxVideosPerRequest) {
    throw invalidRequest(`A request holds at most ${maxVideosPerRequest} video`);
  }
  return {
    inputs,
    jobId: fields.text('inputs_add_job_id'),
    suffix: fields.option('input_id_conflict_resolution', conflictResolutions) === conflictResolutions.SUFFIX,
  };
}

/** The body of PATCH /inputs. */
export function patchBody(json: unknown): PatchBody {
  const fields = new Fields(json, '', ['inputs', 'action', 'user_app_id']);
  const inputs = counted(fields.list('inputs', patchedInput));
  const action = patchActions.find((name) => name === fields.text('action'));
  if (action === undefined) throw invalidRequest(`action must be one of ${patchActions.join(', ')}`);
  return { action, inputs };
}

/** The body of DELETE /inputs. `deleteAll` false makes that field an unknown one. */
export function deleteBody(json: unknown, deleteAll: boolean): DeleteBody {
  const fields = new Fields(json, '', ['ids', 'user_app_id', ...(deleteAll ? ['delete_all'] : [])]);
  const ids = fields.list('ids', textItem) ?? [];
  const all = fields.flag('delete_all');
  if (!all && ids.length === 0) throw invalidRequest('ids must not be empty');
  if (ids.length > maxInputsPerRequest) throw invalidRequest(`ids must be at most ${maxInputsPerRequest}`);
  return { ids, all };
}

/** The app that a body names, beside whatever else it holds. */
export function appOfBody(json: unknown): AppFields {
  const named = typeof json === 'object' && json !== null && 'user_app_id' in json ? json.user_app_id : undefined;
  const fields = new Fields(named ?? {}, 'user_app_id', ['user_id', 'app_id']);
  return { user: fields.text('user_id'), app: fields.text('app_id') };
}

function counted<T>(inputs: readonly T[] | undefined): readonly T[] {
  if (inputs === undefined || inputs.length === 0) {
    throw badFormat("Must supply the 'inputs' field. Check the JSON body of your request.");
  }
  if (inputs.length > maxInputsPerRequest) throw invalidRequest(`inputs must be at most ${maxInputsPerRequest}`);
  return inputs;
}

function givenInput(json: unknown, path: string): GivenInput {
  const fields = new Fields(json, path, known.inputs);
  fields.list('dataset_ids', textItem);
  const id = fields.text('id');
  if (id !== undefined && !idForm.test(id)) throw badId(id);
  const data = fields.nested('data', (value, at) => ({ media: givenMedia(value, at), notes: dataNotes(value, at) }));
  return { id, media: data?.media ?? [], notes: data?.notes ?? {} };
}

function patchedInput(json: unknown, path: string): PatchBody['inputs'][number] {
  const fields = new Fields(json, path, known.inputs);
  return { id: fields.text('id') ?? '', notes: fields.nested('data', dataNotes) ?? {} };
}

function dataNotes(json: unknown, path: string): Notes {
  return notesOf(new Fields(json, path, known.data), dataNotes);
}

function givenMedia(json: unknown, path: string): readonly GivenMedia[] {
  const data = new Fields(json, path, known.data);
  return mediaKinds.flatMap((kind) => data.nested(kind, (value, at) => mediumOf(kind, value, at)) ?? []);
}

function mediumOf(kind: MediaKind, json: unknown, path: string): GivenMedia {
  const bytesName = kind === 'text' ? 'raw' : 'base64';
  const fields = new Fields(json, path, [...known.media, bytesName]);
  const content = fields.text(bytesName);
  return {
    kind,
    url: fields.text('url')?.trim(),
    bytes: content === undefined ? undefined : bytesOf(kind, content, path),
    duplicateUrlAllowed: fields.flag('allow_duplicate_url'),
  };
}

function bytesOf(kind: MediaKind, content: string, path: string): Buffer {
  if (kind === 'text') return Buffer.from(content);
  const bytes = Buffer.from(content, 'base64');
  // The decoder leaves out what is not in its alphabet, so that anything wrong shows in the length
  const padding = content.endsWith('==') ? 2 : Number(content.endsWith('='));
  if (content.length % 4 === 0 && bytes.length === (content.length / 4) * 3 - padding) return bytes;
  throw badFormat(`Invalid value at '${path}.base64': not base64.`);
}

function badId(id: string): Refusal {
  const tooLong = id.length > 48;
  return new Refusal(
    statusCodes.inputInvalidRequest,
    tooLong ? 'id must be between 1 and 48 characters long' : "id may hold only letters, digits, '_' and '-'",
  );
}
