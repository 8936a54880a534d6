import type { JsonObject } from '../../wire/json.js';
import { statusCodes } from '../../wire/status.js';
import { type Answer, inputBody, notesBody, outcomeAnswer, refusedBody } from './answers.js';
import { patchBody, type PatchAction, type PatchBody } from '../requests/bodies.js';
import { mergedMetadata, withoutMetadata } from './merge-metadata.js';
import { areNotesValid } from '../requests/annotations.js';
import type { End, Notes, StoredRegion } from '../state/records.js';
import type { Call, Service } from './service.js';

type Patch = (former: Notes, given: Notes) => Notes;

interface Patched {
  readonly body: JsonObject;
  readonly refused: boolean;
}

const patches: Readonly<Record<PatchAction, Patch>> = { merge, overwrite: (_, given) => given, remove };

/** PATCH /inputs: media stay as they are, each other field goes by the action. */
export function patchInputs({ store }: Service, call: Call): Answer {
  const { action, inputs } = patchBody(call.body);
  const patched = store.write(() => inputs.map((given) => patchOne(store, call, given, patches[action])));
  const bodies = patched.map(({ body }) => body);
  return outcomeAnswer(bodies, patched.filter(({ refused }) => refused).length);
}

function patchOne(store: Service['store'], call: Call, given: PatchBody['inputs'][number], patch: Patch): Patched {
  const { id, notes } = given;
  const refuse = (end: End): Patched => ({ body: refusedBody(id, notesBody(notes, call.app), end), refused: true });
  const former = store.find(call.app, id);
  if (former === undefined) return refuse({ code: statusCodes.inputDoesNotExist });
  if (!areNotesValid(notes)) return refuse({ code: statusCodes.inputInvalidArgument });
  const input = { ...former, notes: patch(former.notes, notes), modifiedMs: call.now };
  store.replace(former, input);
  return { body: inputBody(input, call, { code: statusCodes.inputModified }), refused: false };
}

function merge(former: Notes, given: Notes): Notes {
  return {
    concepts: byId(former.concepts, given.concepts, (_, concept) => concept),
    metadata: given.metadata ? mergedMetadata(former.metadata ?? {}, given.metadata) : former.metadata,
    geo: given.geo ?? former.geo,
    regions: byId(former.regions, given.regions, mergedRegion),
  };
}

function remove(former: Notes, given: Notes): Notes {
  return {
    concepts: without(former.concepts, given.concepts),
    metadata: given.metadata ? withoutMetadata(former.metadata ?? {}, given.metadata) : former.metadata,
    geo: given.geo === undefined ? former.geo : undefined,
    regions: without(former.regions, given.regions),
  };
}

function mergedRegion(former: StoredRegion, given: StoredRegion): StoredRegion {
  return {
    id: former.id,
    info: given.info ?? former.info,
    value: given.value ?? former.value,
    trackId: given.trackId ?? former.trackId,
    notes: given.notes ? merge(former.notes ?? {}, given.notes) : former.notes,
  };
}

interface Named {
  readonly id: string;
}

/** Those there were, each joined with its namesake, then those that are new. */
function byId<T extends Named>(
  former: readonly T[] = [],
  given: readonly T[] = [],
  join: (former: T, given: T) => T,
): readonly T[] {
  const merged = new Map(former.map((item) => [item.id, item]));
  for (const item of given) {
    const namesake = merged.get(item.id);
    merged.set(item.id, namesake === undefined ? item : join(namesake, item));
  }
  return [...merged.values()];
}

function without<T extends Named>(former: readonly T[] = [], given: readonly Named[] = []): readonly T[] {
  const ids = new Set(given.map(({ id }) => id));
  return former.filter(({ id }) => !ids.has(id));
}
