import { datasetInputPages, datasetPages } from '../../api/pages.js';
import type { InputsService } from '../../api/service.js';
import { IdTable } from '../ids/id-table.js';

/** The ids of a dataset's inputs, some 32 bytes each. */
export async function datasetMembers(service: InputsService, dataset: string): Promise<IdTable> {
  const members = new IdTable();
  for await (const ids of datasetInputPages(service, dataset)) for (const id of ids) members.add(id, '');
  return members;
}

/** Tells which datasets an input is in; walks each of the app's datasets once. */
export async function openMemberships(service: InputsService): Promise<(id: string) => readonly string[]> {
  const datasets: { readonly dataset: string; readonly members: IdTable }[] = [];
  for await (const page of datasetPages(service)) {
    for (const dataset of page) datasets.push({ dataset, members: await datasetMembers(service, dataset) });
  }
  return (id) => datasets.flatMap(({ dataset, members }) => (members.find(id) === undefined ? [] : [dataset]));
}
