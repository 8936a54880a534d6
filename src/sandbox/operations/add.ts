import type { MediaKind } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import { areAnnotationsValid } from '../requests/annotations.js';
import {
  type AddRequest,
  checkAdd,
  conflictResolutions,
  type GivenInput,
  type GivenMedia,
} from '../requests/input-requests.js';
import { newId } from '../state/ids.js';
import { lifeFrom } from '../state/lifecycle.js';
import type { StagedFile } from '../state/media-store.js';
import type { App, End, StoredInput, StoredMedia } from '../state/records.js';
import type { Store } from '../state/store.js';
import { joinAddJob } from './add-jobs.js';
import { joinDatasets } from './datasets.js';
import { type Answer, answerOutcomes, type ShownAddJob, showInput, type ShownInput } from './answers.js';
import { examine } from '../media/examine.js';
import type { Scope, Service } from './service.js';
import { fetchDeadlineMs, unfetched } from '../media/url-fetcher.js';

/** An input that was looked at and whose bytes are ready to be put in place. */
interface Draft {
  readonly given: GivenInput;
  readonly id: string;
  readonly media: Readonly<Partial<Record<MediaKind, StoredMedia>>>;
  readonly staged: readonly StagedFile[];
  readonly end: End;
  /** Its end shows only when its URLs have been fetched. */
  readonly waits: boolean;
}

/** The result of adding a draft; without `input` it was refused. */
interface Outcome {
  readonly shown: ShownInput;
  readonly input?: StoredInput;
  readonly waits?: boolean;
}

const duplicateId: End = { code: statusCodes.inputInvalidArgument, details: 'Input has a duplicate ID.' };

// Source: the proto's comment on SUFFIX
const numberedSuffixes = 9;
const maxIdLength = 48;

const validations: readonly { readonly holds: (given: GivenInput) => boolean; readonly end: End }[] = [
  { holds: ({ media }) => media.length === 0 || media.some(isEmpty), end: invalid('Input has no url and no bytes') },
  { holds: ({ media }) => media.some(isDouble), end: invalid('Input has both url and bytes') },
  { holds: ({ media }) => media.some(hasBadUrl), end: { code: statusCodes.inputInvalidUrl } },
  {
    holds: ({ annotations }) => !areAnnotationsValid(annotations),
    end: invalid('A concept or geo point is out of range'),
  },
];

/** Adds inputs: all that can be stored is, in the order of the request and in one transaction. */
export async function addInputs(service: Service, request: AddRequest, scope: Scope): Promise<Answer> {
  checkAdd(request);
  const shown = await storeInputs(service, request, scope);
  return { ...answerOutcomes(shown, 'All inputs successfully added'), addJob: showJustAdded(request.jobId) };
}

/**
 * Stores inputs, as many as they are.
 *
 * @param begin - runs first in the transaction that stores them; where it returns false, nothing is stored
 */
export async function storeInputs(
  service: Service,
  request: AddRequest,
  scope: Scope,
  begin: () => boolean = () => true,
): Promise<readonly ShownInput[]> {
  const withSuffix = request.conflictResolution === conflictResolutions.SUFFIX;
  const drafts = await Promise.all(request.inputs.map((given) => prepareDraft(service, given)));
  try {
    const outcomes = service.store.write(() => {
      if (!begin()) return [];
      const seen = new Set<string>();
      const { jobId } = request;
      if (jobId !== undefined) joinAddJob(service.store, jobId, scope);
      return drafts.map((draft) => storeDraft(service, scope, { draft, withSuffix, seen, jobId }));
    });
    for (const { input, waits } of outcomes) if (input !== undefined && waits) service.fetch?.(input);
    return outcomes.map((outcome) => outcome.shown);
  } finally {
    await Promise.all(drafts.flatMap(({ staged }) => staged.map((file) => file.discard())));
  }
}

/** The job as a recording shows it in the answer to an add: nothing is counted yet. */
function showJustAdded(id: string | undefined): ShownAddJob | undefined {
  const progress = { pending: 0, inProgress: 0, succeeded: 0, failed: 0 };
  return id === undefined ? undefined : { id, progress, state: undefined };
}

