import * as jobs from '../../wire/proto/requests/jobs_pb.js';
import { cancelAddJob, getAddJob, listAddJobs } from '../operations/add-jobs.js';
import { cancelExtractions, getExtraction, listExtractions, startDataSources } from '../operations/data-sources.js';
import { addJobMessage, extractionMessage } from './answer-messages.js';
import { readDataSource } from './message-requests.js';
import { type Method, printer, unary } from './method.js';

const printAddJob = printer(jobs.SingleInputsAddJobResponseSchema, ({ addJob }, status) => ({
  status,
  ...(addJob && { inputsAddJob: addJobMessage(addJob) }),
}));

const printAddJobs = printer(jobs.MultiInputsAddJobResponseSchema, ({ addJobs = [] }, status) => ({
  status,
  inputsAddJobs: addJobs.map(addJobMessage),
}));

const printExtraction = printer(jobs.SingleInputsExtractionJobResponseSchema, ({ extraction }, status) => ({
  status,
  ...(extraction && { inputsExtractionJob: extractionMessage(extraction) }),
}));

const printExtractions = printer(jobs.MultiInputsExtractionJobResponseSchema, ({ extractions = [] }, status) => ({
  status,
  inputsExtractionJobs: extractions.map(extractionMessage),
}));

/** The methods on jobs, by name. */
export const jobMethods: Readonly<Record<string, Method>> = {
  GetInputsAddJob: unary(jobs.GetInputsAddJobRequestSchema, printAddJob, ({ userAppId, id }) => ({
    userAppId,
    run: (service, scope) => getAddJob(service, id, scope),
  })),
  ListInputsAddJobs: unary(jobs.ListInputsAddJobsRequestSchema, printAddJobs, ({ userAppId, page, perPage }) => ({
    userAppId,
    run: (service, scope) => listAddJobs(service, { page, perPage }, scope),
  })),
  CancelInputsAddJob: unary(jobs.CancelInputsAddJobRequestSchema, printAddJob, ({ userAppId, id }) => ({
    userAppId,
    run: (service, scope) => cancelAddJob(service, id, scope),
  })),
  PostInputsDataSources: unary(jobs.PostInputsDataSourcesRequestSchema, printAddJobs, ({ userAppId, dataSources }) => ({
    userAppId,
    run: (service, scope) => startDataSources(service, dataSources.map(readDataSource), scope),
  })),
  GetInputsExtractionJob: unary(
    jobs.GetInputsExtractionJobRequestSchema,
    printExtraction,
    ({ userAppId, inputsExtractionJobId }) => ({
      userAppId,
      run: (service, scope) => getExtraction(service, inputsExtractionJobId, scope),
    }),
  ),
  ListInputsExtractionJobs: unary(
    jobs.ListInputsExtractionJobsRequestSchema,
    printExtractions,
    ({ userAppId, page, perPage }) => ({
      userAppId,
      run: (service, scope) => listExtractions(service, { page, perPage }, scope),
    }),
  ),
  CancelInputsExtractionJobs: unary(
    jobs.CancelInputsExtractionJobsRequestSchema,
    printExtractions,
    ({ userAppId, ids }) => ({
      userAppId,
      run: (service, scope) => cancelExtractions(service, ids, scope),
    }),
  ),
};
