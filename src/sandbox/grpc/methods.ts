import * as inputs from '../../wire/proto/requests/inputs_pb.js';
import { addInputs } from '../operations/add.js';
import { deleteInput, deleteInputs } from '../operations/delete.js';
import { patchInputs } from '../operations/patch.js';
import { countInputs, getConcept, getInput, listConcepts, listInputs, streamInputs } from '../operations/read.js';
import { datasetMethods } from './dataset-methods.js';
import { jobMethods } from './job-methods.js';
import { type Method, printBase, printer, unary } from './method.js';
import { addJobMessage, conceptMessage, inputMessage } from './answer-messages.js';
import { readInput, readPatchedInput } from './message-requests.js';

const printMultiInput = printer(inputs.MultiInputResponseSchema, (answer, status) => ({
  status,
  inputs: (answer.inputs ?? []).map(inputMessage),
  ...(answer.addJob && { inputsAddJob: addJobMessage(answer.addJob) }),
}));

const printSingleInput = printer(inputs.SingleInputResponseSchema, ({ input }, status) => ({
  status,
  ...(input && { input: inputMessage(input) }),
}));

const printCounts = printer(inputs.SingleInputCountResponseSchema, ({ counts }, status) => ({
  status,
  ...(counts && {
    counts: {
      processed: counts.processed,
      toProcess: counts.to_process,
      errors: counts.errors,
      processing: counts.processing,
      reindexed: counts.reindexed,
      toReindex: counts.to_reindex,
      reindexErrors: counts.reindex_errors,
      reindexing: counts.reindexing,
    },
  }),
}));

const printMultiConcept = printer(inputs.MultiConceptResponseSchema, ({ concepts = [] }, status) => ({
  status,
  concepts: concepts.map(conceptMessage),
}));

const printSingleConcept = printer(inputs.SingleConceptResponseSchema, ({ concept }, status) => ({
  status,
  ...(concept && { concept: conceptMessage(concept) }),
}));

const inputMethods: Readonly<Record<string, Method>> = {
  PostInputs: unary(inputs.PostInputsRequestSchema, printMultiInput, (request) => ({
    userAppId: request.userAppId,
    run: (service, scope) => {
      const { inputsAddJobId, inputIdConflictResolution: conflictResolution } = request;
      const given = request.inputs.map(readInput);
      return addInputs(service, { inputs: given, jobId: inputsAddJobId || undefined, conflictResolution }, scope);
    },
  })),
  ListInputs: unary(inputs.ListInputsRequestSchema, printMultiInput, ({ userAppId, ids, page, perPage, status }) => ({
    userAppId,
    run: (service, scope) => listInputs(service, { page, perPage, ids, code: status?.code ?? 0 }, scope),
  })),
  StreamInputs: unary(inputs.StreamInputsRequestSchema, printMultiInput, (request) => ({
    userAppId: request.userAppId,
    run: (service, scope) => streamInputs(service, { ...request, byId: request.orderById }, scope),
  })),
  GetInput: unary(inputs.GetInputRequestSchema, printSingleInput, ({ userAppId, inputId }) => ({
    userAppId,
    run: (service, scope) => getInput(service, inputId, scope),
  })),
  GetInputCount: unary(inputs.GetInputCountRequestSchema, printCounts, ({ userAppId }) => ({
    userAppId,
    run: (service, scope) => countInputs(service, scope),
  })),
  PatchInputs: unary(inputs.PatchInputsRequestSchema, printMultiInput, ({ userAppId, action, inputs: given }) => ({
    userAppId,
    run: (service, scope) => patchInputs(service, { action, inputs: given.map(readPatchedInput) }, scope),
  })),
  DeleteInput: unary(inputs.DeleteInputRequestSchema, printBase, ({ userAppId, inputId }) => ({
    userAppId,
    run: (service, scope) => deleteInput(service, inputId, scope),
  })),
  // A field that is not known is passed over here, not refused as in JSON
  DeleteInputs: unary(inputs.DeleteInputsRequestSchema, printBase, ({ userAppId, ids, deleteAll }) => ({
    userAppId,
    run: (service, scope) => deleteInputs(service, { ids, all: deleteAll && service.deleteAll }, scope),
  })),
};

const otherMethods: Readonly<Record<string, Method>> = {
  ListConcepts: unary(inputs.ListConceptsRequestSchema, printMultiConcept, ({ userAppId, page, perPage }) => ({
    userAppId,
    run: (service, scope) => listConcepts(service, { page, perPage }, scope),
  })),
  GetConcept: unary(inputs.GetConceptRequestSchema, printSingleConcept, ({ userAppId, conceptId }) => ({
    userAppId,
    run: (service, scope) => getConcept(service, conceptId, scope),
  })),
};

const methods = new Map(
  Object.entries({ ...inputMethods, ...otherMethods, ...jobMethods, ...datasetMethods }).map(([name, method]) => [
    `/clarifai.api.V2/${name}`,
    method,
  ]),
);

/** The method of a path, or undefined where there is none. */
export function methodOf(path: string): Method | undefined {
  return methods.get(path);
}
