import { pMapIterable, pMapSkip } from 'p-map';
import { UsageError } from '../../errors.js';
import { IdRegistry, type IdOwner } from '../ids/id-registry.js';
import type { NewInput } from '../../api/new-input.js';
import type { Candidate, Draft, Final, Step } from '../model/steps.js';
import type { FileTracker } from '../sources/file-tracker.js';
import { withLocation } from '../sources/draft-steps.js';
import { isValidId, type IdSource } from '../ids/id-rules.js';
import { hashId, idOf } from '../ids/make-id.js';
import { collectPayload, type PayloadSources } from '../sources/payload-layers.js';
import { cancelAborted, inspectInThread } from '../files/inspector.js';
import { kindOfName } from '../files/formats.js';
import { overLimit, type Inspection, type RejectedFile } from '../files/inspect-file.js';
import { finalStep, recordStatus, type LocalStatus } from '../model/status-catalog.js';
import { statusCodes } from '../../wire/status.js';

export interface Identification extends PayloadSources {
  readonly idFrom: IdSource;
  readonly allowDuplicateUrl: boolean;
  /** Media in a folder that can't be added is passed over, not failed. */
  readonly skipUnsupported: boolean;
  /** Set while sources are watched, so that one may come again. */
  readonly watch?: WatchedFiles | undefined;
}

interface WatchedFiles {
  /** What is not as it was when it was taken comes again. */
  readonly files: Pick<FileTracker, 'isStale' | 'release'>;
  /** What to do with a file that changed and kept its id. */
  readonly onChange: 'replace' | 'warn';
}

/** Sources that are looked at before the first of them goes on: enough that the thread that looks is never idle. */
const inspectionConcurrency = 128;

/**
 * Looks at each draft: is it sound, and which id has it? The second of two with one id goes no further. Once the run
 * stops, what is still being looked at does not count as read: 128 videos would take minutes.
 */
export async function* inspectFiles(
  steps: AsyncIterable<Step>,
  options: Identification,
  { claims = new IdRegistry(), signal }: InspectOptions = {},
): AsyncGenerator<Step> {
  const look = (step: Step): Step | Promise<Step | typeof pMapSkip> =>
    step.at === 'draft' ? skipIfAborted(identifyUnlessStale(step.draft, options, signal), signal) : step;
  signal?.addEventListener('abort', cancelAborted, { once: true });
  try {
    for await (const step of pMapIterable(steps, look, { concurrency: inspectionConcurrency })) {
      const checked = rejectDuplicateId(step, options, claims);
      if (checked !== undefined) yield checked;
    }
  } finally {
    signal?.removeEventListener('abort', cancelAborted);
  }
}

interface InspectOptions {
  readonly claims?: IdRegistry;
  /** Aborted when the run stops. */
  readonly signal?: AbortSignal;
}

function skipIfAborted(
  looking: Step | Promise<Step | typeof pMapSkip>,
  signal: AbortSignal | undefined,
): Step | Promise<Step | typeof pMapSkip> {
  if (!(looking instanceof Promise)) return looking;
  return looking.catch((error: unknown) => {
    if (signal?.aborted !== true) throw error;
    return pMapSkip;
  });
}

/** Passes over a watched file that is not what was taken: a run that was held up may come to it late. */
function identifyUnlessStale(
  draft: Draft,
  options: Identification,
  signal?: AbortSignal,
): Step | Promise<Step | typeof pMapSkip> {
  const { watch } = options;
  const step = identify(draft, options, signal);
  if (watch === undefined) return step;
  return Promise.resolve(step).then(async (identified) => ((await watch.files.isStale(draft)) ? pMapSkip : identified));
}

/** Looks at one draft, of a file or a URL. May reject once `signal` is aborted. */
export function identify(draft: Draft, options: Identification, signal?: AbortSignal): Step | Promise<Step> {
  if (draft.id !== undefined && !isValidId(draft.id)) {
    return failedStep(draft, statusCodes.inputInvalidRequest, `id '${draft.id}' is not 1 to 48 of A-Z a-z 0-9 _ -`);
  }
  const { media } = draft;
  switch (media.at) {
    case 'url':
      return identifyUrl(draft, media, options);
    case 'hosted':
      return identifyUrl(draft, { url: media.url }, options);
    case 'text':
      return identifyText(draft, media.text, options);
    case 'file':
      return identifyFile(draft, media.path, options, signal);
  }
}

function identifyUrl(
  draft: Draft,
  { url, allowDuplicate = false }: { readonly url: string; readonly allowDuplicate?: boolean | undefined },
  options: Identification,
): Step {
  if (!URL.canParse(url)) return failedStep(draft, statusCodes.inputInvalidUrl, 'not a URL');
  const kind = draft.kind ?? kindOfName(new URL(url).pathname) ?? 'image';
  const id = idOf(draft, options.idFrom, options.cwd, hashId(url));
  const content = { at: 'url', url, allowDuplicate: options.allowDuplicateUrl || allowDuplicate } as const;
  return candidateStep(draft, { id, kind, content, sizeBytes: 0 }, options);
}

