import { create } from '@bufbuild/protobuf';
import { InputSchema } from '../../wire/proto/inputs_pb.js';
import {
  AWSCredsSchema,
  DataSourceCredentialsSchema,
  InputsDataSourceSchema,
  type DataSourceCredentials,
  type InputsDataSource,
} from '../../wire/proto/jobs_pb.js';
import * as messages from '../../wire/proto/requests/jobs_pb.js';
import { secretsOf, type AwsCredentials, type DataSource } from '../jobs.js';
import type { PageNumber } from '../service.js';
import { annotationData } from './messages.js';
import { encode, inApp, type AppScope, type GrpcCall } from './requests.js';

export function startJobsCall(userAppId: AppScope, sources: readonly DataSource[]): GrpcCall {
  const fields = { ...inApp(userAppId), dataSources: sources.map(sourceMessage) };
  return {
    method: 'PostInputsDataSources',
    body: encode(messages.PostInputsDataSourcesRequestSchema, fields),
    response: messages.MultiInputsAddJobResponseSchema,
    repeatable: false,
    secrets: secretsOf(sources),
  };
}

export function jobCall(userAppId: AppScope, id: string, background: boolean): GrpcCall {
  const body = encode(messages.GetInputsAddJobRequestSchema, { ...inApp(userAppId), id });
  const response = messages.SingleInputsAddJobResponseSchema;
  return { method: 'GetInputsAddJob', body, response, namesInput: true, background };
}

export function jobsCall(userAppId: AppScope, { page, perPage }: PageNumber): GrpcCall {
  const body = encode(messages.ListInputsAddJobsRequestSchema, { ...inApp(userAppId), page, perPage });
  return { method: 'ListInputsAddJobs', body, response: messages.MultiInputsAddJobResponseSchema };
}

export function extractionCall(userAppId: AppScope, id: string, background: boolean): GrpcCall {
  const fields = { ...inApp(userAppId), inputsExtractionJobId: id };
  const body = encode(messages.GetInputsExtractionJobRequestSchema, fields);
  const response = messages.SingleInputsExtractionJobResponseSchema;
  return { method: 'GetInputsExtractionJob', body, response, namesInput: true, background };
}

function sourceMessage({ jobId, url, credentials, template }: DataSource): InputsDataSource {
  return create(InputsDataSourceSchema, {
    inputsAddJobId: jobId,
    url: { url, ...(credentials && { credentials: credentialsMessage(credentials) }) },
    inputTemplate: create(InputSchema, { data: annotationData(template), datasetIds: [...template.datasetIds] }),
  });
}

function credentialsMessage({ id, secret, token = '', region = '' }: AwsCredentials): DataSourceCredentials {
  const value = create(AWSCredsSchema, { id, secret, token, region });
  return create(DataSourceCredentialsSchema, { credentials: { case: 's3Creds', value } });
}
