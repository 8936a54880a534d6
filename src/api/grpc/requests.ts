import { create, fromJson, toBinary, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { isList, isObject, type Json, type JsonObject } from '../../wire/json.js';
import { maxBodyBytes, maxInputsPerRequest, type PatchAction } from '../../wire/messages.js';
import type { UserAppIDSet } from '../../wire/proto/accounts_pb.js';
import { DataSchema, InputSchema, type Input } from '../../wire/proto/inputs_pb.js';
import * as messages from '../../wire/proto/requests/inputs_pb.js';
import { BaseResponseSchema } from '../../wire/proto/status_pb.js';
import type { Call } from '../policy/try.js';
import { isIdempotentPatch } from '../policy/repeatable.js';
import type { InputPatch, ListPage, PageNumber, RequestSizes, StreamPage } from '../service.js';
import { addRequestBody, encodedInputBytes, type AddRequest, type MessageBody } from './add-request.js';
import { messagePrefix, prefixBytes } from './frames.js';
import { toStruct } from './messages.js';
import type { JudgedCall } from './outcome.js';

/** One request of the gRPC API. */
export interface GrpcCall
  extends JudgedCall, Pick<Call<unknown>, 'background' | 'optional' | 'repeatable' | 'divisible'> {
  readonly body: MessageBody;
  /** Texts of the body that no message may repeat. */
  readonly secrets?: readonly string[];
}

/** Whose inputs requests are about; undefined for those of the key's own app. */
export type AppScope = UserAppIDSet | undefined;

/** Sizes of the messages that this transport sends. */
export const grpcSizes: RequestSizes = {
  maxRequestBytes: maxBodyBytes,
  emptyRequestBytes: prefixBytes,
  sizeOf: encodedInputBytes,
  sizeOfPatch: (patch) => toBinary(InputSchema, patchMessage(patch)).length + prefixBytes,
};

export function addCall(request: AddRequest): GrpcCall {
  return {
    method: 'PostInputs',
    body: addRequestBody(request),
    response: messages.MultiInputResponseSchema,
    carriesInputs: true,
    repeatable: request.inputs.every((input) => input.id !== undefined),
    divisible: request.inputs.length > 1,
  };
}

export function listCall(userAppId: AppScope, { page, perPage, statusCode }: ListPage): GrpcCall {
  const status = statusCode === undefined ? {} : { status: { code: statusCode } };
  const body = encode(messages.ListInputsRequestSchema, { ...inApp(userAppId), page, perPage, ...status });
  return { method: 'ListInputs', body, response: messages.MultiInputResponseSchema };
}

export function lookUpCall(userAppId: AppScope, ids: readonly string[], background: boolean): GrpcCall {
  const fields = { ...inApp(userAppId), ids: [...ids], perPage: maxInputsPerRequest };
  const body = encode(messages.ListInputsRequestSchema, fields);
  return { method: 'ListInputs', body, response: messages.MultiInputResponseSchema, background };
}

export function streamCall(userAppId: AppScope, page: StreamPage): GrpcCall {
  const { lastId, perPage, descending, background = false } = page;
  const fields = { ...inApp(userAppId), perPage, descending, lastId: lastId ?? '' };
  const body = encode(messages.StreamInputsRequestSchema, fields);
  const response = messages.MultiInputResponseSchema;
  return { method: 'StreamInputs', body, response, namesInput: lastId !== undefined, background };
}

export function getCall(userAppId: AppScope, inputId: string): GrpcCall {
  const body = encode(messages.GetInputRequestSchema, { ...inApp(userAppId), inputId });
  return { method: 'GetInput', body, response: messages.SingleInputResponseSchema, namesInput: true };
}

export function countCall(userAppId: AppScope, background: boolean): GrpcCall {
  const body = encode(messages.GetInputCountRequestSchema, inApp(userAppId));
  return { method: 'GetInputCount', body, response: messages.SingleInputCountResponseSchema, background };
}

/** Throws Error where a field of the data is not one that the service has. */
export function patchCall(userAppId: AppScope, action: PatchAction, patches: readonly InputPatch[]): GrpcCall {
  const inputs = patches.map((patch) => patchMessage(patch));
  return {
    method: 'PatchInputs',
    body: encode(messages.PatchInputsRequestSchema, { ...inApp(userAppId), inputs, action }),
    response: messages.MultiInputResponseSchema,
    carriesInputs: true,
    repeatable: patches.every(({ data }) => isIdempotentPatch(action, data)),
  };
}

export function deleteCall(userAppId: AppScope, inputId: string): GrpcCall {
  const body = encode(messages.DeleteInputRequestSchema, { ...inApp(userAppId), inputId });
  return { method: 'DeleteInput', body, response: BaseResponseSchema, namesInput: true };
}

/** @param selection - `deleteAll` is what services up to 7.2 knew */
export function deleteManyCall(
  userAppId: AppScope,
  selection: { readonly ids: readonly string[] } | { readonly deleteAll: true },
): GrpcCall {
  const fields = 'ids' in selection ? { ids: [...selection.ids] } : selection;
  const body = encode(messages.DeleteInputsRequestSchema, { ...inApp(userAppId), ...fields });
  return { method: 'DeleteInputs', body, response: BaseResponseSchema };
}

export function conceptsCall(userAppId: AppScope, { page, perPage }: PageNumber): GrpcCall {
  const body = encode(messages.ListConceptsRequestSchema, { ...inApp(userAppId), page, perPage });
  return { method: 'ListConcepts', body, response: messages.MultiConceptResponseSchema, optional: true };
}

/** The app of a request. */
export function inApp(userAppId: AppScope): { readonly userAppId?: UserAppIDSet } {
  return userAppId === undefined ? {} : { userAppId };
}

/** A small message with its prefix, made at once. */
export function encode<Desc extends DescMessage>(schema: Desc, fields: MessageInitShape<Desc>): MessageBody {
  const message = toBinary(schema, create(schema, fields));
  const bytes = Buffer.concat([messagePrefix(message.length), message]);
  return { lengthBytes: bytes.length, chunks: () => [bytes] };
}

function patchMessage({ id, data }: InputPatch): Input {
  return create(InputSchema, { id, data: fromJson(DataSchema, toStruct(withConceptValues(data))) });
}

/** Messages within the data that hold data of their own. */
const nestedData = ['regions', 'frames', 'tracks', 'time_segments', 'parts'];

/** A concept's value that is left out means 1 in JSON, and 0 here. */
function withConceptValues(data: JsonObject): JsonObject {
  const { concepts } = data;
  const nested = nestedData.flatMap((name): readonly (readonly [string, Json])[] => {
    const list = data[name];
    return isList(list) ? [[name, list.map((item) => withNestedValues(item))]] : [];
  });
  const valued = isList(concepts) ? { concepts: concepts.map((concept) => withValue(concept)) } : {};
  return { ...data, ...valued, ...Object.fromEntries(nested) };
}

function withNestedValues(item: Json): Json {
  return isObject(item) && isObject(item['data']) ? { ...item, data: withConceptValues(item['data']) } : item;
}

function withValue(concept: Json): Json {
  return isObject(concept) ? { value: 1, ...concept } : concept;
}
