import { type MediaKind, mediaKinds } from '../../wire/messages.js';
import {
  type AddRequest,
  conflictResolutions,
  type DeleteRequest,
  type GivenInput,
  type GivenMedia,
  type PatchedInput,
  type PatchRequest,
} from '../requests/input-requests.js';
import type { BucketCredentials, DataSource } from '../requests/data-source-requests.js';
import type { NamedApp } from '../requests/named-app.js';
import { badFormat } from '../requests/refusals.js';
import type { Annotations } from '../state/records.js';
import { readAnnotations } from './json-annotations.js';
import { JsonFields, textItem, words } from './json-fields.js';

// Names that are known and not used are in the proto: what a client read may be sent back as it is
const known = {
  inputs: words('id data dataset_ids created_at modified_at status settings'),
  dataset: words('id description metadata notes visibility image created_at modified_at app_id user_id'),
  data: words(
    'image video audio text concepts metadata geo regions frames time_segments tracks colors clusters embeddings ' +
      'hits heatmaps parts ndarray int_value float_value bytes_value bool_value string_value',
  ),
  media: words(
    'url allow_duplicate_url hosted hosted_thumbnail thumbnail_url image_info hosted_image_info video_info ' +
      'audio_info text_info',
  ),
};

/** The body of POST /inputs. */
export function readAdd(json: unknown): AddRequest {
  const names = ['inputs', 'inputs_add_job_id', 'input_id_conflict_resolution', 'user_app_id'];
  const fields = new JsonFields(json, '', names);
  return {
    inputs: fields.list('inputs', readInput) ?? [],
    jobId: fields.text('inputs_add_job_id'),
    conflictResolution: fields.option('input_id_conflict_resolution', conflictResolutions) ?? 0,
  };
}

/** The body of PATCH /inputs. */
export function readPatch(json: unknown): PatchRequest {
  const fields = new JsonFields(json, '', ['inputs', 'action', 'user_app_id']);
  return { inputs: fields.list('inputs', readPatchedInput) ?? [], action: fields.text('action') ?? '' };
}

/** The body of DELETE /inputs. `isDeleteAllKnown` false makes that field an unknown one. */
export function readDelete(json: unknown, isDeleteAllKnown: boolean): DeleteRequest {
  const fields = new JsonFields(json, '', ['ids', 'user_app_id', ...(isDeleteAllKnown ? ['delete_all'] : [])]);
  return { ids: fields.list('ids', textItem) ?? [], all: fields.flag('delete_all') };
}

/** The ids in the body of POST /datasets. */
export function readDatasets(json: unknown): readonly string[] {
  const fields = new JsonFields(json, '', ['datasets', 'user_app_id']);
  return fields.list('datasets', (value, path) => new JsonFields(value, path, known.dataset).text('id') ?? '') ?? [];
}

/** The ids in the body of POST /datasets/{id}/inputs. */
export function readDatasetInputs(json: unknown): readonly string[] {
  const fields = new JsonFields(json, '', ['dataset_inputs', 'user_app_id']);
  const readOne = (value: unknown, path: string): string =>
    new JsonFields(value, path, words('input created_at')).nested('input', readPatchedInput)?.id ?? '';
  return fields.list('dataset_inputs', readOne) ?? [];
}

/** The ids in the body of DELETE /datasets/{id}/inputs. */
export function readDatasetIds(json: unknown): readonly string[] {
  return new JsonFields(json, '', ['input_ids', 'user_app_id']).list('input_ids', textItem) ?? [];
}

/** The body of POST /inputs/data_sources. */
export function readDataSources(json: unknown): readonly DataSource[] {
  const fields = new JsonFields(json, '', ['data_sources', 'call_back_url', 'app_pat', 'user_app_id']);
  return fields.list('data_sources', readDataSource) ?? [];
}

/** The ids in the body of PATCH /inputs/jobs/extraction. */
export function readJobIds(json: unknown): readonly string[] {
  return new JsonFields(json, '', ['ids', 'user_app_id']).list('ids', textItem) ?? [];
}