async function prepareDraft({ mediaStore, faults, fetch }: Service, given: GivenInput): Promise<Draft> {
  const id = given.id ?? newId();
  const looked = await Promise.all(given.media.map((medium) => stageMedium(mediaStore, medium)));
  const urls = given.media.flatMap(({ url }) => url ?? []);
  const bad = looked.find(({ end }) => end.code !== statusCodes.inputOk);
  const end = faults.endOf(id, urls) ?? bad?.end;
  return {
    given,
    id,
    media: Object.fromEntries(looked.map(({ kind, medium }) => [kind, medium])),
    staged: looked.flatMap(({ staged }) => staged ?? []),
    end: end ?? { code: statusCodes.inputOk },
    waits: fetch !== undefined && end === undefined && urls.length > 0,
  };
}

interface StagedMedium {
  readonly kind: MediaKind;
  readonly medium: StoredMedia;
  readonly end: End;
  readonly staged?: StagedFile;
}

async function stageMedium(mediaStore: Service['mediaStore'], { kind, url, bytes }: GivenMedia): Promise<StagedMedium> {
  if (bytes === undefined)
    return { kind, medium: url === undefined ? {} : { url }, end: { code: statusCodes.inputOk } };
  const { end, contentType, info } = examine(kind, bytes);
  const staged = await mediaStore.stage(bytes);
  const medium = { hosted: { hash: staged.hash, contentType }, ...(info && { info }) };
  return { kind, medium, end, staged };
}

interface DraftInRequest {
  readonly draft: Draft;
  readonly withSuffix: boolean;
  readonly jobId: string | undefined;
  /** Ids that this request has had so far. */
  readonly seen: Set<string>;
}

function storeDraft(service: Service, scope: Scope, { draft, withSuffix, seen, jobId }: DraftInRequest): Outcome {
  const { store, indexMs } = service;
  const { app, now } = scope;
  const problem = problemOf(draft.given) ?? (seen.has(draft.id) ? duplicateId : undefined);
  seen.add(draft.id);
  const id = withSuffix ? freeId(store, app, draft.id) : draft.id;
  const refusal = problem ?? conflictOf(store, app, id, draft.given);
  if (refusal !== undefined) return { shown: showRefused(draft, app, refusal) };
  for (const file of draft.staged) file.keep();
  const input = store.add({
    ...(draft.waits
      ? { ...lifeFrom(now, indexMs, unfetched), doneMs: now + fetchDeadlineMs }
      : lifeFrom(now, indexMs, draft.end)),
    app,
    id,
    jobId,
    media: draft.media,
    annotations: draft.given.annotations,
    datasets: joinDatasets(store, draft.given.datasetIds, scope),
    createdMs: now,
    modifiedMs: now,
  });
  return { shown: showInput(input, scope, { code: statusCodes.inputPending }), input, waits: draft.waits };
}

/** Its data as far as it was read, without bytes. */
function showRefused({ id, given: { media, annotations } }: Draft, app: App, status: End): ShownInput {
  return { id, app, media: media.map(({ kind, url }) => ({ kind, url })), annotations, times: undefined, status };
}

function problemOf(given: GivenInput): End | undefined {
  return validations.find(({ holds }) => holds(given))?.end;
}

function conflictOf(store: Store, app: App, id: string, { media }: GivenInput): End | undefined {
  if (store.find(app, id) !== undefined) return duplicateId;
  const isTaken = ({ url, isDuplicateUrlAllowed }: GivenMedia): boolean =>
    url !== undefined && !isDuplicateUrlAllowed && store.hasUrl(app, url);
  return media.some(isTaken) ? { code: statusCodes.inputDuplicateUrl } : undefined;
}

/** The id itself, or with the first suffix that is free: -1 to -9, then a random one. */
function freeId(store: Store, app: App, id: string): string {
  const candidates = [id];
  for (let number = 1; number <= numberedSuffixes; number += 1) candidates.push(suffixed(id, String(number)));
  const free = candidates.find((candidate) => store.find(app, candidate) === undefined);
  return free ?? suffixed(id, newId().slice(0, 8));
}

function suffixed(id: string, suffix: string): string {
  return `${id.slice(0, maxIdLength - suffix.length - 1)}-${suffix}`;
}

function invalid(details: string): End {
  return { code: statusCodes.inputInvalidArgument, details };
}

function isEmpty({ url, bytes }: GivenMedia): boolean {
  return (url === undefined || url === '') && bytes === undefined;
}

function isDouble({ url, bytes }: GivenMedia): boolean {
  return url !== undefined && bytes !== undefined;
}

function hasBadUrl({ url }: GivenMedia): boolean {
  if (url === undefined) return false;
  return !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol);
}
