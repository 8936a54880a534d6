import { statusCodes } from '../../wire/status.js';
import type { JsonObject } from '../../wire/json.js';
import { type Answer, inputBody, notesBody, outcomeAnswer, refusedBody } from './answers.js';
import { addBody, type GivenInput, type GivenMedia } from '../requests/bodies.js';
import { fetchDeadlineMs, unfetched } from './url-fetcher.js';
import { examine } from './formats.js';
import { newId } from '../state/ids.js';
import { lifeFrom } from '../state/lifecycle.js';
import { areNotesValid } from '../requests/annotations.js';
import { type App, type End, type MediaKind, present, type StoredInput, type StoredMedia } from '../state/records.js';
import type { Call, Service } from './service.js';
import type { Store } from '../state/store.js';
import type { Staged } from '../state/media-store.js';

/** An input that was looked at and whose bytes are ready to be put in place. */
interface Draft {
  readonly given: GivenInput;
  readonly id: string;
  readonly media: Readonly<Partial<Record<MediaKind, StoredMedia>>>;
  readonly staged: readonly Staged[];
  readonly end: End;
  /** Its end shows only when its URLs have been fetched. */
  readonly waits: boolean;
}

interface Placed {
  readonly body: JsonObject;
  readonly input?: StoredInput;
  readonly waits?: boolean;
}

const duplicateId: End = { code: statusCodes.inputInvalidArgument, details: 'Input has a duplicate ID.' };

// Source: the proto's comment on SUFFIX
const numberedSuffixes = 9;
const maxIdLength = 48;

const complaints: readonly { readonly holds: (given: GivenInput) => boolean; readonly end: End }[] = [
  { holds: ({ media }) => media.length === 0 || media.some(isEmpty), end: invalid('Input has no url and no bytes') },
  { holds: ({ media }) => media.some(isDouble), end: invalid('Input has both url and bytes') },
  { holds: ({ media }) => media.some(hasBadUrl), end: { code: statusCodes.inputInvalidUrl } },
  { holds: ({ notes }) => !areNotesValid(notes), end: invalid('A concept or geo point is out of range') },
];

/** POST /inputs: all that can be stored is, in the order of the request and in one transaction. */
export async function addInputs(service: Service, call: Call): Promise<Answer> {
  const { inputs, jobId, suffix } = addBody(call.body);
  const drafts = await Promise.all(inputs.map((given) => draftOf(service, given)));
  try {
    const placed = service.store.write(() => {
      const seen = new Set<string>();
      return drafts.map((draft) => place(service, call, { draft, suffix, seen }));
    });
    const added = placed.flatMap(({ input }) => input ?? []);
    for (const { input, waits } of placed) if (input !== undefined && waits) service.fetch?.(input);
    const bodies = placed.map(({ body }) => body);
    const answer = outcomeAnswer(bodies, bodies.length - added.length, 'All inputs successfully added');
    const job = jobId === undefined ? {} : { inputs_add_job: { id: jobId, progress: {} } };
    return { ...answer, fields: { ...answer.fields, ...job } };
  } finally {
    await Promise.all(drafts.flatMap(({ staged }) => staged.map((medium) => medium.discard())));
  }
}

async function draftOf({ vault, faults, fetch }: Service, given: GivenInput): Promise<Draft> {
  const id = given.id ?? newId();
  const looked = await Promise.all(given.media.map((medium) => look(vault, medium)));
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

interface Looked {
  readonly kind: MediaKind;
  readonly medium: StoredMedia;
  readonly end: End;
  readonly staged?: Staged;
}

async function look(vault: Service['vault'], { kind, url, bytes }: GivenMedia): Promise<Looked> {
  if (bytes === undefined)
    return { kind, medium: url === undefined ? {} : { url }, end: { code: statusCodes.inputOk } };
  const { end, contentType, info } = examine(kind, bytes);
  const staged = await vault.stage(bytes);
  const medium = { hosted: { hash: staged.hash, contentType }, ...(info && { info }) };
  return { kind, medium, end, staged };
}

interface Placing {
  readonly draft: Draft;
  readonly suffix: boolean;
  /** Ids that this request has had so far. */
  readonly seen: Set<string>;
}

function place(service: Service, call: Call, { draft, suffix, seen }: Placing): Placed {
  const { store, indexMs } = service;
  const problem = complaintOn(draft.given) ?? (seen.has(draft.id) ? duplicateId : undefined);
  seen.add(draft.id);
  const id = suffix ? freeId(store, call.app, draft.id) : draft.id;
  const refusal = problem ?? clash(store, call.app, id, draft.given);
  if (refusal !== undefined) return { body: refusedBody(draft.id, echo(draft.given, call.app), refusal) };
  for (const medium of draft.staged) medium.keep();
  const input = store.add({
    ...(draft.waits
      ? { ...lifeFrom(call.now, indexMs, unfetched), doneMs: call.now + fetchDeadlineMs }
      : lifeFrom(call.now, indexMs, draft.end)),
    app: call.app,
    id,
    media: draft.media,
    notes: draft.given.notes,
    createdMs: call.now,
    modifiedMs: call.now,
  });
  return { body: inputBody(input, call, { code: statusCodes.inputPending }), input, waits: draft.waits };
}

function complaintOn(given: GivenInput): End | undefined {
  return complaints.find(({ holds }) => holds(given))?.end;
}

function clash(store: Store, app: App, id: string, { media }: GivenInput): End | undefined {
  if (store.find(app, id) !== undefined) return duplicateId;
  const isTaken = ({ url, duplicateUrlAllowed }: GivenMedia): boolean =>
    url !== undefined && !duplicateUrlAllowed && store.hasUrl(app, url);
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

function echo({ media, notes }: GivenInput, app: App): JsonObject {
  return { ...Object.fromEntries(media.map(({ kind, url }) => [kind, present({ url })])), ...notesBody(notes, app) };
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