function readDataSource(json: unknown, path: string): DataSource {
  const names = words('inputs_add_job_id url input_id_conflict_resolution input_template');
  const fields = new JsonFields(json, path, names);
  const place = fields.nested('url', readDataSourceUrl);
  const template = fields.nested('input_template', readInput);
  return {
    addJobId: fields.text('inputs_add_job_id'),
    url: place?.url ?? '',
    credentials: place?.credentials,
    conflictResolution: fields.option('input_id_conflict_resolution', conflictResolutions) ?? 0,
    template: { annotations: template?.annotations ?? {}, datasetIds: template?.datasetIds ?? [] },
  };
}

function readDataSourceUrl(json: unknown, path: string): Pick<DataSource, 'url' | 'credentials'> {
  const fields = new JsonFields(json, path, ['url', 'credentials']);
  return { url: fields.text('url') ?? '', credentials: fields.nested('credentials', readCredentials) };
}

function readCredentials(json: unknown, path: string): BucketCredentials | undefined {
  const fields = new JsonFields(json, path, words('s3_creds gcp_creds azure_blob_creds'));
  const s3 = fields.nested('s3_creds', (value, at) => {
    const keys = new JsonFields(value, at, words('region id secret token'));
    return { id: keys.text('id') ?? '', secret: keys.text('secret') ?? '' };
  });
  const azure = fields.nested('azure_blob_creds', (value, at) => {
    const keys = new JsonFields(value, at, words('account_name account_key'));
    return { id: keys.text('account_name') ?? '', secret: keys.text('account_key') ?? '' };
  });
  const account = fields.text('gcp_creds');
  return s3 ?? azure ?? (account === undefined ? undefined : { id: '', secret: account });
}

/** The app that a body names, beside whatever else it holds. */
export function readNamedApp(json: unknown): NamedApp {
  const named = typeof json === 'object' && json !== null && 'user_app_id' in json ? json.user_app_id : undefined;
  const fields = new JsonFields(named ?? {}, 'user_app_id', ['user_id', 'app_id']);
  return { user: fields.text('user_id'), app: fields.text('app_id') };
}

function readInput(json: unknown, path: string): GivenInput {
  const fields = new JsonFields(json, path, known.inputs);
  const id = fields.text('id');
  const data = fields.nested('data', (value, at) => ({
    media: readMedia(value, at),
    annotations: readData(value, at),
  }));
  const datasetIds = fields.list('dataset_ids', textItem) ?? [];
  return { id, media: data?.media ?? [], annotations: data?.annotations ?? {}, datasetIds };
}

function readPatchedInput(json: unknown, path: string): PatchedInput {
  const fields = new JsonFields(json, path, known.inputs);
  return { id: fields.text('id') ?? '', annotations: fields.nested('data', readData) ?? {} };
}

function readData(json: unknown, path: string): Annotations {
  return readAnnotations(new JsonFields(json, path, known.data), readData);
}

function readMedia(json: unknown, path: string): readonly GivenMedia[] {
  const data = new JsonFields(json, path, known.data);
  return mediaKinds.flatMap((kind) => data.nested(kind, (value, at) => readMedium(kind, value, at)) ?? []);
}

function readMedium(kind: MediaKind, json: unknown, path: string): GivenMedia {
  const bytesName = kind === 'text' ? 'raw' : 'base64';
  const fields = new JsonFields(json, path, [...known.media, bytesName]);
  const content = fields.text(bytesName);
  return {
    kind,
    url: fields.text('url')?.trim(),
    bytes: content === undefined ? undefined : decodeBytes(kind, content, path),
    isDuplicateUrlAllowed: fields.flag('allow_duplicate_url'),
  };
}

function decodeBytes(kind: MediaKind, content: string, path: string): Buffer {
  if (kind === 'text') return Buffer.from(content);
  const bytes = Buffer.from(content, 'base64');
  // The decoder leaves out what is not in its alphabet, so that anything wrong shows in the length
  const padding = content.endsWith('==') ? 2 : Number(content.endsWith('='));
  if (content.length % 4 === 0 && bytes.length === (content.length / 4) * 3 - padding) return bytes;
  throw badFormat(`Invalid value at '${path}.base64': not base64.`);
}
