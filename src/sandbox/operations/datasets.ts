import { statusCodes } from '../../wire/status.js';
import { checkIds } from '../requests/input-requests.js';
import { type PageRequest, sliceOf } from '../requests/list-requests.js';
import { notFound } from '../requests/refusals.js';
import { keys } from '../state/keys.js';
import { Queries } from '../state/queries.js';
import type { End, StoredInput } from '../state/records.js';
import type { Store } from '../state/store.js';
import { type Answer, showInput, type ShownDatasetInput } from './answers.js';
import type { Scope, Service } from './service.js';

/** A page of the datasets, by id. */
export function listDatasets({ store }: Service, request: PageRequest, scope: Scope): Answer {
  return {
    status: { code: statusCodes.ok },
    datasets: new Queries(store, scope.app, scope.now).datasets(sliceOf(request)),
  };
}

/** Makes datasets; one that is there stays as it is. */
export function addDatasets({ store }: Service, ids: readonly string[], { app, now }: Scope): Answer {
  checkIds(
    ids.filter((id) => id !== ''),
    'datasets',
  );
  const datasets = store.write(() => ids.map((id) => store.ensureDataset(app, id, now)));
  return { status: { code: statusCodes.ok }, datasets };
}

/** The datasets that a new input is in: one that is not there is made. */
export function joinDatasets(store: Store, ids: readonly string[], { app, now }: Scope): StoredInput['datasets'] {
  if (ids.length === 0) return undefined;
  for (const id of ids) store.ensureDataset(app, id, now);
  return Object.fromEntries(ids.map((id) => [id, now]));
}

/** A page of a dataset's inputs, by id. */
export function listDatasetInputs({ store }: Service, id: string, request: PageRequest, scope: Scope): Answer {
  requireDataset(store, id, scope);
  const inputs = new Queries(store, scope.app, scope.now).inDataset(id, sliceOf(request));
  const datasetInputs = inputs.map((input) => ({
    joinedMs: input.datasets?.[id],
    input: showInput(input, scope),
  }));
  return { status: { code: statusCodes.ok }, datasetInputs };
}

/** Puts inputs into a dataset. */
export function addDatasetInputs({ store }: Service, id: string, inputIds: readonly string[], scope: Scope): Answer {
  checkIds(inputIds, 'dataset_inputs');
  const datasetInputs = store.write(() => {
    requireDataset(store, id, scope);
    return inputIds.map((inputId) => joinOne(store, id, inputId, scope));
  });
  const isRefused = ({ joinedMs }: ShownDatasetInput): boolean => joinedMs === undefined;
  const refused = datasetInputs.filter(isRefused).length;
  const code = refused === 0 ? statusCodes.ok : refused < inputIds.length ? statusCodes.mixed : statusCodes.failure;
  return { status: { code }, datasetInputs };
}

/** Takes inputs out of a dataset; those that are not in it are passed over. */
export function deleteDatasetInputs({ store }: Service, id: string, inputIds: readonly string[], scope: Scope): Answer {
  checkIds(inputIds, 'input_ids');
  store.write(() => {
    requireDataset(store, id, scope);
    for (const inputId of inputIds) {
      const input = store.find(scope.app, inputId);
      if (input?.datasets?.[id] === undefined) continue;
      const datasets = Object.fromEntries(Object.entries(input.datasets).filter(([name]) => name !== id));
      store.replace(input, { ...input, datasets });
    }
  });
  return { status: { code: statusCodes.ok } };
}

function joinOne(store: Store, id: string, inputId: string, scope: Scope): ShownDatasetInput {
  const { app, now } = scope;
  const input = store.find(app, inputId);
  if (input === undefined) {
    const status: End = { code: statusCodes.inputDoesNotExist };
    return { joinedMs: undefined, input: { id: inputId, app, media: [], annotations: {}, times: undefined, status } };
  }
  const before = input.datasets?.[id];
  if (before !== undefined) {
    return { joinedMs: before, input: showInput(input, scope, { code: statusCodes.datasetInputThere }) };
  }
  const joined = { ...input, datasets: { ...input.datasets, [id]: now } };
  store.replace(input, joined);
  return { joinedMs: now, input: showInput(joined, scope, { code: statusCodes.datasetInput }) };
}

function requireDataset(store: Store, id: string, { app }: Scope): void {
  if (store.datasets.get(keys.dataset(app, id)) === undefined) throw notFound('Dataset does not exist');
}
