import type { AppInput } from '../../api/answers.js';
import type { Json, JsonObject } from '../../wire/json.js';
import { maxInputsPerRequest } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import { tooDeepError } from '../model/json-text.js';
import { stopsReading, type RunControl } from '../model/run-control.js';
import { recordStatus } from '../model/status-catalog.js';
import type { Annotations } from './annotations.js';
import { changesOf, dataOf, type Edit } from './edits.js';
import {
  applyRow,
  isSameState,
  mergeAnnotations,
  annotationsWithKeys,
  regionId,
  stateOf,
  type InputState,
  type RowChange,
} from './input-state.js';
import { metadataEdits } from './metadata.js';
import type { PatchRow } from './patch-rows.js';
import { containsJson } from './same-json.js';
import type { PatchRecord, PatchStep } from './send.js';

/** Rows that wait for one look-up at most: many may be of the same inputs. */
const maxWaiting = 1000;

type GoodRow = PatchRow & { readonly problem: undefined };

export interface CompareOptions {
  /** Looks up at most 128 ids. */
  readonly lookUp: (ids: readonly string[]) => Promise<readonly AppInput[]>;
  /** False where nobody agreed to it: rows that erase something fail. */
  readonly mayErase: boolean;
  /** Stopped where the look-ups fail, and the rows are told as unsent; undefined to throw what they failed with. */
  readonly control?: RunControl;
}

/** Compares rows with the inputs that they are of, and lets only differences through. */
export class RowComparison {
  readonly #options: CompareOptions;
  /** The states of inputs once the changes that are on their way have arrived. */
  readonly #onTheirWay = new Map<string, { state: InputState; changes: number }>();

  constructor(options: CompareOptions) {
    this.#options = options;
  }

  async *steps(rows: AsyncIterable<PatchRow>): AsyncGenerator<PatchStep> {
    let group: PatchRow[] = [];
    let ids = new Set<string>();
    for await (const row of rows) {
      group.push(row);
      if (this.#needsLookUp(row)) ids.add(row.change.id);
      if (ids.size < maxInputsPerRequest && group.length < maxWaiting) continue;
      yield* await this.#compareGroup(group, ids);
      if (this.#options.control?.isStopped === true) return;
      group = [];
      ids = new Set();
    }
    yield* await this.#compareGroup(group, ids);
  }

  /** To be told of each change that arrived or failed: what it makes of its input can be looked up from then on. */
  settle(id: string | null): void {
    const entry = id === null ? undefined : this.#onTheirWay.get(id);
    if (id === null || entry === undefined) return;
    entry.changes -= 1;
    if (entry.changes === 0) this.#onTheirWay.delete(id);
  }

  async #compareGroup(group: readonly PatchRow[], ids: ReadonlySet<string>): Promise<readonly PatchStep[]> {
    let found: readonly AppInput[];
    try {
      found = ids.size === 0 ? [] : await this.#options.lookUp([...ids]);
    } catch (error) {
      if (this.#options.control === undefined) throw error;
      return unsentRecords(group, error, this.#options.control);
    }
    const inputs = new Map(found.map((input) => [input.id, input]));
    return group.flatMap((row) => {
      if (row.problem !== undefined) return [badRow(row)];
      return this.#isRefused(row) ? [refusedRecord(row)] : this.#compareRow(row, inputs);
    });
  }

  /** An overwrite erases whatever its input has. */
  #isRefused({ change }: GoodRow): boolean {
    return change.action === 'overwrite' && !this.#options.mayErase;
  }

  #needsLookUp(row: PatchRow): row is GoodRow {
    return row.problem === undefined && !this.#isRefused(row) && !this.#onTheirWay.has(row.change.id);
  }

  #compareRow(row: GoodRow, inputs: ReadonlyMap<string, AppInput>): readonly PatchStep[] {
    try {
      return this.#differences(row, inputs);
    } catch (error) {
      throw error instanceof RangeError ? tooDeepError(error) : error;
    }
  }

  #differences(row: GoodRow, inputs: ReadonlyMap<string, AppInput>): readonly PatchStep[] {
    const { change } = row;
    const input = inputs.get(change.id);
    const before = this.#onTheirWay.get(change.id)?.state ?? (input && stateOf(input));
    if (before === undefined) {
      return [{ id: change.id, status: recordStatus(statusCodes.inputDoesNotExist), outcome: 'failed' }];
    }
    const after = applyRow(before, change);
    const edits = isSameState(before, after) ? [] : editsBetween(before, after, change);
    if (edits.length === 0) return [unchangedRecord(change.id, input)];
    if (!this.#options.mayErase && edits.some(({ action }) => erases(action, change))) return [refusedRecord(row)];
    this.#expect(change.id, after);
    const restores = change.action === 'overwrite';
    return changesOf(change.id, edits).map((edit, at) => ({
      ...edit,
      restores,
      row: { asked: change.action, before: at === 0 ? before : after, after },
    }));
  }

