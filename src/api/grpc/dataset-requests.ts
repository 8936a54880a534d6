import type { PageNumber } from '../service.js';
import * as messages from '../../wire/proto/requests/datasets_pb.js';
import { BaseResponseSchema } from '../../wire/proto/status_pb.js';
import { encode, inApp, type AppScope, type GrpcCall } from './requests.js';

export function datasetsCall(userAppId: AppScope, { page, perPage }: PageNumber): GrpcCall {
  const body = encode(messages.ListDatasetsRequestSchema, { ...inApp(userAppId), page, perPage });
  return { method: 'ListDatasets', body, response: messages.MultiDatasetResponseSchema, optional: true };
}

export function datasetInputsCall(userAppId: AppScope, datasetId: string, { page, perPage }: PageNumber): GrpcCall {
  const body = encode(messages.ListDatasetInputsRequestSchema, { ...inApp(userAppId), datasetId, page, perPage });
  return { method: 'ListDatasetInputs', body, response: messages.MultiDatasetInputResponseSchema, namesInput: true };
}

export function joinCall(userAppId: AppScope, datasetId: string, ids: readonly string[]): GrpcCall {
  const datasetInputs = ids.map((id) => ({ input: { id } }));
  const body = encode(messages.PostDatasetInputsRequestSchema, { ...inApp(userAppId), datasetId, datasetInputs });
  return { method: 'PostDatasetInputs', body, response: messages.MultiDatasetInputResponseSchema, namesInput: true };
}

export function leaveCall(userAppId: AppScope, datasetId: string, ids: readonly string[]): GrpcCall {
  const fields = { ...inApp(userAppId), datasetId, inputIds: [...ids] };
  const body = encode(messages.DeleteDatasetInputsRequestSchema, fields);
  return { method: 'DeleteDatasetInputs', body, response: BaseResponseSchema, namesInput: true };
}
