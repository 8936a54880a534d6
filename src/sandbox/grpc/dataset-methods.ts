import * as datasets from '../../wire/proto/requests/datasets_pb.js';
import {
  addDatasetInputs,
  addDatasets,
  deleteDatasetInputs,
  listDatasetInputs,
  listDatasets,
} from '../operations/datasets.js';
import { datasetInputMessage, datasetMessage } from './answer-messages.js';
import { type Method, printBase, printer, unary } from './method.js';

const printDatasets = printer(datasets.MultiDatasetResponseSchema, ({ datasets: shown = [] }, status) => ({
  status,
  datasets: shown.map(datasetMessage),
}));

const printDatasetInputs = printer(datasets.MultiDatasetInputResponseSchema, ({ datasetInputs = [] }, status) => ({
  status,
  datasetInputs: datasetInputs.map(datasetInputMessage),
}));

/** The methods on datasets, by name. */
export const datasetMethods: Readonly<Record<string, Method>> = {
  ListDatasets: unary(datasets.ListDatasetsRequestSchema, printDatasets, ({ userAppId, page, perPage }) => ({
    userAppId,
    run: (service, scope) => listDatasets(service, { page, perPage }, scope),
  })),
  PostDatasets: unary(datasets.PostDatasetsRequestSchema, printDatasets, ({ userAppId, datasets: given }) => ({
    userAppId,
    run: (service, scope) =>
      addDatasets(
        service,
        given.map(({ id }) => id),
        scope,
      ),
  })),
  ListDatasetInputs: unary(
    datasets.ListDatasetInputsRequestSchema,
    printDatasetInputs,
    ({ userAppId, datasetId, page, perPage }) => ({
      userAppId,
      run: (service, scope) => listDatasetInputs(service, datasetId, { page, perPage }, scope),
    }),
  ),
  PostDatasetInputs: unary(
    datasets.PostDatasetInputsRequestSchema,
    printDatasetInputs,
    ({ userAppId, datasetId, datasetInputs }) => ({
      userAppId,
      run: (service, scope) =>
        addDatasetInputs(
          service,
          datasetId,
          datasetInputs.map(({ input }) => input?.id ?? ''),
          scope,
        ),
    }),
  ),
  DeleteDatasetInputs: unary(
    datasets.DeleteDatasetInputsRequestSchema,
    printBase,
    ({ userAppId, datasetId, inputIds }) => ({
      userAppId,
      run: (service, scope) => deleteDatasetInputs(service, datasetId, inputIds, scope),
    }),
  ),
};