function identifyText(draft: Draft, text: string, options: Identification): Step {
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes === 0) return failedStep(draft, statusCodes.inputInvalidArgument, 'empty');
  const excess = overLimit('text', sizeBytes);
  if (excess !== undefined) return failedStep(draft, statusCodes.inputOverLimit, excess);
  const id = idOf(draft, options.idFrom, options.cwd, hashId(text));
  return candidateStep(draft, { id, kind: 'text', content: { at: 'text', text }, sizeBytes }, options);
}

async function identifyFile(
  draft: Draft,
  path: string,
  options: Identification,
  signal: AbortSignal | undefined,
): Promise<Step> {
  const { found } = draft;
  const hash = draft.id === undefined && options.idFrom === 'hash';
  // of what lies in a folder a kind is asked for to choose, not to overrule what the files are
  const asked: Pick<Inspection, 'kind' | 'wanted'> = found
    ? { kind: undefined, wanted: draft.kind ?? 'media' }
    : { kind: draft.kind };
  const file = await inspectInThread(path, { ...asked, hash }, signal);
  if (file.verdict === 'skipped') return { at: 'skipped', source: draft.source, reason: file.reason };
  if (file.verdict === 'rejected') return rejectedStep(draft, file, options);
  const id = idOf(draft, options.idFrom, options.cwd, file.sha256.slice(0, 32));
  const { kind: seen, content } = file;
  return candidateStep(draft, { id, kind: seen, content, sizeBytes: content.sizeBytes }, options);
}

function rejectedStep(draft: Draft, { code, reason, isUnsuitable }: RejectedFile, options: Identification): Step {
  if (draft.found && isUnsuitable && options.skipUnsupported) {
    return { at: 'skipped', source: draft.source, reason: 'unsupported', detail: reason };
  }
  return failedStep(draft, code ?? 'UNREADABLE', reason);
}

type CandidateStep = Step & { readonly at: 'candidate' };

/** A source that is sound, with all that is to be sent with it. */
function candidateStep(
  draft: Draft,
  { sizeBytes, ...media }: Pick<NewInput, 'id' | 'kind' | 'content'> & Pick<Candidate, 'sizeBytes'>,
  layers: PayloadSources,
): CandidateStep | Final {
  try {
    const { id, kind, content } = media;
    const { concepts, metadata, geo, datasetIds, textBeside } = collectPayload(draft, layers);
    if (textBeside !== undefined && kind !== 'image')
      throw new UsageError(`is ${kind}, and only an image can have a text beside it`);
    // spelled out: copying whatever is there takes five times as long
    const input = { id, kind, content, concepts, metadata, geo, datasetIds, textBeside };
    return { at: 'candidate', candidate: { source: draft.source, draft, input, sizeBytes } };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return failedStep(draft, 'UNREADABLE', error.message);
  }
}

/**
 * A source with the id that it has for itself; the end of one whose id another had before. Undefined for one that
 * comes again as it was.
 */
export function rejectDuplicateId(step: Step, options: Identification, claims: IdRegistry): Step | undefined {
  if (step.at !== 'candidate') return step;
  const { source, draft, input } = step.candidate;
  const { id } = input;
  const first = id === undefined ? undefined : claims.claim(id, source, input);
  if (id === undefined || first === undefined) return step;
  if (options.watch !== undefined && first.source === source) return repeatedStep(step, options);
  if (options.idFrom !== 'hash' || draft.id !== undefined) {
    return failedStep(draft, statusCodes.inputInvalidArgument, `has the ID '${id}', as does ${first.source}`, id);
  }
  return duplicateStep(step, id, first);
}

/** The end of a source whose content another had before. */
function duplicateStep({ candidate }: CandidateStep, id: string, first: IdOwner): Final {
  const differs = first.same ? '' : '; its concepts or metadata differ and were not sent';
  const status = recordStatus('DUPLICATE', `same content as ${first.source}${differs}`);
  const duplicate = finalStep({ id, source: candidate.source }, 'duplicate', status);
  if (first.same) return duplicate;
  return { ...duplicate, annotationsIgnored: true, duplicate: { candidate, original: first.source } };
}

/** A source that comes again under its own id. An id made from the content tells that only the file's times changed. */
function repeatedStep(step: CandidateStep, { idFrom, watch }: Identification): Step | undefined {
  if (idFrom === 'hash') return undefined;
  return watch?.onChange === 'replace'
    ? step
    : { at: 'notice', notice: 'change-not-sent', source: step.candidate.source };
}

function failedStep(
  draft: Draft,
  code: number | LocalStatus,
  reason: string,
  id: string | null = draft.id ?? null,
): Final {
  const status = recordStatus(code, withLocation(reason, draft.location));
  return { ...finalStep({ id, source: draft.source }, 'failed', status), draft };
}
