import type { InputsService } from '../../api/service.js';
import { maxInputsPerRequest } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import { stopsRun, type RunControl } from '../model/run-control.js';
import { recordStatus, statusOfError } from '../model/status-catalog.js';
import type { RecordStatus } from '../model/steps.js';
import type { PatchRecord } from './send.js';

/** Datasets that inputs are put into, and those that they are taken out of. */
export interface Memberships {
  readonly joined: readonly string[];
  readonly left: readonly string[];
}

export function hasMemberships({ joined, left }: Memberships): boolean {
  return joined.length + left.length > 0;
}

interface MembershipContext {
  readonly service: InputsService;
  readonly control: RunControl;
}

/** Changes the datasets of what was patched, 128 inputs a request; what failed before is passed on as it is. */
export async function* changeMemberships(
  records: AsyncIterable<PatchRecord>,
  memberships: Memberships,
  context: MembershipContext,
): AsyncGenerator<PatchRecord> {
  let group: PatchRecord[] = [];
  for await (const record of records) {
    group.push(record);
    if (group.length < maxInputsPerRequest) continue;
    yield* await changeGroup(group, memberships, context);
    group = [];
  }
  yield* await changeGroup(group, memberships, context);
}

async function changeGroup(
  group: readonly PatchRecord[],
  { joined, left }: Memberships,
  { service, control }: MembershipContext,
): Promise<readonly PatchRecord[]> {
  const ids = [...new Set(group.flatMap(({ id, outcome }) => (id === null || outcome === 'failed' ? [] : [id])))];
  if (ids.length === 0) return group;
  const failures = new Map<string, RecordStatus>();
  const attempt = async (work: () => Promise<ReadonlyMap<string, RecordStatus>>): Promise<void> => {
    for (const [id, status] of await failuresOf(ids, work, control)) failures.set(id, status);
  };
  for (const dataset of left) await attempt(() => leave(dataset, ids, service));
  for (const dataset of joined) await attempt(() => join(dataset, ids, service));
  return group.map((record) => withMembership(record, failures));
}

async function failuresOf(
  ids: readonly string[],
  work: () => Promise<ReadonlyMap<string, RecordStatus>>,
  control: RunControl,
): Promise<ReadonlyMap<string, RecordStatus>> {
  const allFailed = (status: RecordStatus): ReadonlyMap<string, RecordStatus> => new Map(ids.map((id) => [id, status]));
  if (control.isStopped) return allFailed(recordStatus('NOT_SENT'));
  try {
    return await work();
  } catch (error) {
    if (stopsRun(error)) control.stop(error);
    return allFailed(statusOfError(error));
  }
}

async function leave(
  dataset: string,
  ids: readonly string[],
  service: InputsService,
): Promise<ReadonlyMap<string, RecordStatus>> {
  await service.removeFromDataset(dataset, ids);
  return new Map();
}

/** Source: the codes of DATASET_INPUT in the vendor's list of status codes. */
const joinedCodes = new Set<number>([statusCodes.datasetInput, statusCodes.datasetInputThere, statusCodes.inputOk]);

async function join(
  dataset: string,
  ids: readonly string[],
  service: InputsService,
): Promise<ReadonlyMap<string, RecordStatus>> {
  const statuses = await service.addToDataset(dataset, ids);
  return new Map(
    ids.flatMap((id) => {
      const status = statuses.get(id);
      if (status === undefined)
        return [[id, recordStatus('NO_ANSWER', 'the service did not report its status')] as const];
      if (joinedCodes.has(status.code)) return [];
      return [[id, recordStatus(status.code, status.details || status.description)] as const];
    }),
  );
}

function withMembership(record: PatchRecord, failures: ReadonlyMap<string, RecordStatus>): PatchRecord {
  if (record.outcome === 'failed') return record;
  const status = failures.get(record.id ?? '');
  if (status !== undefined) return { ...record, status, outcome: 'failed' };
  return { ...record, outcome: 'patched' };
}
