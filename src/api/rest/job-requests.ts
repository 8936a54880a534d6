import type { Json, JsonObject } from '../../wire/json.js';
import { secretsOf, type AwsCredentials, type DataSource } from '../jobs.js';
import type { PageNumber } from '../service.js';
import type { RestCall } from './attempt.js';
import { annotationFields } from './body.js';
import { jsonBody } from './requests.js';

/** POST /inputs/data_sources */
export function startJobsCall(sources: readonly DataSource[]): RestCall {
  return {
    method: 'POST',
    path: '/inputs/data_sources',
    body: jsonBody({ data_sources: sources.map(wireSource) }),
    repeatable: false,
    secrets: secretsOf(sources),
  };
}

/** GET /inputs/jobs/add/{id} */
export function jobCall(id: string, background: boolean): RestCall {
  return { method: 'GET', path: `/inputs/jobs/add/${encodeURIComponent(id)}`, namesInput: true, background };
}

/** GET /inputs/jobs/add */
export function jobsCall({ page, perPage }: PageNumber): RestCall {
  return { method: 'GET', path: `/inputs/jobs/add?page=${page}&per_page=${perPage}` };
}

/** GET /inputs/jobs/extraction/{id} */
export function extractionCall(id: string, background: boolean): RestCall {
  return { method: 'GET', path: `/inputs/jobs/extraction/${encodeURIComponent(id)}`, namesInput: true, background };
}

function wireSource({ jobId, url, credentials, template }: DataSource): JsonObject {
  const data = annotationFields(template);
  const fields: Record<string, Json> = {};
  if (template.datasetIds.length > 0) fields['dataset_ids'] = [...template.datasetIds];
  if (Object.keys(data).length > 0) fields['data'] = data;
  return {
    inputs_add_job_id: jobId,
    url: { url, ...(credentials && { credentials: { s3_creds: wireCredentials(credentials) } }) },
    ...(Object.keys(fields).length > 0 && { input_template: fields }),
  };
}

function wireCredentials({ id, secret, token, region }: AwsCredentials): JsonObject {
  return { ...(region !== undefined && { region }), id, secret, ...(token !== undefined && { token }) };
}