  #expect(id: string, state: InputState): void {
    const changes = this.#onTheirWay.get(id)?.changes ?? 0;
    this.#onTheirWay.set(id, { state, changes: changes + 1 });
  }
}

function unsentRecords(group: readonly PatchRow[], error: unknown, control: RunControl): readonly PatchRecord[] {
  if (stopsReading(error)) control.stop(error);
  const status = recordStatus('NOT_SENT', stopsReading(error) || !(error instanceof Error) ? '' : error.message);
  return group.map((row) =>
    row.problem === undefined ? { id: row.change.id, status, outcome: 'failed' } : badRow(row),
  );
}

function unchangedRecord(id: string, input: AppInput | undefined): PatchRecord {
  const code = input?.status.code ?? statusCodes.inputModified;
  return { id, status: recordStatus(code, 'already up to date'), outcome: 'unchanged' };
}

/** A row that asks for removals in so many words erases nothing unasked. */
function erases(action: Edit['action'], { action: asked }: RowChange): boolean {
  return action === 'remove' && asked === 'set';
}

function refusedRecord({ line, change }: GoodRow): PatchRecord {
  const what = change.action === 'set' ? 'removes what it leaves out' : 'overwrites what it does not name';
  return { id: change.id, status: recordStatus('NOT_CONFIRMED', `line ${line}: ${what}`), outcome: 'failed' };
}

/** A record of a row that can't be sent. */
export function badRow({ line, id, problem }: { line: number; id: string | null; problem: string }): PatchRecord {
  return { id, status: recordStatus('INVALID_ROW', `line ${line}: ${problem}`), outcome: 'failed' };
}

/** The requests that merge annotations into an input: none where it has them all. */
export function editsToMerge(input: AppInput, annotations: Annotations): readonly Edit[] {
  const before = stateOf(input);
  const after = mergeAnnotations(before, annotations);
  return isSameState(before, after) ? [] : mergeEdits(before, after);
}

/** The requests that turn one state into the other: removals go first, as one of their own. */
function editsBetween(before: InputState, after: InputState, row: RowChange): readonly Edit[] {
  if (row.action === 'overwrite') return [{ action: 'overwrite', data: dataOf(annotationsWithKeys(row), 'overwrite') }];
  return mergeEdits(before, after);
}

function mergeEdits(before: InputState, after: InputState): readonly Edit[] {
  const metadata = metadataEdits(before.metadata, after.metadata);
  const removed = dataToRemove(before, after, metadata.remove);
  const merged = dataToMerge(before, after, metadata.merge);
  return [
    ...(Object.keys(removed).length > 0 ? [{ action: 'remove', data: removed } as const] : []),
    ...(Object.keys(merged).length > 0 ? [{ action: 'merge', data: merged } as const] : []),
  ];
}

function dataToRemove(before: InputState, after: InputState, metadata: JsonObject): JsonObject {
  const concepts = [...before.concepts.keys()].filter((id) => !after.concepts.has(id));
  const kept = new Set(after.regions.flatMap((region) => regionId(region) ?? []));
  const regions = before.regions.flatMap((region) => {
    const id = regionId(region);
    return id === undefined || kept.has(id) ? [] : [{ id }];
  });
  return nonEmpty({
    concepts: concepts.map((id) => ({ id })),
    metadata,
    // any point will do: there is one at most
    ...(before.geo !== undefined && after.geo === undefined && { geo: { geo_point: { longitude: 0, latitude: 0 } } }),
    regions,
  });
}

function dataToMerge(before: InputState, after: InputState, metadata: JsonObject): JsonObject {
  const changed = [...after.concepts].filter(([id, value]) => !isSameValue(before.concepts.get(id), value));
  const { geo } = after;
  const movesGeo =
    geo !== undefined &&
    !(isSameValue(before.geo?.longitude, geo.longitude) && isSameValue(before.geo?.latitude, geo.latitude));
  return nonEmpty({
    concepts: changed.map(([id, value]) => ({ id, value })),
    metadata,
    ...(movesGeo && { geo: { geo_point: { ...geo } } }),
    regions: after.regions.filter((region) => !before.regions.some((one) => containsJson(one, region))),
  });
}

/** Numbers as the service keeps them. */
function isSameValue(a: number | undefined, b: number): boolean {
  return a !== undefined && Math.fround(a) === Math.fround(b);
}

function nonEmpty(data: Readonly<Record<string, Json>>): JsonObject {
  const isEmpty = (value: Json): boolean =>
    typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return Object.fromEntries(Object.entries(data).filter(([, value]) => !isEmpty(value)));
}
