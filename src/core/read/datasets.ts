import { AccountError, ApiError } from '../../api/errors.js';
import { datasetInputPages, datasetPages } from '../../api/pages.js';
import type { InputsService } from '../../api/service.js';
import { IdTable } from '../ids/id-table.js';

/** The ids of a dataset's inputs, some 32 bytes each. */
export async function datasetMembers(service: InputsService, dataset: string): Promise<IdTable> {
  const members = new IdTable();
  for await (const ids of datasetInputPages(service, dataset)) for (const id of ids) members.add(id, '');
  return members;
}

/** The ids of all datasets of an app. */
async function datasetsIn(service: InputsService): Promise<readonly string[]> {
  const datasets: string[] = [];
  for await (const page of datasetPages(service)) datasets.push(...page);
  return datasets;
}

/** Which of these datasets an app lacks; none for a key that may not see them. */
export async function missingDatasets(service: InputsService, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  try {
    const there = new Set(await datasetsIn(service));
    return ids.filter((id) => !there.has(id));
  } catch (error) {
    if (!(error instanceof ApiError) || error instanceof AccountError) throw error;
    return [];
  }
}

/** The datasets of an app, and which of them an input is in. */
export interface DatasetMemberships {
  readonly datasets: readonly string[];
  readonly datasetsOf: (id: string) => readonly string[];
}

/** Walks each of the app's datasets once. */
export async function openMemberships(service: InputsService): Promise<DatasetMemberships> {
  const datasets = await datasetsIn(service);
  const members = new Map<string, IdTable>();
  for (const dataset of datasets) members.set(dataset, await datasetMembers(service, dataset));
  return { datasets, datasetsOf: (id) => datasets.filter((dataset) => members.get(dataset)?.find(id) !== undefined) };
}
