import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import type { UserAppIDSet } from '../../wire/proto/accounts_pb.js';
import { BaseResponseSchema, type Status } from '../../wire/proto/status_pb.js';
import type { Answer } from '../operations/answers.js';
import type { Scope, Service } from '../operations/service.js';

/** A request that was read. */
export interface ReadRequest {
  readonly userAppId: UserAppIDSet | undefined;
  readonly run: (service: Service, scope: Scope) => Answer | Promise<Answer>;
}

/** A method of the service. */
export interface Method {
  /** Throws where the bytes are no message of the method's. */
  readonly read: (bytes: Uint8Array) => ReadRequest;
  readonly print: (answer: Answer, status: Status) => Uint8Array;
}

type Print = Method['print'];

/** Prints answers as messages of one kind. */
export function printer<Desc extends DescMessage>(
  schema: Desc,
  fieldsOf: (answer: Answer, status: Status) => MessageInitShape<Desc>,
): Print {
  return (answer, status) => toBinary(schema, create(schema, fieldsOf(answer, status)));
}

/** For methods that answer with a status alone. */
export const printBase = printer(BaseResponseSchema, (_, status) => ({ status }));

// A struct takes three messages a level, a region two; far from what the stack holds
const recursionLimit = 400;

/** A method of one request and one answer. */
export function unary<Desc extends DescMessage>(
  schema: Desc,
  print: Print,
  read: (message: MessageShape<Desc>) => ReadRequest,
): Method {
  return { read: (bytes) => read(fromBinary(schema, bytes, { readUnknownFields: false, recursionLimit })), print };
}
