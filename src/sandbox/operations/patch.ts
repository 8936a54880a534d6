import type { PatchAction } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import { areAnnotationsValid } from '../requests/annotations.js';
import { checkPatch, type PatchedInput, type PatchRequest } from '../requests/input-requests.js';
import type { Annotations, End, StoredRegion } from '../state/records.js';
import { type Answer, answerOutcomes, showInput, type ShownInput } from './answers.js';
import { mergeMetadata, removeMetadata } from './merge-metadata.js';
import type { Scope, Service } from './service.js';

type Patch = (current: Annotations, patch: Annotations) => Annotations;

const patches: Readonly<Record<PatchAction, Patch>> = { merge, overwrite: (_, given) => given, remove };

/** Changes inputs: media stay as they are, each other field goes by the action. */
export function patchInputs({ store }: Service, request: PatchRequest, scope: Scope): Answer {
  const patch = patches[checkPatch(request)];
  return answerOutcomes(store.write(() => request.inputs.map((given) => patchOne(store, scope, given, patch))));
}

function patchOne(store: Service['store'], scope: Scope, given: PatchedInput, patch: Patch): ShownInput {
  const { id, annotations } = given;
  const { app } = scope;
  const refuse = (status: End): ShownInput => ({ id, app, media: [], annotations, times: undefined, status });
  const former = store.find(app, id);
  if (former === undefined) return refuse({ code: statusCodes.inputDoesNotExist });
  if (!areAnnotationsValid(annotations)) return refuse({ code: statusCodes.inputInvalidArgument });
  const input = { ...former, annotations: patch(former.annotations, annotations), modifiedMs: scope.now };
  store.replace(former, input);
  return showInput(input, scope, { code: statusCodes.inputModified });
}

function merge(current: Annotations, patch: Annotations): Annotations {
  return {
    concepts: byId(current.concepts, patch.concepts, (_, concept) => concept),
    metadata: patch.metadata ? mergeMetadata(current.metadata ?? {}, patch.metadata) : current.metadata,
    geo: patch.geo ?? current.geo,
    regions: byId(current.regions, patch.regions, mergeRegion),
  };
}

function remove(current: Annotations, patch: Annotations): Annotations {
  return {
    concepts: without(current.concepts, patch.concepts),
    metadata: patch.metadata ? removeMetadata(current.metadata ?? {}, patch.metadata) : current.metadata,
    geo: patch.geo === undefined ? current.geo : undefined,
    regions: without(current.regions, patch.regions),
  };
}

function mergeRegion(current: StoredRegion, patch: StoredRegion): StoredRegion {
  return {
    id: current.id,
    info: patch.info ?? current.info,
    value: patch.value ?? current.value,
    trackId: patch.trackId ?? current.trackId,
    annotations: patch.annotations ? merge(current.annotations ?? {}, patch.annotations) : current.annotations,
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
